/** @module What every store does, whatever its kind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Millis } from '../units/time.ts';
import type { Store } from './store.ts';

/** A store to be tested, empty at first. */
export interface StoreBed {
  readonly store: Store;
  /** Lets so much time pass for the store. */
  pass(ms: Millis): Promise<void>;
  /** Removes what the test has made. */
  stop?(): Promise<void>;
}

const LONG = 60_000;

/** Runs the suite over the stores that `start` makes; `tags` name the programs that they need. */
export function describeStore(
  name: string,
  start: () => Promise<StoreBed>,
  tags: readonly string[] = [],
): void {
  describe(`${name} store`, { tags: [...tags] }, () => {
    let bed: StoreBed;
    beforeEach(async () => {
      bed = await start();
    });
    afterEach(async () => {
      await bed.store.close();
      await bed.stop?.();
    });

    it('has what was set, and nothing else', async () => {
      const { store } = bed;
      await store.set('a', '{"n":1}', LONG);
      await store.set('a', '{"n":2}', LONG);
      expect([await store.get('a'), await store.get('b')]).toEqual(['{"n":2}', undefined]);
    });

    it('keeps text of any kind', async () => {
      const text = `"ü\u0000\n😀" ${'x'.repeat(100_000)}`;
      await bed.store.set('clé/ 😀', text, LONG);
      expect(await bed.store.get('clé/ 😀')).toBe(text);
    });

    it('forgets a value when its time is over', async () => {
      const { store } = bed;
      await store.set('short', 'a', 50);
      await store.set('long', 'b', LONG);
      await bed.pass(80);
      expect([await store.get('short'), await store.get('long')]).toEqual([undefined, 'b']);
      expect(await store.replace('short', undefined, 'c', LONG)).toBe(true);
    });

    it('replaces only what is as expected', async () => {
      const { store } = bed;
      expect(await store.replace('a', 'x', 'y', LONG)).toBe(false);
      expect(await store.replace('a', undefined, '1', LONG)).toBe(true);
      expect(await store.replace('a', undefined, '2', LONG)).toBe(false);
      expect(await store.replace('a', '1', '2', LONG)).toBe(true);
      expect(await store.get('a')).toBe('2');
    });

    it('lets one of many that replace at once be first', async () => {
      const tries = Array.from({ length: 20 }, (_, n) => bed.store.replace('a', undefined, `${n}`, LONG));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    it('says whether there was something to remove', async () => {
      const { store } = bed;
      await store.set('a', '1', LONG);
      expect([await store.remove('a'), await store.remove('a'), await store.get('a')]).toEqual([
        true,
        false,
        undefined,
      ]);
    });
  });
}
