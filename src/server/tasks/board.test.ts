import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../state/memory-store.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { TaskBoard } from './board.ts';
import type { Next, TaskWork } from './work.ts';

const DONE: Next = { kind: 'completed', result: { content: [] } };

/** Boards of two instances with one store, on a clock. */
function bench(next: (work: TaskWork, answers: Readonly<Record<string, unknown>>) => Next = () => DONE) {
  const clock = new VirtualClock();
  const store = new MemoryStore(clock);
  const board = (): TaskBoard =>
    new TaskBoard({
      store: async () => store,
      ttlMs: 10_000,
      pollIntervalMs: 100,
      steps: new Map([['tool', { next }]]),
      now: () => clock.now() / 1000,
      after: (us, wake) => clock.at(clock.now() + us, wake),
    });
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms * 1000);
    await settled();
  };
  return { clock, store, board, pass };
}

/** Once all that has been begun is done: the store answers in microtasks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the tasks of an instance', () => {
  it('are known to every instance with the same store as soon as they are created', async () => {
    const { board, pass } = bench();
    const [one, other] = [board(), board()];
    const { taskId } = await one.create('tool', { workMs: 500 }, 'me');
    expect(await other.get(taskId, 'me')).toMatchObject({ status: 'working', pollIntervalMs: 100 });
    await pass(499);
    expect((await other.get(taskId, 'me'))?.status).toBe('working');
    await pass(1);
    expect(await other.get(taskId, 'me')).toMatchObject({ status: 'completed', updatedAtMs: 500 });
  });

  it('are nobody else’s', async () => {
    const { board } = bench();
    const one = board();
    const { taskId } = await one.create('tool', { workMs: 500 }, 'me');
    expect(await one.get(taskId, 'you')).toBeUndefined();
    expect(await one.cancel(taskId, 'you')).toBe(false);
    expect(await one.update(taskId, 'you', {})).toBe(false);
    expect((await one.get(taskId, 'me'))?.status).toBe('working');
  });

  it('are kept to the last moment of their time, and not longer', async () => {
    const { board, clock } = bench();
    const one = board();
    const { taskId } = await one.create('tool', { workMs: 1 }, '');
    clock.advance(10_000_000);
    expect(await one.get(taskId, '')).toBeDefined();
    clock.advance(1);
    expect(await one.get(taskId, '')).toBeUndefined();
  });

  it('go on where their answer arrives', async () => {
    const ask: Next = { kind: 'ask', requests: { a: {} } };
    const { board, pass } = bench((_, { a }) => (a === undefined ? ask : DONE));
    const [one, other] = [board(), board()];
    const { taskId } = await one.create('tool', { workMs: 100 }, '');
    await pass(100);
    expect(await one.get(taskId, '')).toMatchObject({ status: 'input_required', asked: { a: {} } });
    expect(await other.update(taskId, '', { b: 1 })).toBe(true);
    expect((await one.get(taskId, ''))?.status).toBe('input_required');
    await other.update(taskId, '', { a: 1 });
    expect((await one.get(taskId, ''))?.status).toBe('working');
    await pass(100);
    expect((await one.get(taskId, ''))?.status).toBe('completed');
  });

  it('stay cancelled when their work ends later', async () => {
    const { board, pass } = bench();
    const [one, other] = [board(), board()];
    const { taskId } = await one.create('tool', { workMs: 100 }, '');
    await pass(50);
    await other.cancel(taskId, '');
    await pass(100);
    expect(await one.get(taskId, '')).toMatchObject({ status: 'cancelled', updatedAtMs: 50 });
  });

  it('tell who watches them, also at another instance', async () => {
    const { board, pass } = bench();
    const [one, other] = [board(), board()];
    const record = await one.create('tool', { workMs: 100 }, '');
    const seen: string[] = [];
    one.watch(record, ({ status }) => seen.push(`one ${status}`));
    const leave = other.watch(record, ({ status }) => seen.push(`other ${status}`));
    for (let step = 0; step < 20; step += 1) await pass(10);
    leave();
    expect(seen).toEqual(['one completed', 'other completed']);
  });
});
