/** @module The pieces of a threshold's text, with the place of each. */
import type { RuleProblem } from './values.ts';

/** A part of a text, without white space around it, and where it begins. */
export interface Piece {
  readonly text: string;
  /** Characters of the whole text before it. */
  readonly offset: number;
}

/** The pieces of a threshold; of `for sticky` only the name. */
export interface Pieces {
  readonly subject: Piece;
  /** What stands between the braces after the subject; absent without braces. */
  readonly filter?: Piece;
  readonly comparator: Comparator;
  readonly bound: Piece;
  readonly every?: Piece;
  readonly with?: Piece;
  readonly for?: Piece;
}

export type Comparator = '<' | '<=' | '>' | '>=' | '==';

const EXPECTED = 'a threshold such as "p(99) < 50ms", "error_rate < 0.1%", "rate > 380/s" or "dropped == 0"';

const COMPARATOR = /<=|>=|==|<|>/y;
const CLAUSE = /(?:^|\s)(every|with|for)(?=\s|$)/g;
type Clause = 'every' | 'with' | 'for';

/** The pieces of `text`, or the problem with its form. */
export function piecesOf(text: string): Pieces | RuleProblem {
  const sign = findComparator(text);
  if ('what' in sign) return sign;
  const { left, right } = sign;
  const clauses = clausesIn(text, right);
  if ('what' in clauses) return clauses;
  const bound = pieceOf(text, right, clauses.from);
  if (/^[<>=!]/.test(bound.text)) return noThreshold(text, left);
  if (bound.text === '') return noThreshold(text, bound.offset);
  const comparator = text.slice(left, right) as Comparator;
  return { ...subjectIn(text, left), comparator, bound, ...clauses.found };
}

/** Where the comparator begins and ends. One within braces belongs to a name. */
function findComparator(text: string): { readonly left: number; readonly right: number } | RuleProblem {
  const braces: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') braces.push(at);
    else if (text[at] === '}') braces.pop();
    COMPARATOR.lastIndex = at;
    if (braces.length === 0 && COMPARATOR.test(text)) return { left: at, right: COMPARATOR.lastIndex };
  }
  const [open] = braces;
  if (open !== undefined) return { what: `"{" has no "}" in "${text}"`, expected: EXPECTED, offset: open };
  const sign = text.search(/[=!]/);
  return noThreshold(text, sign < 0 ? text.trimEnd().length : sign);
}

const noThreshold = (text: string, offset: number): RuleProblem => ({
  what: `"${text}" is not a threshold`,
  expected: EXPECTED,
  offset,
});

/** The subject and what its braces contain, before `end`. */
function subjectIn(text: string, end: number): Pick<Pieces, 'subject' | 'filter'> {
  const before = text.slice(0, end).trimEnd();
  const open = before.indexOf('{');
  if (open < 0 || !before.endsWith('}')) return { subject: pieceOf(text, 0, end) };
  return { subject: pieceOf(text, 0, open), filter: pieceOf(text, open + 1, before.length - 1) };
}

/** The clauses after the bound, and where the first one begins. A name after `for` goes on to the end. */
function clausesIn(
  text: string,
  start: number,
): RuleProblem | { readonly from: number; readonly found: Partial<Record<Clause, Piece>> } {
  const found: Partial<Record<Clause, Piece>> = {};
  const words = [...text.slice(start).matchAll(CLAUSE)];
  const named = words.findIndex(([, word]) => word === 'for');
  const used = named < 0 ? words : words.slice(0, named + 1);
  for (const [place, match] of used.entries()) {
    const word = match[1] as Clause;
    const from = start + match.index + match[0].length;
    const piece = pieceOf(text, from, used[place + 1] ? start + used[place + 1]!.index : text.length);
    const at = from - word.length;
    if (found[word]) return { what: `"${word}" stands twice in "${text}"`, expected: 'it once', offset: at };
    if (piece.text === '')
      return {
        what: `"${word}" stands without ${AFTER[word]} in "${text}"`,
        expected: EXAMPLE[word],
        offset: at,
      };
    found[word] = piece;
  }
  return { from: used[0] ? start + used[0].index : text.length, found };
}

const AFTER = { every: 'a duration', with: 'a confidence', for: 'a variant' } as const;
const EXAMPLE = { every: '"every 10s"', with: '"with 95%"', for: '"for" and the name of a variant' } as const;

function pieceOf(text: string, from: number, to: number): Piece {
  const part = text.slice(from, to);
  const blank = part.length - part.trimStart().length;
  return { text: part.trim(), offset: from + blank };
}
