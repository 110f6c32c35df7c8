/** @module Rows of cells as aligned lines. */

/**
 * One line per row, two spaces between columns, no spaces at the end. Column 0 and those in `left` are aligned to the left,
 * the others, which hold figures, to the right. All rows have as many cells as the first.
 */
export function columns(
  rows: readonly (readonly string[])[],
  left: readonly number[] = [],
): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => lengthOf(row[at]!))));
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const gap = ' '.repeat(widths[at]! - lengthOf(cell));
        return at === 0 || left.includes(at) ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** A figure, with its interval; a time that never came. */
const FIGURE = /^(?:[<>≥≤–\d.,\s%[\]-]|never|in)+$/;

/** Whether all cells of a column are figures, which are aligned to the right. */
export const areFigures = (cells: readonly string[]): boolean => cells.every((cell) => FIGURE.test(cell));

const lengthOf = (cell: string): number => [...cell].length;
