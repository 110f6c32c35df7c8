import { describe, expect, it } from 'vitest';
import type { Sample } from '../sample.ts';
import { handleEnd, state } from './state.ts';

const sample = (serverTiming: string | undefined): Sample => ({
  call: 0,
  outcome: 'ok',
  detail: undefined,
  servedBy: '1',
  serverTiming,
  dueUs: 0,
  sentUs: 0,
  doneUs: 0,
});

const counted = (...timings: (string | undefined)[]) => {
  const tally = state.start({ era: 'stateless', keepsState: true })!;
  for (const timing of timings) tally.add!(sample(timing));
  return tally.counts();
};

describe('the measure of state', () => {
  it('counts calls that used a handle, and no others', () => {
    const counts = counted(
      'read;dur=0.010, state;dur=0.012;bytes=44, tool;dur=0.020, total;dur=0.040',
      'read;dur=0.010, state;dur=0.003;bytes=22;unknown=1, tool;dur=0.020, total;dur=0.040',
      'read;dur=0.010, tool;dur=0.020, total;dur=0.040',
      undefined,
    );
    expect(counts).toMatchObject({ calls: 2, bytes: 66, unknown: 1, time: { count: 2, totalUs: 15 } });
  });

  it('counts a call that makes a handle as none that could have it refused', () => {
    const counts = counted(
      'state;dur=0.012;bytes=44;made=1, tool;dur=0.020',
      'state;dur=0.003;bytes=22;unknown=1',
    );
    expect(counts).toMatchObject({ calls: 1, bytes: 66, unknown: 1, time: { count: 2, totalUs: 15 } });
  });

  it('counts calls whose handle an earlier key had signed among the others', () => {
    const counts = counted(
      'state;dur=0.012;bytes=44;rotated=1',
      'state;dur=0.012;bytes=44;rotated=1;unknown=1',
      'state;dur=0.012;bytes=44',
    );
    expect(counts).toMatchObject({ calls: 3, unknown: 1, rotated: 2, rotatedUnknown: 1 });
  });

  it('counts stolen handles apart: those that were answered, and those that were refused', () => {
    const tally = state.start({ era: 'stateless', keepsState: true })!;
    const timing = 'state;dur=0.012;bytes=44';
    const stolen = (outcome: Sample['outcome'], serverTiming = timing): void =>
      tally.add!({ ...sample(serverTiming), outcome, stolen: true });
    stolen('ok');
    stolen('tool-error', `${timing};unknown=1`);
    stolen('forbidden');
    stolen('reset');
    tally.add!(sample(timing));
    expect(tally.counts()).toMatchObject({ calls: 1, unknown: 0, stolen: 3, stolenRefused: 2 });
    expect(handleEnd({ ...sample(timing), stolen: true })).toBeUndefined();
  });

  it.each([
    [undefined, undefined],
    ['tool;dur=0.1', undefined],
    ['state;dur=0.1;bytes=1;made=1', undefined],
    ['state;dur=0.1;bytes=1', 'taken'],
    ['state;dur=0.1;bytes=1;rotated=1;unknown=1', 'refused'],
  ])('says what became of the handle that a call brought: %s', (timing, end) => {
    expect(handleEnd(sample(timing))).toBe(end);
  });

  it('merges as one worker would have counted', () => {
    const [a, b] = ['state;dur=1.5;bytes=10', 'state;dur=0.1;bytes=1;unknown=1'];
    expect(state.merge([counted(a), counted(b)])).toEqual(counted(a, b));
  });

  it('is not counted where the server keeps no state', () => {
    expect(state.start({ era: 'stateless' })).toBeUndefined();
  });
});
