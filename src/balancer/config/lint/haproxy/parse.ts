/** @module Parses an HAProxy configuration into sections, lines and words, with positions. */
import { UserError } from '../../../../units/user-error.ts';
import type { Spot } from '../finding.ts';
import { splitWords } from './words.ts';

/** One line: a keyword and its arguments, unquoted. */
export interface HaproxyLine {
  readonly words: readonly string[];
  readonly at: Spot;
}

/** A section and its lines. `args` are the words after the keyword: the name, `from <defaults>`. */
export interface HaproxySection {
  readonly keyword: string;
  readonly args: readonly string[];
  readonly at: Spot;
  readonly lines: readonly HaproxyLine[];
}

/** Section keywords of HAProxy 2.x and 3.x. */
const SECTIONS = new Set(
  (
    'global defaults frontend backend listen peers resolvers userlist mailers cache program http-errors ring ' +
    'log-forward log-profile fcgi-app crt-store traces acme healthcheck'
  ).split(' '),
);

/** Parses `text`. Throws a {@link UserError} with the line of an unterminated quote, or of a line outside every section. */
export function parseHaproxy(text: string, file: string): readonly HaproxySection[] {
  const sections: (HaproxySection & { readonly lines: HaproxyLine[] })[] = [];
  for (const [index, content] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    const at: Spot = { line, column: content.length - content.trimStart().length + 1 };
    const words = splitWords(content, `${file}:${line}`);
    const [keyword, ...args] = words;
    // `.if`, `.else`: the lines of all branches are checked.
    if (keyword === undefined || keyword.startsWith('.')) continue;
    const section = sections.at(-1);
    if (SECTIONS.has(keyword) && !isOption(keyword, args, section)) {
      sections.push({ keyword, args, at, lines: [] });
    } else if (section === undefined) {
      throw new UserError({
        where: `${file}:${line}`,
        what: `"${keyword}" is outside of every section`,
        expected: 'a section such as "defaults", "frontend <name>" or "backend <name>" before it',
      });
    } else section.lines.push({ words, at });
  }
  return sections;
}

/** `acme`, `cache` and `healthcheck` without a name do not open a section. */
const isOption = (keyword: string, args: readonly string[], section: HaproxySection | undefined): boolean =>
  section !== undefined && args.length === 0 && !['global', 'defaults', 'traces'].includes(keyword);
