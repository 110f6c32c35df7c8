import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { residentBytes } from './resident-memory.ts';

it.runIf(existsSync('/proc/self/status'))('is read of a process that runs, and of no other', () => {
  const own = residentBytes(process.pid)!;
  expect(own).toBeGreaterThan(10e6);
  expect(own).toBeLessThan(process.memoryUsage().rss * 2);
  expect(residentBytes(2 ** 30)).toBeUndefined();
});
