import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest, nearestFew } from './words.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['rate', 'rate', 0],
    ['rate', 'rat', 1],
    ['rate', 'raet', 1],
    ['rate', 'gate', 1],
    ['', 'rate', 4],
    ['stiky', 'sticky', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s takes %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  it('is symmetric, zero only for equal words and at most the longer length', () => {
    const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  const known = ['rate', 'stages', 'warmup', 'maxInFlight'];
  it.each([
    ['rte', 'rate'],
    ['warm-up', 'warmup'],
    ['WARMUP', 'warmup'],
    ['maxInflight', 'maxInFlight'],
    ['stags', 'stages'],
    ['x', undefined],
    ['concurrency', undefined],
    ['', undefined],
  ])('for %s suggests %s', (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });
});

describe('nearestFew', () => {
  it('gives the nearest words, nearest first, however far they are', () => {
    const known = ['rate', 'stages', 'warmup', 'gate'];
    expect(nearestFew('gates', known, 2)).toEqual(['gate', 'rate']);
    expect(nearestFew('x', known, 9)).toHaveLength(4);
  });
});
