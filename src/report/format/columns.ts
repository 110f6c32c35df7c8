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

const lengthOf = (cell: string): number => [...cell].length;
