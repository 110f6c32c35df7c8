/** @module Load threads whose loads leave them time to sleep run first, where the system allows it; others do not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { expect, it } from 'vitest';
import { planOf } from '../src/experiment/calibration/load.ts';
import { runLoad } from '../src/generator/engine/engine.ts';
import type { Shape } from '../src/profile/settings.ts';
import { startNullResponder } from '../src/testbed/fleet/null-responder.ts';

/** Whether this process may raise the priority of its threads. */
function mayRaise(): boolean {
  const before = getPriority();
  try {
    setPriority(before - 1);
    setPriority(before);
    return true;
  } catch {
    return false;
  }
}

/** The nice values of all threads of this process that have not ended. Source: man 5 proc, `/proc/pid/stat`, field 19. */
function niceValues(): readonly number[] {
  return readdirSync('/proc/self/task').flatMap((thread) => {
    const file = `/proc/self/task/${thread}/stat`;
    try {
      const stat = readFileSync(file, 'latin1');
      // The name of the thread, in parentheses, is field 2.
      return [Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    } catch (error) {
      if (existsSync(file)) throw error;
      return [];
    }
  });
}

it.runIf(process.platform === 'linux' && mayRaise()).each<[string, Shape, number]>([
  ['sleep get a core first, and the thread of their alarm', { kind: 'rate', perSecond: 100 }, 2],
  ['never sleep do not', { kind: 'rate', perSecond: 5000 }, 0],
  [
    'sleep at times only do not',
    { kind: 'stages', stages: [{ durationUs: 4e5, fromPerSecond: 100, toPerSecond: 5000 }] },
    0,
  ],
  ['run a closed loop do not', { kind: 'closed', concurrency: 1 }, 0],
])('threads that %s', async (_, shape, raised) => {
  const server = await startNullResponder();
  const found: number[] = [];
  try {
    const plan = planOf(server.url, 'wire', shape, { warmupUs: 0, durationUs: 4e5 });
    await runLoad(plan, 1, {
      onProgress: () => {
        found.push(niceValues().filter((nice) => nice === -20).length);
      },
    });
  } finally {
    await server.stop();
  }
  expect(found.length).toBeGreaterThan(0);
  expect(Math.max(...found)).toBe(raised);
});
