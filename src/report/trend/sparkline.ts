/** @module A series as a line of blocks, for terminals and Markdown. */

const BLOCKS = [...'▁▂▃▄▅▆▇█'];

/** A block for each value, from the least to the greatest; the middle one when all are equal. */
export function sparkline(values: readonly number[]): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const range = greatest - least;
  return values
    .map((value) => {
      const height = range === 0 ? 0.5 : (value - least) / range;
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(height * BLOCKS.length))]!;
    })
    .join('');
}
