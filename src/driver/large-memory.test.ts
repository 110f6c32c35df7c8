import { expect, it } from 'vitest';
import { LargeMemory } from './large-memory.ts';

it('gives out a piece again once it was taken back, where it is long enough', () => {
  const memory = new LargeMemory();
  const [small, large] = [memory.take(70_000), memory.take(1_000_000)];
  expect(small.length).toBeGreaterThanOrEqual(70_000);
  expect(large.length).toBeGreaterThanOrEqual(1_000_000);
  // Both are still in use.
  expect(memory.take(70_000)).not.toBe(small);
  memory.give(small);
  expect(memory.take(200_000)).not.toBe(small);
  memory.give(large);
  expect(memory.take(1_000_000)).toBe(large);
  expect(memory.take(70_000)).toBe(small);
  expect(memory.take(70_000)).not.toBe(small);
});

it('keeps few pieces', () => {
  const memory = new LargeMemory();
  const pieces = Array.from({ length: 100 }, () => memory.take(1));
  for (const piece of pieces) memory.give(piece);
  const kept = Array.from({ length: 100 }, () => memory.take(1)).filter((piece) => pieces.includes(piece));
  expect(kept).toHaveLength(16);
});
