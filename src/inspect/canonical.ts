/** @module JSON values compared by what they mean: the order of members does not matter, that of lists does. */
import { createHash } from 'node:crypto';

/** Members that are not part of what an entry offers: metadata, which may differ from answer to answer. */
const IGNORED: ReadonlySet<string> = new Set(['_meta']);
/** Deeper values than this are not told apart: a recursion must end. */
const DEEPEST = 200;

/** `value`, which came from JSON, with the members of its objects sorted by name, as JSON text. `_meta` is left out at any depth. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth === DEEPEST) return '"..."';
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each, depth + 1)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([name]) => !IGNORED.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each, depth + 1)}`).join(',')}}`;
}

/** A digest that two values share when their {@link canonicalJson} is the same. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
