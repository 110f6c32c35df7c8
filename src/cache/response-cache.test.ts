import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheableResult, type CacheScope, hintsOf } from '../protocol/caching/hints.ts';
import { CACHEABLE_METHODS, type CacheableMethod, LIST_METHODS } from '../protocol/caching/methods.ts';
import { randomAt } from '../units/random.ts';
import { keyOf } from './key.ts';
import { type MissReason, ResponseCache, type ResponseCacheOptions } from './response-cache.ts';

type Result = Pick<CacheableResult, 'isComplete' | 'hints'>;

const answerWith = (ttlMs: unknown, cacheScope: unknown = 'private', isComplete = true): Result => ({
  isComplete,
  hints: hintsOf(ttlMs, cacheScope),
});

/** Keeps an answer that nothing has happened to while it was under way. */
function keep<Value>(
  cache: ResponseCache<Value>,
  key: string,
  context: string,
  value: Value,
  result: Result,
  nowUs: number,
): boolean {
  return cache.keep(key, context, { value, result, stamp: cache.stampOf(key) }, nowUs);
}

const valueIn = (found: { readonly value: unknown } | MissReason): unknown =>
  typeof found === 'string' ? found : found.value;

describe('a cache of responses', () => {
  it('gives what is fresh, and why nothing is', () => {
    const cache = new ResponseCache<string>({ capacity: 2 });
    const at = (key: string, nowUs: number, context = 'a'): unknown =>
      valueIn(cache.find(key, context, nowUs));
    expect(at('tools/list', 0)).toBe('cold');
    keep(cache, 'tools/list', 'a', 'x', answerWith(1), 0);
    expect([at('tools/list', 999), at('tools/list', 1000), at('tools/list', 999, 'b')]).toEqual([
      'x',
      'expired',
      'cold',
    ]);
    keep(cache, 'tools/list', 'a', 'x', answerWith(1), 2000);
    cache.invalidate(['tools/list'], 2100);
    expect(at('tools/list', 2100)).toBe('invalidated');
    keep(cache, 'tools/list', 'a', 'x', answerWith(0), 2200);
    expect(at('tools/list', 2200)).toBe('not-kept');
    for (const key of ['resources/read 1', 'resources/read 2', 'resources/read 3'])
      keep(cache, key, 'a', key, answerWith(1000), 3000);
    expect(at('resources/read 1', 3000)).toBe('evicted');
    expect([cache.size, cache.evicted, cache.invalidated]).toEqual([2, 1, 1]);
    cache.clear();
    expect([cache.size, at('resources/read 3', 3000)]).toEqual([0, 'cold']);
  });

  it('keeps what is public for all, and what is private for its context', () => {
    const cache = new ResponseCache<string>();
    keep(cache, 'tools/list', 'a', 'of a', answerWith(10), 0);
    keep(cache, 'prompts/list', 'a', 'of all', answerWith(10, 'public'), 0);
    const found = (key: string, context: string) => valueIn(cache.find(key, context, 1));
    expect(['a', 'b', ''].map((context) => found('tools/list', context))).toEqual(['of a', 'cold', 'cold']);
    expect(['a', 'b', ''].map((context) => found('prompts/list', context))).toEqual([
      'of all',
      'of all',
      'of all',
    ]);
  });

  it('gives a result that has become private to nobody else any longer', () => {
    const cache = new ResponseCache<string>();
    keep(cache, 'tools/list', 'a', 'of all', answerWith(10, 'public'), 0);
    keep(cache, 'tools/list', 'a', 'of a', answerWith(10), 1);
    expect([valueIn(cache.find('tools/list', 'a', 2)), valueIn(cache.find('tools/list', 'b', 2))]).toEqual([
      'of a',
      'cold',
    ]);
  });

  it('does not keep an answer that was under way when its key became stale', () => {
    for (const make of [
      (cache: ResponseCache<string>) => cache.invalidate(['resources/read'], 5),
      (cache: ResponseCache<string>) => cache.invalidateKey('resources/read x', 5),
    ]) {
      const cache = new ResponseCache<string>();
      const [stamp, other] = [cache.stampOf('resources/read x'), cache.stampOf('tools/list')];
      make(cache);
      const result = answerWith(1000);
      expect(cache.keep('resources/read x', '', { value: 'old', result, stamp }, 10)).toBe(false);
      expect(cache.find('resources/read x', '', 10)).toBe('invalidated');
      expect(cache.keep('tools/list', '', { value: 'x', result, stamp: other }, 10)).toBe(true);
    }
  });

  it('gives an entry in place of a failure for so long after its end, however it ended', () => {
    const cache = new ResponseCache<string>({ staleIfErrorUs: 100 });
    keep(cache, 'tools/list', 'a', 'x', answerWith(1), 0);
    expect(cache.spare('tools/list', 'a', 1099)?.value).toBe('x');
    expect(cache.spare('tools/list', 'a', 1100)).toBeUndefined();
    expect(cache.spare('tools/list', 'b', 1050)).toBeUndefined();
    keep(cache, 'tools/list', 'a', 'y', answerWith(1000), 2000);
    cache.invalidate(['tools/list'], 2500);
    expect(cache.spare('tools/list', 'a', 2599)?.value).toBe('y');
    expect(cache.spare('tools/list', 'a', 2600)).toBeUndefined();
    expect(new ResponseCache().spare('tools/list', 'a', 0)).toBeUndefined();
  });

  it('drops the pages of one list, for the caller and for all', () => {
    const cache = new ResponseCache<string>();
    for (const key of ['tools/list', 'tools/list ', 'tools/list c', 'prompts/list c'])
      for (const context of ['a', 'b']) keep(cache, key, context, key, answerWith(10), 0);
    keep(cache, 'tools/list d', 'b', 'for all', answerWith(10, 'public'), 0);
    cache.dropPages('tools/list', 'a');
    const fresh = (context: string): readonly string[] =>
      ['tools/list', 'tools/list ', 'tools/list c', 'tools/list d', 'prompts/list c'].filter(
        (key) => typeof cache.find(key, context, 1) !== 'string',
      );
    expect(fresh('a')).toEqual(['prompts/list c']);
    expect(fresh('b')).toEqual(['tools/list', 'tools/list ', 'tools/list c', 'prompts/list c']);
  });

  it('does not grow with entries that have ended', () => {
    const cache = new ResponseCache<number>({ staleIfErrorUs: 5 });
    for (let i = 0; i < 100_000; i += 1) keep(cache, `tools/list ${i}`, 'a', i, answerWith(1), i * 500);
    expect(cache.size).toBeLessThan(200);
  });

  it('shortens lifetimes by jitter, evenly up to its share', () => {
    const cache = new ResponseCache<number>({ jitter: 0.1, random: randomAt(1, 'cache') });
    const ends: number[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      keep(cache, `tools/list ${i}`, 'a', i, answerWith(1000), 0);
      const found = cache.find(`tools/list ${i}`, 'a', 0);
      if (typeof found !== 'string') ends.push(found.endUs);
    }
    expect(ends).toHaveLength(10_000);
    expect(Math.max(...ends)).toBeLessThanOrEqual(1e6);
    expect(Math.min(...ends)).toBeGreaterThanOrEqual(0.9e6);
    expect(ends.reduce((sum, end) => sum + end, 0) / ends.length).toBeCloseTo(0.95e6, -4);
  });
});

/** One step of a history. */
type Step =
  | {
      readonly kind: 'ask';
      readonly key: string;
      readonly context: string;
      readonly result: Result;
      readonly delay: number;
    }
  | { readonly kind: 'invalidate'; readonly method: CacheableMethod }
  | { readonly kind: 'update'; readonly uri: string }
  | { readonly kind: 'drop'; readonly method: CacheableMethod; readonly context: string }
  | { readonly kind: 'wait'; readonly us: number };

const CONTEXTS = ['a', 'b', 'c', ''];
const KEYS = [
  ...CACHEABLE_METHODS.filter((method) => method !== 'resources/read').map((method) => keyOf(method)),
  ...LIST_METHODS.flatMap((method) => ['', 'c1', 'c2'].map((cursor) => keyOf(method, cursor))),
  ...['x://1', 'x://2'].map((uri) => keyOf('resources/read', uri)),
];
const ANSWER = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 3, 5, 8, -1, 0.5, '3', undefined),
    fc.constantFrom('public', 'private', 'private', undefined),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([ttlMs, scope, luck]) => answerWith(ttlMs, scope, luck > 0));
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      key: fc.constantFrom(...KEYS.slice(0, 6), ...KEYS),
      context: fc.constantFrom(...CONTEXTS),
      result: ANSWER,
      delay: fc.nat(900),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('invalidate' as const),
      method: fc.constantFrom(...CACHEABLE_METHODS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('update' as const), uri: fc.constantFrom('x://1', 'x://2') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('drop' as const),
      method: fc.constantFrom(...LIST_METHODS),
      context: fc.constantFrom(...CONTEXTS),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), us: fc.nat(4000) }) },
);

/** What the origin answered: for whom, to what, when, and for how long it may be given. */
interface Origin {
  readonly id: number;
  readonly key: string;
  readonly context: string;
  readonly scope: CacheScope;
  readonly receivedUs: number;
  readonly endUs: number;
  readonly mayBeKept: boolean;
}

/** The rules again, as a search through everything that the origin ever answered. */
class NaiveModel {
  #answers: (Origin & { endedUs: number })[] = [];

  answered(origin: Origin): void {
    const isReplaced = (one: Origin): boolean =>
      one.key === origin.key && (one.context === origin.context || one.scope === 'public');
    this.#answers = this.#answers.filter((one) => !isReplaced(one));
    if (origin.mayBeKept) this.#answers.push({ ...origin, endedUs: origin.endUs });
  }

  end(concerns: (one: Origin) => boolean, nowUs: number): void {
    for (const one of this.#answers) if (concerns(one)) one.endedUs = Math.min(one.endedUs, nowUs);
  }

  find(key: string, context: string, nowUs: number): number | undefined {
    const fresh = this.#answers.filter(
      (one) => one.key === key && (one.scope === 'public' || one.context === context) && nowUs < one.endedUs,
    );
    return (fresh.find((one) => one.scope === 'private') ?? fresh[0])?.id;
  }
}

const methodOf = (key: string): string => key.split(' ')[0]!;

/** Plays a history, and calls `onHit` with every answer that is given again. Each lookup is compared with the model, unless a limit of entries makes them differ. */
function play(
  steps: readonly Step[],
  options: ResponseCacheOptions,
  onHit: (origin: Origin, key: string, context: string, nowUs: number) => void,
): void {
  const cache = new ResponseCache<Origin>(options);
  const model = options.capacity === undefined && options.jitter === undefined ? new NaiveModel() : undefined;
  let nowUs = 0;
  let id = 0;
  for (const step of steps) {
    switch (step.kind) {
      case 'wait':
        nowUs += step.us;
        break;
      case 'invalidate':
        cache.invalidate([step.method], nowUs);
        model?.end(({ key }) => methodOf(key) === step.method, nowUs);
        break;
      case 'update': {
        const updated = keyOf('resources/read', step.uri);
        cache.invalidateKey(updated, nowUs);
        model?.end(({ key }) => key === updated, nowUs);
        break;
      }
      case 'drop':
        cache.dropPages(step.method, step.context);
        model?.end(
          ({ key, scope, context }) =>
            methodOf(key) === step.method && (scope === 'public' || context === step.context),
          nowUs,
        );
        break;
      case 'ask': {
        const { key, context, result } = step;
        const found = cache.find(key, context, nowUs);
        if (model !== undefined)
          expect(typeof found === 'string' ? undefined : found.value.id).toBe(
            model.find(key, context, nowUs),
          );
        if (typeof found !== 'string') {
          onHit(found.value, key, context, nowUs);
          break;
        }
        const stamp = cache.stampOf(key);
        nowUs += step.delay;
        id += 1;
        const { ttlMs, scope } = result.hints;
        const endUs = nowUs + ttlMs * 1000;
        const mayBeKept = result.isComplete && ttlMs > 0;
        const value = { id, key, context, scope, receivedUs: nowUs, endUs, mayBeKept };
        expect(cache.keep(key, context, { value, result, stamp }, nowUs)).toBe(mayBeKept);
        model?.answered(value);
      }
    }
  }
}

const HISTORY = fc.array(STEP, { minLength: 50, maxLength: 400, size: 'max' });

describe('in any history', () => {
  it('a cache does as a search through all answers would', () => {
    let hits = 0;
    fc.assert(
      fc.property(HISTORY, (steps) =>
        play(steps, {}, () => {
          hits += 1;
        }),
      ),
      { numRuns: 300 },
    );
    expect(hits).toBeGreaterThan(1000);
  });

  it.each<[string, ResponseCacheOptions]>([
    ['without limits', {}],
    ['with few entries', { capacity: 3 }],
    ['with jitter', { jitter: 0.9, random: randomAt(7, 'cache') }],
  ])('nothing is given that may not be (%s)', (_, options) => {
    let hits = 0;
    fc.assert(
      fc.property(HISTORY, (steps) =>
        play(steps, options, (origin, key, context, nowUs) => {
          hits += 1;
          expect(origin.key).toBe(key);
          if (origin.scope === 'private') expect(origin.context).toBe(context);
          expect(nowUs).toBeLessThan(origin.endUs);
          expect(origin.mayBeKept).toBe(true);
        }),
      ),
      { numRuns: 100 },
    );
    expect(hits).toBeGreaterThan(200);
  });

  it('what is private is given to no other context in 10,000 interleavings of callers', () => {
    const random = randomAt(11, 'cache');
    const results = [1, 5, 50].map((ttlMs) => answerWith(ttlMs));
    let [hits, crossed] = [0, 0];
    for (let interleaving = 0; interleaving < 10_000; interleaving += 1) {
      const cache = new ResponseCache<string>(interleaving % 2 === 0 ? {} : { capacity: 4 });
      let nowUs = 0;
      for (let turn = 0; turn < 30; turn += 1) {
        const key = KEYS[random.below(4)]!;
        const context = `token ${random.below(4)}`;
        const found = cache.find(key, context, nowUs);
        if (typeof found === 'string') keep(cache, key, context, context, results[random.below(3)]!, nowUs);
        else {
          hits += 1;
          if (found.value !== context) crossed += 1;
        }
        nowUs += random.below(2000);
      }
    }
    expect(hits).toBeGreaterThan(50_000);
    expect(crossed).toBe(0);
  });

  it('there are never more entries than the limit, and the one used longest ago goes', () => {
    const use = fc.tuple(fc.nat(9), fc.constantFrom(...CONTEXTS));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(use, { maxLength: 200 }), (capacity, uses) => {
        const cache = new ResponseCache<number>({ capacity });
        let order: string[] = [];
        for (const [number, context] of uses) {
          const [key, name] = [`resources/read ${number}`, `${number} ${context}`];
          const found = cache.find(key, context, 0);
          expect(typeof found !== 'string').toBe(order.includes(name));
          if (typeof found === 'string') keep(cache, key, context, number, answerWith(1000), 0);
          order = [...order.filter((each) => each !== name), name].slice(-capacity);
          expect(cache.size).toBe(order.length);
        }
      }),
    );
  });
});
