import { describe, expect, it } from 'vitest';
import { sessions as measure } from '../../recording/measure/sessions.ts';
import type { Sample } from '../../recording/sample.ts';
import { type Sessions, sessions } from './sessions.ts';

const start = () => measure.start({ era: 'sessions', keepsState: true })!;

/** The counts of one worker, whose answers said this in `Server-Timing`. */
function counted(...timings: readonly string[]) {
  const tally = start();
  tally.opened = 1;
  for (const serverTiming of timings)
    (tally as { add?(sample: Sample): void }).add!({ serverTiming } as Sample);
  return tally.counts();
}

const TOTALS = { sent: 10, serviceTime: { totalUs: 1000 } };

const figuresOf = (counts: ReturnType<typeof counted>): Sessions =>
  sessions.figures({ measures: { sessions: counts } } as never, TOTALS as never)!;

describe('what it takes to look sessions up', () => {
  const both = measure.merge([
    counted('read;dur=0.001, session;dur=0.010, tool;dur=0.2', 'session;dur=0.030'),
    counted('session;dur=0.020', 'tool;dur=0.2'),
  ]);

  it('is a distribution over the calls of all workers whose answers say so', () => {
    const { lookUp } = figuresOf(both);
    expect(lookUp).toMatchObject({ count: 3, meanUs: 20, p50Us: 20, maxUs: 30 });
    expect(sessions.schema.parse(figuresOf(both))).toMatchObject({ opened: 2, lookUp: { count: 3 } });
  });

  it('is absent where instances know their sessions themselves, and not looked for where there is no state', () => {
    expect(figuresOf(counted('tool;dur=0.2'))).not.toHaveProperty('lookUp');
    expect(measure.start({ era: 'sessions' })).not.toHaveProperty('add');
    const p50 = sessions.metrics.find(({ name }) => name === 'session_look_up_p50')!;
    expect(p50.read(figuresOf(counted('tool;dur=0.2'))) ?? null).toBeNull();
    expect(p50.read(figuresOf(both))).toBe(20);
  });
});
