import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readResult } from '../file.ts';
import { BOUND } from '../summary/result.case.ts';
import type { Budget } from './budget.ts';
import { compareResults, MINIMUM_CHANGE } from './compare-results.ts';
import { type Change, ComparisonDocument } from './document.ts';
import { measuredOf, sideVariant, timed } from './measured.case.ts';
import { type Measured, measuredSide, type SideVariant } from './sides.ts';

const OPTIONS = { minEffect: MINIMUM_CHANGE, acceptsUnlike: false, createdAt: new Date(0) };

const compare = (
  base: Measured | SideVariant,
  candidate: Measured | SideVariant,
  over: Partial<typeof OPTIONS & { headline: string; budget: Budget; keepsDistributions: boolean }> = {},
): ComparisonDocument => {
  const [one, other] = [base, candidate].map((side) => ('variants' in side ? side : measuredOf([side])));
  return compareResults(one!, other!, { ...OPTIONS, ...over });
};

const changeOf = ({ changes }: ComparisonDocument, metric: string): Change =>
  changes.find((one) => one.metric === metric)!;

const P50 = 'responseTime.p50Us';
const BASE = [10_000, 10_100, 9_900, 10_050, 9_950];
/** The same repetitions, so many times as long, and a little noise. */
const times = (factor: number): number[] =>
  BASE.map((us, at) => Math.round(us * factor * [1.004, 0.997, 1, 1.003, 0.996][at]!));

describe('a comparison of two results', () => {
  it.each([
    { factor: 1.2, verdict: 'regressed' },
    { factor: 1.07, verdict: 'regressed' },
    { factor: 1.051, verdict: 'undecided' },
    { factor: 1.02, verdict: 'same' },
    { factor: 1, verdict: 'same' },
    { factor: 0.98, verdict: 'same' },
    { factor: 0.8, verdict: 'improved' },
  ])('of times $factor as long: $verdict', ({ factor, verdict }) => {
    const document = compare(timed(BASE), timed(times(factor)));
    expect(document.verdict.status).toBe(verdict);
    expect(changeOf(document, P50)).toMatchObject({ isHeadline: true, verdict, scale: 'ratio' });
    expect(ComparisonDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('reads the histograms only where distributions are asked for', () => {
    const side = timed(BASE);
    const repetitions = side.repetitions.map((one) => ({ ...one, histograms: { responseTime: 'unread' } }));
    const unread = { ...side, repetitions };
    const document = compare(unread, unread);
    expect(document.verdict.status).toBe('same');
    expect(document).not.toHaveProperty('distributions');
    expect(() => compare(unread, unread, { keepsDistributions: true })).toThrow();
    const { distributions } = compare(side, side, { keepsDistributions: true });
    expect(distributions).toMatchObject([{ base: { calls: 5000 }, candidate: { calls: 5000 } }]);
  });

  it('judges by the margin that it is given', () => {
    expect(compare(timed(BASE), timed(times(1.07)), { minEffect: 0.1 }).verdict.status).toBe('same');
    expect(compare(timed(BASE), timed(times(1.02)), { minEffect: 0.005 }).verdict.status).toBe('regressed');
  });

  it('says what noise the pairs have, what they can find, and how many are missing', () => {
    const decided = changeOf(compare(timed(BASE), timed(times(1.2))), P50);
    expect(decided.noise).toBeGreaterThan(0.002);
    expect(decided.noise).toBeLessThan(0.006);
    expect(decided.detectable).toBeGreaterThan(0.05);
    expect(decided.pairsNeeded).toBe(0);
    const open = changeOf(compare(timed(BASE), timed(times(1.052))), P50);
    expect(open).toMatchObject({ verdict: 'undecided', because: 'wide-interval' });
    expect(open.pairsNeeded).toBeGreaterThan(0);
  });

  it('has the claim that its interval shows, for any values', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 900, max: 1100 }), fc.integer({ min: 900, max: 1200 })), {
          minLength: 3,
          maxLength: 6,
        }),
        (pairs) => {
          const document = compare(
            timed(pairs.map(([base]) => base)),
            timed(pairs.map(([, candidate]) => candidate)),
          );
          const { ciLow, ciHigh, verdict, margin } = changeOf(document, P50);
          const [low, high] = [1 / (1 + margin), 1 + margin];
          expect(verdict === 'regressed').toBe(ciLow! > high);
          expect(verdict === 'improved').toBe(ciHigh! < low);
          expect(verdict === 'same').toBe(ciLow! > low && ciHigh! < high);
        },
      ),
      { numRuns: 30 },
    ));

  it('turns around when the sides are exchanged', () => {
    const [a, b] = [timed(BASE), timed(times(1.2))];
    const [there, back] = [changeOf(compare(a, b), P50), changeOf(compare(b, a), P50)];
    expect([there.verdict, back.verdict]).toEqual(['regressed', 'improved']);
    expect(there.change! * back.change!).toBeCloseTo(1, 9);
    expect(there.ciLow! * back.ciHigh!).toBeCloseTo(1, 9);
  });

  it('cancels what both sides of a pair share', () => {
    const drifting = [10_000, 12_000, 15_000, 20_000];
    const slower = drifting.map((us) => Math.round(us * 1.1));
    expect(compare(timed(drifting), timed(slower)).verdict.status).toBe('regressed');
  });

  it('takes single variants for the same one, others by their names, and shows geometric means of them', () => {
    expect(compare(timed(BASE, { name: 'old' }), timed(times(1), { name: 'new' })).verdict.status).toBe(
      'same',
    );
    const side = (...factors: number[]): Measured =>
      measuredOf(factors.map((factor, at) => timed(times(factor), { name: 'ab'[at]! })));
    const document = compare(side(1, 1), side(1.21, 1));
    expect(document.changes.slice(0, 2).map(({ variant, verdict }) => [variant, verdict])).toEqual([
      ['a', 'regressed'],
      ['b', 'same'],
    ]);
    expect(document.verdict.status).toBe('regressed');
    expect(document.geomeans.find(({ metric }) => metric === P50)!.ratio).toBeCloseTo(1.1, 2);
  });

  it('tests the headline by itself, and all other metrics at a level that they share', () => {
    const { changes } = compare(timed(BASE), timed(times(1.054)));
    const [headline, ...others] = changes;
    expect(headline).toMatchObject({ metric: P50, level: 0.05 });
    expect(others.length).toBeGreaterThan(1);
    for (const { level } of others) expect(level).toBeLessThanOrEqual(0.05);
    expect(Math.min(...others.map(({ level }) => level))).toBeCloseTo(0.05 / others.length, 9);
  });

  it('takes the headline metric that it is given', () => {
    const document = compare(timed(BASE), timed(times(1.2)), { headline: 'rate.goodputPerSecond' });
    expect(document.changes[0]).toMatchObject({ metric: 'rate.goodputPerSecond', isHeadline: true });
    expect(changeOf(document, P50)).toMatchObject({ isHeadline: false, verdict: 'regressed' });
  });
});

describe('error rates of two results', () => {
  const failing = (errors: readonly number[]): SideVariant =>
    sideVariant(
      errors.map((count) => [
        { count: 2000 - count, responseUs: 10_000 },
        { count, responseUs: 10_000, outcome: 'rpc-error' },
      ]),
    );

  it.each([
    { base: [0, 0, 0], candidate: [0, 0, 0], verdict: 'same' },
    { base: [0, 0, 0], candidate: [1, 0, 2], verdict: 'same' },
    { base: [0, 0, 0], candidate: [40, 42, 38], verdict: 'regressed' },
    { base: [40, 42, 38], candidate: [0, 0, 0], verdict: 'improved' },
    { base: [0, 0, 0], candidate: [12, 9, 10], verdict: 'undecided' },
    { base: [0, 0, 0], candidate: [0, 120, 0], verdict: 'undecided' },
    {
      base: [2000, 2000, 2000],
      candidate: [2000, 2000, 2000],
      verdict: 'undecided',
      because: 'nothing-worked',
    },
  ])('of $base and $candidate of 2000: $verdict', ({ base, candidate, verdict, because }) => {
    const change = changeOf(compare(failing(base), failing(candidate)), 'calls.errorRate');
    expect(change).toMatchObject({ verdict, scale: 'difference', margin: 0.005 });
    if (because !== undefined) expect(change.because).toBe(because);
  });
});

describe('bad input of a comparison', () => {
  const good = timed(BASE);
  const refused = sideVariant(BASE.map(() => [{ count: 10, responseUs: 5, outcome: 'refused' }]));
  const halfWorking = sideVariant(
    BASE.map((responseUs, at) => [
      { count: 10, responseUs, ...(at === 0 && { outcome: 'refused' as const }) },
    ]),
  );
  const failingFast = sideVariant(
    BASE.map((us) => [
      { count: 900, responseUs: us / 2 },
      { count: 100, responseUs: 1, outcome: 'rpc-error' },
    ]),
  );
  const otherMachine = { side: { machine: { ...measuredOf([]).side.machine, cpu: 'another' } } };
  const otherLoad = { profile: { load: { rate: 2 } } };

  it.each<[string, Measured | SideVariant, Measured | SideVariant, Change['because'], 'more calls fail'?]>([
    ['one repetition', timed([10_000]), timed([20_000]), 'too-few-repetitions'],
    ['two repetitions on one side', good, timed([20_000, 20_000]), 'too-few-repetitions'],
    ['no repetition that ran to the end', good, timed([]), 'too-few-repetitions'],
    ['nothing that worked on one side', good, refused, 'nothing-worked', 'more calls fail'],
    ['nothing that worked on the other', refused, good, 'nothing-worked'],
    ['nothing that worked on both', refused, refused, 'nothing-worked'],
    ['a repetition in which nothing worked', good, halfWorking, 'no-samples'],
    ['a generator that was the bottleneck', good, timed(times(2), { generator: BOUND }), 'generator-bound'],
    ['a side that is quicker because calls fail', good, failingFast, 'unlike-failures', 'more calls fail'],
    ['another machine', good, measuredOf([timed(times(2))], otherMachine), 'unlike-sides'],
    ['another load', good, measuredOf([timed(times(2))], otherLoad), 'unlike-sides'],
    ['another load, once', timed([10_000]), measuredOf([timed([20_000])], otherLoad), 'unlike-sides'],
  ])('never gets a claim about its times: %s', (_, base, candidate, because, gate) => {
    const document = compare(base, candidate);
    expect(changeOf(document, P50)).toMatchObject({ verdict: 'undecided', because });
    expect(document.verdict.status).toBe(gate === undefined ? 'undecided' : 'regressed');
    expect(document.verdict.reasons).not.toEqual([]);
    expect(ComparisonDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it.each([undefined, 'calls.errorRate', 'rate.goodputPerSecond'])(
    'is a regression when not one call works any more, whatever the headline (%s)',
    (headline) => {
      const over = headline === undefined ? {} : { headline };
      const document = compare(good, refused, over);
      expect(document.verdict.status).toBe('regressed');
      expect(changeOf(document, 'calls.errorRate')).toMatchObject({ verdict: 'regressed', candidate: 1 });
      expect(compare(refused, good, over).verdict.status).toBe('undecided');
    },
  );

  it('leaves the error rate to a budget, if there is one', () => {
    const budget = { name: 'own', allowed: new Map([['responseTime.p50Us', 0.1]]) };
    expect(compare(good, failingFast, { budget }).verdict.status).toBe('undecided');
  });

  it('does not decide by errors that are within half a point, or that one repetition had alone', () => {
    const failing = (errors: readonly number[]): SideVariant =>
      sideVariant(
        errors.map((count, at) => [
          { count: 2000 - count, responseUs: BASE[at]! },
          ...(count === 0 ? [] : [{ count, responseUs: BASE[at]!, outcome: 'rpc-error' as const }]),
        ]),
      );
    const none = failing([0, 0, 0]);
    for (const errors of [
      [1, 2, 1],
      [0, 120, 0],
    ])
      expect(compare(none, failing(errors)).verdict.status).toBe(compare(none, none).verdict.status);
    expect(compare(none, failing([40, 42, 38])).verdict.status).toBe('regressed');
  });

  it('is judged all the same when the user accepts other machines', () => {
    const candidate = measuredOf([timed(times(2))], otherMachine);
    const { verdict, unlike } = compare(good, candidate, { acceptsUnlike: true });
    expect(verdict.status).toBe('regressed');
    expect(unlike).toMatchObject([{ kind: 'machine', consequence: 'refused' }]);
  });

  it('leaves a variant undecided that only one side has, and with it the whole', () => {
    const both = measuredOf([timed(times(1), { name: 'a' }), timed(times(1), { name: 'b' })]);
    const { changes, verdict } = compare(
      both,
      measuredOf([timed(times(1), { name: 'a' }), timed(BASE, { name: 'c' })]),
    );
    const headlines = changes.filter(({ isHeadline }) => isHeadline);
    expect(headlines.map(({ variant, because }) => [variant, because])).toEqual([
      ['a', null],
      ['b', 'one-side-only'],
      ['c', 'one-side-only'],
    ]);
    expect(verdict.status).toBe('undecided');
  });

  it('does not pass over a variant in which nothing worked on either side', () => {
    const side = measuredOf([timed(BASE, { name: 'a' }), { ...refused, name: 'b' }]);
    const { verdict } = compare(side, side);
    expect(verdict.status).toBe('undecided');
    expect(verdict.reasons.join()).toContain('b: ');
  });

  it('of a result that an older version wrote claims no change against itself', async () => {
    const path = 'results/sticky-vs-round-robin/result.json';
    const side = measuredSide(path, [{ path, document: await readResult(path) }]);
    const { changes, unlike } = compare(side, side);
    expect(unlike).toEqual([]);
    expect(changes.length).toBeGreaterThan(0);
    for (const { verdict, because } of changes) {
      expect(['same', 'undecided']).toContain(verdict);
      expect(verdict === 'same').toBe(because === null);
    }
  });

  it('of a headline metric that no side has is undecided', () => {
    expect(compare(good, good, { headline: 'cache.hitRatio' }).verdict.status).toBe('undecided');
    expect(compare(good, good, { headline: 'nothing.atAll' }).verdict).toMatchObject({
      status: 'undecided',
      reasons: ['neither side has a value of the headline metric'],
    });
  });
});
