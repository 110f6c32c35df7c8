/** @module What the boards of several instances do over one store, whatever its kind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../state/store.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { TaskBoard } from './board.ts';
import type { Next, TaskWork } from './work.ts';

const DONE: Next = { kind: 'completed', result: { content: [] } };

type Steps = (work: TaskWork, answers: Readonly<Record<string, unknown>>) => Next;

/** Opens the store that is tested, for one more instance. */
type OpenStore = () => Promise<Store>;

/** Makes a store without tasks, and gives what opens it. `clock` is that of the boards. */
type NewStore = (clock: VirtualClock) => Promise<OpenStore>;

/** Runs the suite over the stores that `newStore` makes; `tags` name the programs that they need. */
export function describeBoard(name: string, newStore: NewStore, tags: readonly string[] = []): void {
  describe(`the tasks of instances with one ${name} store`, { tags: [...tags] }, () => {
    let clock: VirtualClock;
    let open: OpenStore;
    /** What the boards have asked their stores for and not been answered. */
    let pending: Set<Promise<unknown>>;
    let opened: Store[];

    beforeEach(async () => {
      clock = new VirtualClock();
      pending = new Set();
      opened = [];
      open = await newStore(clock);
    });
    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
    });

    const counted = <Value>(answer: Promise<Value>): Promise<Value> => {
      pending.add(answer);
      void answer.catch(() => undefined).finally(() => pending.delete(answer));
      return answer;
    };

    const openCounted = async (): Promise<Store> => {
      const store = await open();
      opened.push(store);
      return {
        get: (...asked) => counted(store.get(...asked)),
        set: (...asked) => counted(store.set(...asked)),
        replace: (...asked) => counted(store.replace(...asked)),
        remove: (...asked) => counted(store.remove(...asked)),
        close: () => store.close(),
      };
    };

    /** The board of another instance, which does `next` after each stretch of work. */
    const board = (next: Steps = () => DONE): TaskBoard =>
      new TaskBoard({
        store: openCounted,
        ttlMs: 10_000,
        pollIntervalMs: 100,
        steps: new Map([['tool', { next }]]),
        now: () => clock.now() / 1000,
        after: (us, wake) => clock.at(clock.now() + us, wake),
      });

    /** Once all that has been begun is done, also what follows from an answer of the store. */
    const settled = async (): Promise<void> => {
      do {
        await Promise.allSettled(pending);
        await new Promise((resolve) => setImmediate(resolve));
      } while (pending.size > 0);
    };

    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms * 1000);
      await settled();
    };

    it('are known to every instance as soon as they are created', async () => {
      const [one, other] = [board(), board()];
      const { taskId } = await one.create('tool', { workMs: 500 }, 'me');
      expect(await other.get(taskId, 'me')).toMatchObject({ status: 'working', pollIntervalMs: 100 });
      await pass(499);
      expect((await other.get(taskId, 'me'))?.status).toBe('working');
      await pass(1);
      expect(await other.get(taskId, 'me')).toMatchObject({ status: 'completed', updatedAtMs: 500 });
    });

    it('are nobody else’s', async () => {
      const one = board();
      const { taskId } = await one.create('tool', { workMs: 500 }, 'me');
      expect(await one.get(taskId, 'you')).toBeUndefined();
      expect(await one.cancel(taskId, 'you')).toBe(false);
      expect(await one.update(taskId, 'you', {})).toBe(false);
      expect((await one.get(taskId, 'me'))?.status).toBe('working');
    });

    it('are kept to the last moment of their time, and not longer', async () => {
      const one = board();
      const { taskId } = await one.create('tool', { workMs: 1 }, '');
      await pass(10_000);
      expect(await one.get(taskId, '')).toBeDefined();
      clock.advance(1);
      expect(await one.get(taskId, '')).toBeUndefined();
    });

    it('go on where their answer arrives', async () => {
      const steps: Steps = (_, { a }) => (a === undefined ? { kind: 'ask', requests: { a: {} } } : DONE);
      const [one, other] = [board(steps), board(steps)];
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

    it('take each of two answers that are given to two instances at once', async () => {
      const ask: Next = { kind: 'ask', requests: { a: {}, b: {} } };
      const steps: Steps = (_, { a, b }) => (a === undefined || b === undefined ? ask : DONE);
      const [one, other] = [board(steps), board(steps)];
      const { taskId } = await one.create('tool', { workMs: 100 }, '');
      await pass(100);
      await Promise.all([one.update(taskId, '', { a: 1 }), other.update(taskId, '', { b: 2 })]);
      expect(await one.get(taskId, '')).toMatchObject({ status: 'working', answers: { a: 1, b: 2 } });
      await pass(100);
      expect((await other.get(taskId, ''))?.status).toBe('completed');
    });

    it('stay cancelled when their work ends later', async () => {
      const [one, other] = [board(), board()];
      const { taskId } = await one.create('tool', { workMs: 100 }, '');
      await pass(50);
      await other.cancel(taskId, '');
      await pass(100);
      expect(await one.get(taskId, '')).toMatchObject({ status: 'cancelled', updatedAtMs: 50 });
    });

    it('tell who watches them, also at another instance', async () => {
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
}
