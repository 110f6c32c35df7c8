/** @module Values as a row of blocks, for texts. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/** More values than this are left out: the row would be wider than a comment. */
const MOST = 30;

/** A row of blocks for each list of `rows`, all on one scale from the least to the greatest value. Equal values are half high. */
export function sparklines(rows: readonly (readonly number[])[]): readonly string[] {
  const all = rows.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const block = (value: number): string => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return BLOCKS[Math.min(Math.floor(share * BLOCKS.length), BLOCKS.length - 1)]!;
  };
  return rows.map((values) => values.slice(0, MOST).map(block).join(''));
}
