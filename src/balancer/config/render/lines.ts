/** @module Configuration files as lists of lines. */

/** The lines, indented by `by` spaces. Empty lines stay empty. */
export function indent(by: number, lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}

/** `text` as comment lines of at most `width` characters. */
export function comment(text: string, width = 100): readonly string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width && line !== '#') {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The text of a file. */
export function fileOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
