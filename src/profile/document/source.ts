/** @module A YAML text as plain values, and the position of each value in the text. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Scalar,
} from 'yaml';
import { type Problem, UserError } from '../../units/user-error.ts';
import type { Place } from '../place.ts';

export interface Source {
  readonly file: string;
  readonly value: unknown;
  /**
   * `file:line:column` of the value at `place`, or of the nearest enclosing value in the text; of a text of its character with
   * `within` others before it.
   */
  at(place: Place, part?: 'key' | 'value', within?: number): Position;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Reads YAML 1.2 with merge keys (`<<`). Throws a {@link UserError} with every syntax error. */
export function parseSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = document.errors.map((error): Problem => {
    const { line, column } = position(error.pos[0]);
    return { where: `${file}:${line}:${column}`, what: `not readable as YAML: ${lowerFirst(error.message)}` };
  });
  if (problems.length > 0) throw new UserError(problems);
  return {
    file,
    value: toValue(document, file),
    at(place, part = 'value', within) {
      const { node, offset } = foundAt(document, place, part);
      return position(within !== undefined && isScalar(node) ? characterIn(text, node, within) : offset);
    },
  };
}

function toValue(document: Document, file: string): unknown {
  let value: unknown;
  try {
    value = unshare(document.toJS({ maxAliasCount: 1000 }));
  } catch (error) {
    throw new UserError(
      { where: file, what: `not readable as YAML: ${lowerFirst((error as Error).message)}` },
      { cause: error },
    );
  }
  if (value !== null && value !== undefined) return value;
  throw new UserError({ where: file, what: 'the file is empty', expected: 'a profile' });
}

/** A deep copy without shared parts, which aliases create. Throws on a value that contains itself. */
export function unshare<Value>(value: Value, around: readonly unknown[] = []): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (around.includes(value)) throw new Error('An alias contains itself');
  const inner = [...around, value];
  if (Array.isArray(value)) return value.map((child) => unshare(child, inner)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, unshare(child, inner)]),
  ) as Value;
}

interface FoundAt {
  /** The value itself; absent where the text does not go as far as that. */
  readonly node?: unknown;
  readonly offset: number;
}

/** Walks down as far as the text goes; the position of a collection is that of its key. */
function foundAt(document: Document, place: Place, part: 'key' | 'value'): FoundAt {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [index, step] of place.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return { offset };
      key = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      key = node.items[Number(step)];
      if (key === undefined) return { offset };
      node = key;
    } else return { offset };
    const shown =
      isCollection(node) || node === null || (part === 'key' && index === place.length - 1) ? key : node;
    offset = isNode(shown) ? (shown.range?.[0] ?? offset) : offset;
  }
  return { node, offset };
}

/**
 * Where in `text` the character of a scalar stands that has `before` others before it. Quotes, escapes and line breaks of YAML put other
 * characters between those of the value: they are skipped. The beginning of the scalar where an escape stands for another character.
 */
function characterIn(text: string, { value, range }: Scalar, before: number): number {
  const [start, end] = range!;
  const characters = String(value).slice(0, before + 1);
  let at = start;
  for (let index = 0; index < characters.length; index += 1) {
    while (at < end && !isSame(text[at]!, characters[index]!)) at += 1;
    if (at >= end) return start;
    at += 1;
  }
  // After the last character, where something is missing.
  return characters.length === before ? at : at - 1;
}

/** A line break of YAML may be a space of the value. */
const isSame = (written: string, character: string): boolean =>
  written === character || (character === ' ' && written === '\n');

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
