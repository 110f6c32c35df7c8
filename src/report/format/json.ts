/** @module Format `json`: the document itself, written piece by piece, since the histograms and windows of a long run are large. */
import { pieces, type Render, single } from './rendered.ts';

export const json: Render = async ({ document }) =>
  single(
    'result.json',
    pieces(function* () {
      yield* jsonPieces(document, DEPTH);
      yield '\n';
    }),
  );

/** Down to the fields of a repetition. */
const DEPTH = 6;
const INDENT = '  ';

/** What `JSON.stringify(value, null, 2)` gives, in pieces: what lies deeper than `depth` is one piece each. */
export function* jsonPieces(value: unknown, depth: number, indent = ''): Generator<string> {
  const isList = Array.isArray(value);
  const entries =
    depth === 0 || typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).filter(([, one]) => isList || one !== undefined);
  if (entries.length === 0) {
    yield (JSON.stringify(value, null, INDENT) ?? 'null').replaceAll('\n', `\n${indent}`);
    return;
  }
  const inner = indent + INDENT;
  yield isList ? '[' : '{';
  for (const [at, [key, one]] of entries.entries()) {
    yield `${at === 0 ? '' : ','}\n${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* jsonPieces(one, depth - 1, inner);
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}
