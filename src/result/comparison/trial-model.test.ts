import { describe, expect, it } from 'vitest';
import { differencesOf, driftOf, type TrialValue } from './trial-model.ts';

/** Trials of `blocks`, such as `ab ba`, with these values by variant and `drift` of the order. */
function trialsOf(
  blocks: string,
  values: Readonly<Record<string, number>>,
  drift: (order: number) => number = () => 0,
): readonly TrialValue[] {
  return blocks.split(' ').flatMap((block, repetition) =>
    [...block].map((name, place) => {
      const order = repetition * block.length + place;
      return { variant: 'abcd'.indexOf(name), repetition, order, value: values[name]! + drift(order) };
    }),
  );
}

describe('the difference between variants', () => {
  it.each([
    ['without drift', 'ab ba ab', () => 0],
    ['with a straight drift', 'ab ba ab', (order: number) => 0.3 * order],
    ['with a straight drift, in an order that is not balanced', 'ab ab ab', (order: number) => 0.3 * order],
    [
      'with a jump between repetitions, of many trials',
      'abcd bcda cdab dabc',
      (order: number) => (order < 8 ? 0 : 5),
    ],
  ])('is exact %s', (_, blocks, drift) => {
    const { mean, error } = differencesOf(trialsOf(blocks, { a: 2, b: 2.5, c: 1, d: 0 }, drift))!(0, 1);
    expect(mean).toBeCloseTo(0.5, 9);
    expect(error).toBeCloseTo(0, 6);
  });

  it('has a degree of freedom for each trial that neither a variant nor the drift takes', () => {
    const degrees = (blocks: string): number =>
      differencesOf(trialsOf(blocks, { a: 0, b: 0, c: 0, d: 0 }))!(0, 1).degrees;
    expect(degrees('ab ba ab')).toBe(3);
    expect(degrees('abcd bcda cdab')).toBe(7);
    // From here on, each repetition but the first takes one, too.
    expect(degrees('abcd bcda cdab dabc')).toBe(8);
  });

  it('of variants that vary is not made certain by others that do not', () => {
    const noise = [0.5, -0.5, 0.4, -0.6, 0.1, 0.2];
    const noisy = trialsOf('abcd badc cdab', { a: 0, b: 0, c: 0, d: 0 }).map((trial, row) =>
      trial.variant < 2 ? { ...trial, value: noise[row % noise.length]! } : trial,
    );
    const difference = differencesOf(noisy)!;
    expect(difference(0, 1).error).toBeGreaterThan(1.2 * difference(2, 3).error);
  });

  it('of many repetitions has 50 blocks at most', () => {
    const trials = trialsOf(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 'ab' : 'ba')).join(' '),
      { a: 1, b: 2 },
      (order) => Math.floor(order / 100),
    );
    const { mean, degrees } = differencesOf(trials)!(0, 1);
    expect(mean).toBeCloseTo(1, 9);
    expect(degrees).toBe(400 - 2 - 49 - 1);
  });

  it('is unknown with too few trials', () => {
    expect(differencesOf(trialsOf('ab', { a: 1, b: 2 }))).toBeUndefined();
    expect(driftOf(trialsOf('ab', { a: 1, b: 2 }))).toBeUndefined();
  });
});

describe('the drift of trials', () => {
  it('is what a straight line adds from the first to the last', () => {
    const { mean, error } = driftOf(trialsOf('ab ba ab', { a: 2, b: 9 }, (order) => 0.1 * order))!;
    expect(mean).toBeCloseTo(0.5, 9);
    expect(error).toBeCloseTo(0, 6);
  });
});
