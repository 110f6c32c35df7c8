/** @module Two variants without a check differ by nothing: the interval of what the second one adds contains 0 in 19 of 20 experiments. */
import { describe, expect, it } from 'vitest';
import { normal } from '../bench/aa-simulation.ts';
import { simulateAdded } from '../bench/added-simulation.ts';
import { balancedOrder } from '../src/experiment/plan/balanced-order.ts';
import { withAuthConclusions } from '../src/result/comparison/auth-conclusions.ts';
import type { VariantResult } from '../src/result/document.ts';
import { withAuth } from '../src/result/measure/auth.case.ts';
import { recordingOf, variantOf } from '../src/result/summary/result.case.ts';
import { randomAt } from '../src/units/random.ts';

/** 95 %, less three standard errors of so many experiments. */
const RUNS = 400;
const FEWEST = 0.95 * RUNS - 3 * Math.sqrt(0.95 * 0.05 * RUNS);

describe('trials of two variants that are the same', () => {
  it.each(
    [2, 7].flatMap((variants) =>
      [3, 5, 8].map((repetitions) => ({ variants, repetitions, driftUs: repetitions - 3 })),
    ),
  )(
    'differ by 0 within the interval in 19 of 20 experiments: $variants variants, $repetitions repetitions',
    (experiments) => {
      const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
      const covered = seeds.filter((seed) => {
        const { low, high } = simulateAdded(experiments, seed).interval!;
        return low <= 0 && 0 <= high;
      });
      expect(covered.length).toBeGreaterThanOrEqual(FEWEST);
    },
  );
});

describe('a variant without a check', () => {
  /** Five repetitions of response times around 1 ms, which are longer with some schedules, and with time. */
  function trials(name: string, seed: number, drift: number, added = 0): VariantResult {
    const place = name === 'first' ? 0 : 1;
    const orders = balancedOrder(2, 5, randomAt(seed, 'order')).map(
      (block, index) => 2 * index + block.indexOf(place),
    );
    const recordings = orders.map((order, index) => {
      const own = randomAt(seed, 'service', order);
      const schedule = 100 * randomAt(seed, 'arrival', index).next();
      const groups = Array.from({ length: 200 }, () => ({
        count: 1,
        responseUs: 1000 + schedule + drift * order + 100 * Math.abs(normal(own)) + added,
      }));
      return withAuth(recordingOf(groups), { mode: 'none' });
    });
    const variant = variantOf(name, recordings);
    const repetitions = variant.repetitions.map((one, at) => ({ ...one, order: orders[at]! }));
    return { ...variant, repetitions, settings: UNCHECKED };
  }

  const UNCHECKED: VariantResult['settings'] = {
    ...variantOf('', []).settings,
    effective: { auth: { mode: 'none' } } as never,
  };

  const addedIn = (seed: number, added: number) =>
    withAuthConclusions([trials('first', seed, 3), trials('second', seed, 3, added)])[1]!.summary!.auth!
      .added!;

  it('adds 0 within the interval in at least 19 of 20 seeds', () => {
    const intervals = Array.from({ length: 20 }, (_, seed) => addedIn(seed, 0));
    const containing = intervals.filter(({ ciLowUs, ciHighUs }) => ciLowUs! <= 0 && 0 <= ciHighUs!);
    expect(containing.length).toBeGreaterThanOrEqual(19);
    expect(intervals[0]).toMatchObject({ base: 'first', pairs: 5 });
  });

  it('shows what is added, within the interval', () => {
    const { p50Us, ciLowUs, ciHighUs } = addedIn(1, 200);
    expect(Math.abs(p50Us - 200)).toBeLessThan(20);
    expect(ciLowUs).toBeLessThan(200);
    expect(ciHighUs).toBeGreaterThan(200);
    expect(ciLowUs).toBeGreaterThan(150);
  });
});
