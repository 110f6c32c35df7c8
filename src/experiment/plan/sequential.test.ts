import { describe, expect, it } from 'vitest';
import type { Repetition } from '../../result/document.ts';
import { BOUND, recordingOf, variantOf } from '../../result/summary/result.case.ts';
import { type Random, randomAt } from '../../units/random.ts';
import { twoSides } from '../ab/two-sides.case.ts';
import { looksUpTo } from './looks.ts';
import type { Trial, TrialResult } from './plan.ts';
import { type SequentialOptions, type Standing, sequentialPlan } from './sequential.ts';

const PROFILE = twoSides('{ rate: 100/s, warmup: 1s, duration: 9s }');

const RECORDING = recordingOf([{ count: 100, responseUs: 10_000 }]);
const [SAMPLE] = variantOf('a', [RECORDING]).repetitions;

/** What a trial measures, and anything else about it that a test is about. */
type Measure = (trial: Trial, random: Random) => { readonly p50Us: number } & Partial<Repetition>;

/** Runs all trials of a comparison, which take no time: each starts twelve seconds after the one before. */
function compared(
  measure: Measure,
  over: Partial<SequentialOptions> = {},
): Standing & { readonly done: readonly TrialResult[] } {
  const plan = sequentialPlan({ profile: PROFILE, seed: 1, looks: looksUpTo(30), minEffect: 0.05, ...over });
  const random = randomAt(over.seed ?? 1, 'service');
  const done: TrialResult[] = [];
  for (let trial = plan.next(done); trial !== undefined; trial = plan.next(done)) {
    const { p50Us, ...rest } = measure(trial, random);
    const repetition = {
      ...SAMPLE!,
      responseTime: { ...SAMPLE!.responseTime, p50Us },
      index: trial.index,
      order: trial.order,
      startedAt: new Date(12_000 * trial.order).toISOString(),
      ...rest,
    };
    done.push({ trial, repetition, recording: RECORDING, era: 'stateless' });
  }
  const of = (side: number): readonly Repetition[] =>
    done.filter(({ trial }) => trial.variantIndex === side).map(({ repetition }) => repetition);
  return { ...plan.standing(of(0), of(1)), done };
}

/** Nearly normal, of standard deviation 1 (the sum of twelve uniform numbers). */
const normal = (random: Random): number =>
  Array.from({ length: 12 }, () => random.next()).reduce((sum, one) => sum + one, -6);

/** Response times of 10 ms, `effect` more for the candidate, with noise of 2 % from trial to trial, under what the machine does meanwhile. */
const noisy =
  (effect: number, machine: (order: number) => number = () => 1): Measure =>
  ({ variantIndex, order }, random) => ({
    p50Us: 10_000 * (variantIndex === 1 ? 1 + effect : 1) * machine(order) * Math.exp(0.02 * normal(random)),
  });

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);
const pairsOf = ({ sound }: Standing): number => sound.length;

describe('a sequential comparison', () => {
  it('finds a tenth more, mostly within five pairs', () => {
    const found = SEEDS.map((seed) => compared(noisy(0.1), { seed }));
    expect(found.filter(({ change }) => change.verdict !== 'regressed')).toEqual([]);
    expect(Math.max(...found.map(pairsOf))).toBeLessThanOrEqual(15);
    expect(found.filter((one) => pairsOf(one) === 5).length).toBeGreaterThan(30);
  });

  it('finds that nothing differs, and a tenth less', () => {
    for (const seed of SEEDS) {
      const same = compared(noisy(0), { seed });
      expect([same.change.verdict, same.ending]).toEqual(['same', { kind: 'decided' }]);
      expect(compared(noisy(-0.1), { seed }).change.verdict).toBe('improved');
    }
  });

  it('does not end as decided with a pass when one side alone had no call that ended ok', () => {
    const dead =
      (effect: number): Measure =>
      (trial, random) => ({
        ...noisy(effect)(trial, random),
        ...(trial.variantIndex === 1 && trial.index === 1 && { calls: { ...SAMPLE!.calls, ok: 0 } }),
      });
    expect(compared(dead(0)).ending).toEqual({ kind: 'one-sided' });
    expect(compared(dead(-0.1)).ending).toEqual({ kind: 'one-sided' });
    expect(compared(dead(0.1)).ending).toEqual({ kind: 'decided' });
  });

  it('claims nothing more than one time in twenty when the difference is just the margin', () => {
    const regressed = SEEDS.map((seed) => compared(noisy(0.05), { seed })).filter(
      ({ change }) => change.verdict === 'regressed',
    );
    // Three are expected; the seeds are fixed.
    expect(regressed.length).toBeLessThanOrEqual(6);
  });

  it.each([
    ['drifts by a tenth a trial', (order: number) => 1.1 ** order],
    ['is slow in every second trial', (order: number) => (order % 2 === 0 ? 1 : 1.3)],
    ['is slow in every fourth trial', (order: number) => (order % 4 === 0 ? 1.3 : 1)],
    ['is slow for ten trials of twenty', (order: number) => (order % 20 < 10 ? 1 : 1.5)],
  ])('is not misled by a machine that %s', (_, machine) => {
    const wrong = SEEDS.map((seed) => compared(noisy(0, machine), { seed })).filter(
      ({ change }) => change.verdict === 'regressed' || change.verdict === 'improved',
    );
    expect(wrong.length).toBeLessThanOrEqual(3);
  });

  it('gives both sides of a block the same index, and so the same arrivals, in an order that the seed decides', () => {
    const orders = [1, 2, 3].map((seed) => compared(noisy(0.05), { seed }).done.map(({ trial }) => trial));
    for (const trials of orders) {
      for (let at = 0; at < trials.length; at += 2) {
        expect(trials[at]!.index).toBe(at / 2);
        expect(trials[at + 1]!.index).toBe(at / 2);
        expect(trials[at]!.variantIndex + trials[at + 1]!.variantIndex).toBe(1);
      }
    }
    expect(
      new Set(
        orders.map((trials) =>
          trials
            .map(({ variantIndex }) => variantIndex)
            .join('')
            .slice(0, 10),
        ),
      ).size,
    ).toBeGreaterThan(1);
  });

  it('ends at the most pairs, undecided when they cannot tell', () => {
    const alternating: Measure = ({ variantIndex, index }) => ({
      p50Us: 10_000 * (variantIndex === 1 && index % 2 === 0 ? 1.5 : 1),
    });
    const found = compared(alternating, { looks: looksUpTo(7) });
    expect(found.ending).toEqual({ kind: 'most-blocks' });
    expect(pairsOf(found)).toBe(7);
    expect(found.change.verdict).toBe('undecided');
  });
});

describe('a budget', () => {
  /** Undecided for as long as it goes on. */
  const unclear: Measure = ({ variantIndex, index }) => ({
    p50Us: 10_000 * (variantIndex === 1 && index % 2 === 0 ? 1.5 : 1),
  });

  // A block takes 24 seconds, as the starts of its trials say.
  it.each([
    [200, 8],
    [191, 7],
    [24, 1],
  ])('of %i s is kept: %i blocks of 24 s', (seconds, blocks) => {
    let ended = 0;
    const budget = { us: seconds * 1e6, elapsedUs: () => ended * 12e6 };
    const found = compared(
      (trial, random) => {
        ended += 1;
        return unclear(trial, random);
      },
      { budget },
    );
    expect(found.blocks).toHaveLength(blocks);
    expect(found.ending).toEqual({ kind: 'budget' });
  });
});

describe('a trial that says nothing', () => {
  const bound = { generator: BOUND };
  const failed = { calls: { ...SAMPLE!.calls, ok: 0 } };

  it.each([
    ['generator-bound', bound],
    ['nothing-worked', failed],
  ] as const)('%s: three blocks in a row end the comparison', (because, over) => {
    const found = compared((trial, random) => ({
      ...noisy(0)(trial, random),
      ...(trial.index >= 1 && trial.variantIndex === 1 && over),
    }));
    expect(found.ending).toEqual({ kind: 'spoilt', blocks: 3, because, side: 'candidate' });
    expect(found.blocks).toHaveLength(4);
    expect(pairsOf(found)).toBe(1);
  });

  it('is left out with its block, and others decide', () => {
    const found = compared((trial, random) => ({
      ...noisy(0.2)(trial, random),
      ...(trial.index === 2 && trial.variantIndex === 0 && bound),
    }));
    expect(found.change).toMatchObject({ verdict: 'regressed', because: null });
    expect([found.blocks.length, pairsOf(found)]).toEqual([6, 5]);
  });

  it('counts as a block: there are never more than were asked for', () => {
    const found = compared(
      (trial, random) => ({ ...noisy(0.05)(trial, random), ...(trial.index % 2 === 0 && bound) }),
      { looks: looksUpTo(6) },
    );
    expect(found.ending).toEqual({ kind: 'most-blocks' });
    expect([found.blocks.length, pairsOf(found)]).toEqual([6, 3]);
  });
});
