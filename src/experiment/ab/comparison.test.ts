import { describe, expect, it } from 'vitest';
import { headlineSentences } from '../../report/regression/sentences.ts';
import type { ResultDocument, VariantResult } from '../../result/document.ts';
import { resultOf } from '../../result/history/series.case.ts';
import { BOUND, recordingOf, variantOf } from '../../result/summary/result.case.ts';
import { looksUpTo } from '../plan/looks.ts';
import { sequentialPlan } from '../plan/sequential.ts';
import { compareSides } from './comparison.ts';
import { twoSides } from './two-sides.case.ts';

const PROFILE = twoSides('{ rate: 100/s }');

const LABELS = { base: { label: 'a: old', revision: '0123456789' }, candidate: { label: 'b: new' } };

/** A result whose variants a and b answered in these times, with blocks in which the generator of b was the bottleneck. */
function resultWith(
  a: readonly number[],
  b: readonly number[],
  bound: readonly number[] = [],
): ResultDocument {
  const side = (name: string, times: readonly number[]): ResultDocument['variants'][number] => {
    const variant = variantOf(
      name,
      times.map((responseUs) => recordingOf([{ count: 100, responseUs }])),
    );
    const repetitions = variant.repetitions.map((one) =>
      name === 'b' && bound.includes(one.index) ? { ...one, generator: BOUND } : one,
    );
    return { ...variant, settings: { ...variant.settings, overrides: { side: name } }, repetitions };
  };
  const document = resultOf({ responseUs: 1000 }, '2026-01-01T00:00:00.000Z');
  return { ...document, variants: [side('a', a), side('b', b)] };
}

function compared(document: ResultDocument, most = 5) {
  const looks = looksUpTo(most);
  const plan = sequentialPlan({ profile: PROFILE, seed: 1, looks, minEffect: 0.05 });
  const [a, b] = document.variants;
  const standing = plan.standing(a!.repetitions, b!.repetitions);
  return compareSides(document, standing, {
    labels: LABELS,
    file: 'out/result.json',
    looks,
    minEffect: 0.05,
    createdAt: new Date(0),
  });
}

/** In these repetitions, not one call ended ok. */
function withoutOk(variant: VariantResult, indexes: readonly number[]): VariantResult {
  const repetitions = variant.repetitions.map((one) =>
    indexes.includes(one.index) ? { ...one, calls: { ...one.calls, ok: 0 } } : one,
  );
  return { ...variant, repetitions };
}

const QUICK = [1000, 1010, 990, 1005, 995];
const SLOW = QUICK.map((us) => us * 1.2);

describe('the comparison of two sides', () => {
  it('judges the pairs as those of one unnamed variant, whose sides are alike', () => {
    const { base, candidate, changes, unlike, verdict } = compared(resultWith(QUICK, SLOW));
    expect([base.label, base.revision, candidate.label]).toEqual(['a: old', '0123456789', 'b: new']);
    expect(base.files).toEqual(['out/result.json']);
    expect(unlike).toEqual([]);
    expect(verdict).toEqual({ status: 'regressed', reasons: [] });
    expect(changes[0]).toMatchObject({ variant: '', isHeadline: true, verdict: 'regressed' });
    expect(changes[0]!.level).toBeCloseTo(0.05, 9);
    expect(changes[0]!.pairs).toHaveLength(5);
  });

  it('has the level of the look at which it ended', () => {
    const { changes, level } = compared(resultWith(QUICK, SLOW), 30);
    expect(level).toBe(0.05);
    expect(changes[0]!.level).toBeCloseTo(0.05 * Math.log(1 + (Math.E - 1) / 6), 9);
  });

  it('leaves out blocks that say nothing, and says so', () => {
    const { changes, verdict } = compared(resultWith(QUICK, SLOW, [1]), 30);
    expect(changes[0]!.pairs).toHaveLength(4);
    expect(verdict.reasons).toContain('1 of 5 blocks is left out: the generator was the bottleneck');
  });

  it('decides nothing when it was given up, whatever the blocks before say', () => {
    const [a, b] = [QUICK, SLOW].map((times) => [...times, ...times.slice(0, 2)]);
    const { changes, verdict } = compared(resultWith(a!, b!, [4, 5, 6]), 30);
    expect(verdict).toEqual({
      status: 'undecided',
      reasons: ['3 of 7 blocks are left out: the generator was the bottleneck'],
    });
    expect(changes.map((change) => change.verdict)).not.toContain('regressed');
    expect(changes[0]).toMatchObject({ verdict: 'undecided', because: 'generator-bound' });
  });

  it.each([
    ['b', QUICK, 'undecided'],
    ['b', QUICK.map((us) => us / 1.2), 'undecided'],
    ['a', QUICK, 'undecided'],
    ['b', SLOW, 'regressed'],
  ])('does not pass when not one call of %s ended ok in some blocks', (side, times, status) => {
    const [a, b] = [QUICK, times].map((some) => [...some, ...some.slice(0, 2)]);
    const document = resultWith(a!, b!, [6]);
    const variants = document.variants.map((variant) =>
      variant.name === side ? withoutOk(variant, [1, 3]) : variant,
    );
    const { verdict, changes } = compared({ ...document, variants });
    expect(verdict.status).toBe(status);
    expect(verdict.reasons).toEqual([
      `in 2 of 7 blocks, not one call of ${side} ended ok`,
      '1 of 7 blocks is left out: the generator was the bottleneck',
    ]);
    expect(changes[0]!.pairs).toHaveLength(4);
  });

  it('does not say of a metric that it is the same when one side alone had blocks without an ok call', () => {
    const document = resultWith([...QUICK, 1000], [...QUICK, 1000]);
    const variants = document.variants.map((variant) =>
      variant.name === 'b' ? withoutOk(variant, [2]) : variant,
    );
    const comparison = compared({ ...document, variants });
    expect(comparison.changes[0]).toMatchObject({ verdict: 'undecided', because: 'one-sided-blocks' });
    expect(headlineSentences(comparison)).toEqual([
      expect.stringContaining('is undecided: in some blocks, not one call of one side ended ok'),
    ]);
  });

  it('passes with a block in which nothing worked on either side, and says so', () => {
    const document = resultWith([...QUICK, 1000], [...QUICK, 1000]);
    const variants = document.variants.map((variant) => withoutOk(variant, [2]));
    expect(compared({ ...document, variants }).verdict).toEqual({
      status: 'same',
      reasons: ['in 1 of 6 blocks, not one call of either side ended ok'],
    });
  });

  it('leaves out the trial without its other half', () => {
    const { changes } = compared(resultWith(QUICK, SLOW.slice(0, 4)), 30);
    expect(changes[0]!.pairs).toHaveLength(4);
  });
});
