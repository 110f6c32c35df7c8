import { describe, expect, it } from 'vitest';
import { latestWhile } from './updates.ts';

/** A task that reports and ends when the test says so. */
function controlled() {
  const control = {
    report: (_: number): void => undefined,
    end: (_: string): void => undefined,
    fail: (_: Error): void => undefined,
  };
  const updates = latestWhile<number, string>((report) => {
    control.report = report;
    return new Promise((resolve, reject) => {
      control.end = resolve;
      control.fail = reject;
    });
  });
  return { control, updates };
}

describe('the latest value while a task runs', () => {
  it('yields each value that is read in time, then returns what the task resolved with', async () => {
    const { control, updates } = controlled();
    const first = updates.next();
    control.report(1);
    expect(await first).toEqual({ done: false, value: 1 });
    const second = updates.next();
    control.report(2);
    expect(await second).toEqual({ done: false, value: 2 });
    const last = updates.next();
    control.end('over');
    expect(await last).toEqual({ done: true, value: 'over' });
  });

  it('skips values that were replaced before they were read', async () => {
    const { control, updates } = controlled();
    const first = updates.next();
    control.report(1);
    await first;
    for (const value of [2, 3, 4]) control.report(value);
    expect(await updates.next()).toEqual({ done: false, value: 4 });
    control.end('over');
    expect(await updates.next()).toEqual({ done: true, value: 'over' });
  });

  it('throws what the task throws', async () => {
    const { control, updates } = controlled();
    const only = updates.next();
    control.fail(new Error('no fleet'));
    await expect(only).rejects.toThrow('no fleet');
  });

  it('waits for the task when the consumer stops early', async () => {
    const { control, updates } = controlled();
    const first = updates.next();
    control.report(1);
    await first;
    let stopped = false;
    const stopping = updates.return('unused').then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    control.end('over');
    await stopping;
    expect(stopped).toBe(true);
  });
});
