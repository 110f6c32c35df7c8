/** @module Formats a table for a terminal and for Markdown. */

/** Rows of cells under a head. Every row has as many cells as the head. The first column is a name, the others are figures. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Aligned lines: names left-aligned, figures right-aligned. */
export function plain({ caption, head, rows }: Table): readonly string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [caption, line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)];
}

/** The same for a Markdown file. */
export function markdown({ caption, head, rows }: Table): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [`**${caption}**`, '', line(head), line(rule), ...rows.map(line)];
}
