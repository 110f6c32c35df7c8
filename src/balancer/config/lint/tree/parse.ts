/** @module Reads YAML and JSON text into trees with positions. */
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { type Problem, UserError } from '../../../../units/user-error.ts';
import type { Spot } from '../finding.ts';
import type { Tree } from './tree.ts';

/** A file with more values than this, after aliases are resolved, is rejected: it is an attack or a mistake. */
const SIZE_LIMIT = 200_000;
const DEPTH_LIMIT = 200;
const PROBLEMS_SHOWN = 5;

type Parsed = Exclude<ReturnType<typeof parseAllDocuments>, { readonly empty: true }>[number];

/** The documents of a file without empty ones. Throws a {@link UserError} with the line of each syntax error. */
export function parseTrees(text: string, file: string): readonly Tree[] {
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const documents: readonly Parsed[] = Array.isArray(parsed) ? (parsed as readonly Parsed[]) : [];
    const problems = documents.flatMap((document) =>
      document.errors.map((error) => syntaxProblem(file, lines, error.pos[0], error.message)),
    );
    if (problems.length > 0) throw new UserError(problems.slice(0, PROBLEMS_SHOWN));
    let left = SIZE_LIMIT;
    return documents
      .filter(({ contents }) => contents !== null && !(isScalar(contents) && contents.value === null))
      .map((document) =>
        convert(document.contents, {
          file,
          lines,
          document,
          around: [],
          targets: new Map(),
          spend: () => {
            left -= 1;
            return left >= 0;
          },
        }),
      );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooDeep(file);
  }
}

const tooDeep = (where: string): UserError =>
  new UserError({ where, what: 'values are nested too deeply', expected: `at most ${DEPTH_LIMIT} levels` });

interface Conversion {
  readonly file: string;
  readonly lines: LineCounter;
  readonly document: Parsed;
  readonly around: readonly unknown[];
  /** The resolved target of each alias. Resolving walks the document, and a nested alias occurs many times. */
  readonly targets: Map<Alias, unknown>;
  spend(): boolean;
}

function convert(node: unknown, conversion: Conversion): Tree {
  const { file, document, around, lines, targets } = conversion;
  const offset = (node as { readonly range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
  const at = spotOf(lines, offset);
  if (!conversion.spend()) {
    throw new UserError({
      where: `${file}:${at.line}`,
      what: `more than ${SIZE_LIMIT} values`,
      expected: 'fewer',
    });
  }
  if (around.length > DEPTH_LIMIT) throw tooDeep(`${file}:${at.line}`);
  if (isAlias(node)) {
    if (!targets.has(node)) targets.set(node, node.resolve(document));
    const target = targets.get(node);
    if (target === undefined || around.includes(target)) {
      throw new UserError({
        where: `${file}:${at.line}`,
        what: `alias "*${node.source}" is undefined or contains itself`,
        expected: `an anchor "&${node.source}" before it`,
      });
    }
    return convert(target, conversion);
  }
  const inner = { ...conversion, around: [...around, node] };
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => convert(item, inner)) };
  if (!isMap(node)) return { kind: 'scalar', at, value: isScalar(node) ? node.value : null };
  const entries = new Map<string, { readonly keyAt: Spot; readonly value: Tree }>();
  const merged: Tree[] = [];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : undefined;
    const tree = convert(value, inner);
    const merges = name === '<<' || typeof name === 'symbol';
    if (merges) merged.push(...(tree.kind === 'list' ? tree.items : [tree]));
    else entries.set(String(name), { keyAt: keySpot(lines, key, at), value: tree });
  }
  for (const map of merged) {
    if (map.kind === 'map')
      for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
  }
  return { kind: 'map', at, entries };
}

function keySpot(lines: LineCounter, key: unknown, around: Spot): Spot {
  const offset = (key as { readonly range?: readonly number[] | null } | null)?.range?.[0];
  return offset === undefined ? around : spotOf(lines, offset);
}

function spotOf(lines: LineCounter, offset: number): Spot {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function syntaxProblem(file: string, lines: LineCounter, offset: number, message: string): Problem {
  const { line } = spotOf(lines, offset);
  return {
    where: `${file}:${line}`,
    what: `invalid YAML or JSON: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    expected: 'valid YAML or JSON',
  };
}
