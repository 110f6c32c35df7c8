import { describe, expect, it } from 'vitest';
import { type CompareOptions, compareResults } from './compare-results.ts';
import type { Change, ComparisonDocument } from './document.ts';
import { measuredOf, sideVariant, timed } from './measured.case.ts';
import { reasonOf } from './reasons.ts';
import type { SideVariant } from './sides.ts';

const OPTIONS: CompareOptions = { minEffect: 0.05, acceptsUnlike: false, createdAt: new Date(0) };

const compared = (base: readonly SideVariant[], candidate: readonly SideVariant[]): ComparisonDocument =>
  compareResults(measuredOf(base), measuredOf(candidate), OPTIONS);

const headlineOf = (base: SideVariant, candidate: SideVariant): Change =>
  compared([base], [candidate]).changes.find(({ isHeadline }) => isHeadline)!;

const good = timed([1000, 1010, 990]);
const refused = sideVariant([1, 2, 3].map(() => [{ count: 10, responseUs: 5, outcome: 'refused' }]));
const bound = timed([1000, 1010, 990], {
  generator: { ...good.repetitions[0]!.generator, bound: true },
});

describe('the reason why nothing is decided', () => {
  it.each<[string, SideVariant, SideVariant, string]>([
    [
      'a base with one repetition',
      timed([1000]),
      good,
      'the base has 1 complete repetition of 3: run 2 more of it',
    ],
    ['a candidate with none', good, timed([]), 'the candidate has no complete repetition: run 3 of it'],
    [
      'two on both',
      timed([1, 2]),
      timed([1, 2]),
      'each side has 2 complete repetitions of 3: run 1 more of each',
    ],
    [
      'one and two',
      timed([1]),
      timed([1, 2]),
      'the base has 1 complete repetition of 3: run 2 more of it; the candidate has 2 complete repetitions of 3: run 1 more of it',
    ],
    ['nothing that worked', good, refused, 'in the candidate, not one call ended ok'],
    ['nothing that worked on both', refused, refused, 'on both sides, not one call ended ok'],
    ['a bottleneck', bound, good, 'the generator was the bottleneck in a repetition of the base'],
  ])('names the side: %s', (_, base, candidate, reason) => {
    expect(reasonOf(headlineOf(base, candidate))).toBe(reason);
  });

  it('names the side that has a variant', () => {
    const [a, b] = ['a', 'b'].map((name) => timed([1000, 1010, 990], { name })) as [SideVariant, SideVariant];
    const { changes } = compared([a, b], [a]);
    expect(changes.filter(({ variant }) => variant === 'b').map(reasonOf)).toContain(
      'it was measured in the base only',
    );
  });

  it('of an older file is told without a side', () => {
    expect(reasonOf({ because: 'too-few-repetitions' })).toContain('fewer than 3 repetitions');
    expect(reasonOf({ because: 'nothing-worked' })).toBe('on one side, not one call ended ok');
    expect(reasonOf({ because: null })).toBe('');
  });
});

it('a side that has repetitions has its values, whatever the other lacks', () => {
  expect(headlineOf(good, timed([]))).toMatchObject({ pairs: [], candidate: null, change: null });
  expect(headlineOf(good, timed([])).base).toBeCloseTo(1000, -1);
});

/** The error rates of repetitions of 100 calls each. */
const failing = (counts: readonly number[]): SideVariant =>
  sideVariant(
    counts.map((count) => [
      { count: 100 - count, responseUs: 1000 },
      ...(count === 0 ? [] : [{ count, responseUs: 1000, outcome: 'rpc-error' as const }]),
    ]),
  );

describe('the interval of a difference', () => {
  const errorsOf = (base: readonly number[], candidate: readonly number[]): Change =>
    compared([failing(base)], [failing(candidate)]).changes.find(
      ({ metric }) => metric === 'calls.errorRate',
    )!;

  it.each([
    [
      [0, 2, 1],
      [90, 10, 99],
    ],
    [
      [90, 10, 99],
      [0, 2, 1],
    ],
    [
      [99, 60, 20],
      [10, 99, 50],
    ],
  ])('ends where a share can be: %j and %j', (before, after) => {
    const { base, margin, change, ciLow, ciHigh } = errorsOf(before, after);
    expect(ciLow).toBeGreaterThanOrEqual(Math.min(-base!, -margin));
    expect(ciHigh).toBeLessThanOrEqual(Math.max(1 - base!, margin));
    expect(ciLow).toBeLessThanOrEqual(change!);
    expect(ciHigh).toBeGreaterThanOrEqual(change!);
    expect(ciHigh).toBeGreaterThan(ciLow!);
  });

  it('does not let a rate fall by more than all of it', () => {
    const dead = compared([good], [refused]).changes.find(({ unit }) => unit === 'rate')!;
    expect(dead.scale).toBe('difference');
    expect(dead.ciLow).toBeGreaterThanOrEqual(-dead.base!);
  });
});
