import { describe, expect, it } from 'vitest';
import { TaskTally } from '../../recording/measure/tasks.ts';
import { tasks } from './tasks.ts';

/** Figures of so many tasks, and polls that found them changed, as they were, unknown, and not at all. */
function figuresOf(
  created: number,
  polls: Readonly<Record<'changed' | 'same' | 'unknown' | 'failed', number>>,
) {
  const tally = new TaskTally();
  const times = (count: number, act: () => void): void => Array.from({ length: count }).forEach(act);
  times(created, () => tally.created(1000, true));
  times(polls.changed, () => tally.poll(false, true));
  times(polls.same, () => tally.poll(true, true));
  times(polls.unknown, () => tally.pollFailed(true, true));
  times(polls.failed, () => tally.pollFailed(false, true));
  return tasks.figures({ measures: { tasks: tally.counts() } } as never, undefined as never)!;
}

describe('the figures of tasks', () => {
  it('count polls per task and wasted polls by all polls, also those of a task that the instance does not know', () => {
    const figures = figuresOf(92, { changed: 25, same: 35, unknown: 67, failed: 0 });
    expect(figures).toMatchObject({ pollsPerTask: 127 / 92, wastedShare: 35 / 127, found: 60 / 127 });
  });

  it('have no more wasted polls than polls that found their task, by one basis', () => {
    const { wastedShare, polls, pollsUnknown, pollsFailed } = figuresOf(3, {
      changed: 0,
      same: 2,
      unknown: 1,
      failed: 2,
    });
    expect(wastedShare).toBe(2 / 5);
    expect(wastedShare).toBeLessThanOrEqual(polls / (polls + pollsUnknown + pollsFailed));
  });

  it('have no share without a poll', () => {
    expect(figuresOf(1, { changed: 0, same: 0, unknown: 0, failed: 0 })).toMatchObject({ wastedShare: null });
  });
});
