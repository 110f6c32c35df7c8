import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { systemClock } from '../../units/clock.ts';
import { watchHealth } from './health.ts';

/** Keeps the event loop from turning. */
function holdUp(us: number): void {
  const until = systemClock.now() + us;
  while (systemClock.now() < until);
}

it('the event loop delay is how long a timer is held up', async () => {
  const watch = watchHealth(() => systemClock.now());
  watch.begin();
  // So that the timer of the watch is set while the loop is held up.
  await pause(30);
  holdUp(60_000);
  await pause(30);
  // It fires every 20 ms, so it was due 40 ms before the end of this at the latest.
  const { eventLoopDelayP99Us, longestStopUs } = watch.end();
  expect(eventLoopDelayP99Us).toBeGreaterThan(35_000);
  expect(longestStopUs).toBeGreaterThan(35_000);
});

it.runIf(process.platform === 'linux')('a thread that has work runs or waits for a core', () => {
  const watch = watchHealth(() => systemClock.now());
  watch.begin();
  holdUp(200_000);
  const { cpu, coreWait } = watch.end();
  expect(cpu).toBeGreaterThan(0);
  expect(cpu + coreWait).toBeGreaterThan(0.8);
  expect(cpu + coreWait).toBeLessThan(1.2);
});
