/** @module Checks placeholders in the command of the user's server and in its environment: only `{{port}}` is allowed. */
import { nearest } from '../../units/words.ts';
import { isMapping, type Mapping, type RuleProblem, type Violation, violationAt } from '../section/values.ts';

/** An escaped `\{{`, a placeholder, or an unclosed one. The same rules apply when the command is filled in. */
const PIECE = /\\\{\{|\{\{(.*?)\}\}|\{\{.*/gs;
const EXPECTED = '{{port}}, or \\{{ for literal braces';

/** Placeholders in `fleet.server` that are not valid: they would reach the program unreplaced. */
export function commandProblems({ command, env }: Mapping): readonly Violation[] {
  const words = Array.isArray(command) ? [...command.entries()] : [];
  const variables = isMapping(env) ? Object.entries(env) : [];
  return [
    ...problemsIn(['command'], command),
    ...words.flatMap(([index, word]) => problemsIn(['command', index], word)),
    ...variables.flatMap(([name, value]) => problemsIn(['env', name], value, 'never')),
  ];
}

function problemsIn(path: Violation['path'], text: unknown, quoting?: 'never'): readonly Violation[] {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(PIECE)].flatMap(([piece, name]) => {
    return violationAt(path, problemOf(piece, name, quoting));
  });
}

/** Values of the environment may be credentials: only a mistyped `{{port}}` is quoted from them. */
function problemOf(piece: string, name: string | undefined, quoting?: 'never'): RuleProblem | undefined {
  if (piece.startsWith('\\') || name?.trim() === 'port') return undefined;
  const near = name === undefined ? undefined : nearest(name.trim(), ['port']);
  const shown = quoting === 'never' && near === undefined ? 'the text after {{' : `"${piece.slice(0, 40)}"`;
  if (name === undefined) return { what: `${shown} is an unclosed placeholder`, expected: EXPECTED };
  const hint = near === undefined ? {} : { todo: 'did you mean {{port}}?' };
  return { what: `${shown} is not a placeholder`, expected: EXPECTED, ...hint };
}
