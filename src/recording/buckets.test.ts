import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_US, type BucketEntry, BucketLog, bucketsP99, mergeBuckets } from './buckets.ts';

const DURATION = 2_000_000;

const ends = fc.array(
  fc.record({
    us: fc.integer({ min: 0, max: DURATION + BUCKET_US }),
    ok: fc.boolean(),
    lost: fc.boolean(),
    handle: fc.constantFrom('taken', 'refused', undefined),
    servedBy: fc.constantFrom('a', 'b', undefined),
    responseUs: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 5_000_000 })),
    worker: fc.integer({ min: 0, max: 2 }),
  }),
);

describe('the finer series', () => {
  it('is the same from several workers, in whatever order calls end, as from one', () => {
    fc.assert(
      fc.property(ends, (all) => {
        const one = new BucketLog(DURATION);
        const shards = [0, 1, 2].map(() => new BucketLog(DURATION));
        for (const { us, worker, ...entry } of all) one.ended(us, entry);
        for (const { us, worker, ...entry } of [...all].reverse()) shards[worker]!.ended(us, entry);
        const merged = mergeBuckets(shards.map((shard) => shard.close(DURATION)));
        expect(merged).toEqual(one.close(DURATION));
      }),
    );
  });

  it('has as many buckets as the measured time, however many calls there are, and no later call', () => {
    const log = new BucketLog(DURATION);
    const entry: BucketEntry = { ok: false, lost: true, servedBy: 'a', responseUs: 10_000 };
    for (const us of [0, 99_999, 100_000, DURATION - 1, DURATION]) log.ended(us, entry);
    const buckets = log.close(DURATION);
    expect(buckets).toHaveLength(20);
    expect(buckets.map(({ errors }) => errors).filter((errors) => errors > 0)).toEqual([2, 1, 1]);
    expect(buckets[0]).toMatchObject({ ok: 0, lost: 2, instances: [['a', 2]] });
    expect(bucketsP99(buckets)! / 10_000).toBeCloseTo(1, 1);
  });

  it('counts the handles that calls brought, and is silent where none did', () => {
    const log = new BucketLog(DURATION);
    const entry: BucketEntry = { ok: true, lost: false, servedBy: 'a', responseUs: 10 };
    for (const handle of ['taken', 'refused', 'taken', undefined] as const)
      log.ended(0, { ...entry, handle });
    log.ended(BUCKET_US, entry);
    const [first, second] = log.close(DURATION);
    expect(first!.handles).toEqual({ calls: 3, refused: 1 });
    expect(second).not.toHaveProperty('handles');
  });
});
