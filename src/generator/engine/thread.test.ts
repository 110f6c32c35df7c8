import { availableParallelism } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { startThread, startThreadAhead } from './thread.ts';

it('a thread that is started ahead is the one that is asked for next', async () => {
  let started = 0;
  const count = (): void => {
    started += 1;
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  startThreadAhead();
  startThreadAhead();
  await turn();
  expect(started).toBe(availableParallelism() > 1 ? 1 : 0);
  const first = startThread();
  await turn();
  expect(started).toBe(1);
  const second = startThread();
  await turn();
  expect(started).toBe(2);
  expect(first).not.toBe(second);
  await Promise.all([first.end(), second.end()]);
});
