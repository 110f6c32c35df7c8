import { describe, expect, it } from 'vitest';
import { state as measure } from '../../recording/measure/state.ts';
import type { Sample } from '../../recording/sample.ts';
import { state } from './state.ts';

/** The figures of calls whose answers said this in `Server-Timing`. */
function figuresOf(...timings: readonly string[]) {
  const tally = measure.start({ era: 'stateless', keepsState: true })!;
  for (const serverTiming of timings) tally.add!({ serverTiming } as Sample);
  const recording = { measures: { state: tally.counts() } };
  return state.figures(recording as never, undefined as never);
}

describe('the figures of state', () => {
  const four = figuresOf(
    'state;dur=0.010;bytes=40, tool;dur=0.020',
    'state;dur=0.020;bytes=60, tool;dur=0.030',
    'state;dur=0.030;bytes=80, tool;dur=0.040',
    'state;dur=0.002;bytes=20;unknown=1, tool;dur=0.010',
  )!;

  it('are of the calls that used a handle, refused ones too', () => {
    expect(four).toMatchObject({ calls: 4, unknown: 1, unknownShare: 0.25, bytesPerCall: 50 });
    expect(four.time).toMatchObject({ count: 4, maxUs: 30, meanUs: 16 });
  });

  it('have the share of the calls that brought a handle, and bytes and times of those that made one, too', () => {
    const figures = figuresOf(
      'state;dur=0.010;bytes=40;made=1, tool;dur=0.020',
      'state;dur=0.002;bytes=20;unknown=1, tool;dur=0.010',
    )!;
    expect(figures).toMatchObject({
      calls: 1,
      unknown: 1,
      unknownShare: 1,
      bytesPerCall: 30,
      time: { count: 2 },
    });
  });

  it('have no share where every call made its handle', () => {
    const figures = figuresOf('state;dur=0.010;bytes=40;made=1, tool;dur=0.020')!;
    expect(state.schema.parse(figures)).toMatchObject({ calls: 0, unknownShare: 0, bytesPerCall: 40 });
    const share = state.metrics.find(({ name }) => name === 'state_unknown_share')!;
    expect(share.read(figures)).toBeNull();
  });

  it('are what the schema of results takes', () => {
    expect(state.schema.parse(four)).toEqual(four);
  });

  it('say how many handles were refused after a rotation, and how many of stolen ones', () => {
    const tally = measure.start({ era: 'stateless', keepsState: true })!;
    const add = (serverTiming: string, more: Partial<Sample> = {}): void =>
      tally.add!({ outcome: 'ok', serverTiming, ...more } as Sample);
    add('state;dur=0.010;bytes=40;rotated=1');
    for (const outcome of ['tool-error', 'forbidden', 'ok', 'http-error', 'timeout'] as const)
      add('state;dur=0.002;bytes=20', { outcome, stolen: true });
    const figures = state.figures({ measures: { state: tally.counts() } } as never, undefined as never)!;
    expect(state.schema.parse(figures)).toMatchObject({
      calls: 1,
      rotated: { calls: 1, unknown: 0 },
      stolen: { calls: 3, refused: 2 },
    });
    const read = Object.fromEntries(state.metrics.map((one) => [one.name, one.read(figures)]));
    expect(read).toMatchObject({
      state_rotated: 1,
      state_rotated_unknown: 0,
      state_stolen: 3,
      state_stolen_refused: 2,
      state_stolen_allowed: 1,
    });
    expect(state.table!.note([figures])).toMatch(/After a rotation: .* Stolen: /);
    expect(state.table!.note([four])).not.toMatch(/rotation|Stolen/);
  });

  it('are absent where no call used a handle', () => {
    expect(figuresOf('tool;dur=0.020')).toBeUndefined();
    expect(state.figures({ measures: {} } as never, undefined as never)).toBeUndefined();
  });

  it('have each metric, which counts refused calls as bad', () => {
    const read = Object.fromEntries(state.metrics.map((one) => [one.name, one.read(four)]));
    expect(read).toMatchObject({
      state_calls: 4,
      state_unknown: 1,
      state_unknown_share: 0.25,
      state_bytes: 50,
    });
    const share = state.metrics.find(({ name }) => name === 'state_unknown_share')!;
    expect(share.counted!(four)).toEqual({ events: 1, of: 4 });
    expect(share.column).toMatchObject({ isBad: expect.any(Function) });
  });
});
