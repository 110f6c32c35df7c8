/** @module What may stand between `{{` and `}}` in the command of the user's server and in its environment: the port, and nothing else. */
import { nearest } from '../../units/words.ts';
import { isMapping, type Mapping, type RuleProblem, type Violation } from '../section/values.ts';

/** An escaped `\{{`, something between braces, or braces that are not closed. The leash fills in by the same rules. */
const PIECE = /\\\{\{|\{\{(.*?)\}\}|\{\{.*/gs;
const EXPECTED = '{{port}}, or \\{{ for the braces themselves';

/** Slips in `fleet.server`: they would reach the program as they stand. */
export function commandFindings({ command, env }: Mapping): readonly Violation[] {
  const words = Array.isArray(command) ? [...command.entries()] : [];
  const variables = isMapping(env) ? Object.entries(env) : [];
  return [
    ...findings(['command'], command),
    ...words.flatMap(([index, word]) => findings(['command', index], word)),
    ...variables.flatMap(([name, value]) => findings(['env', name], value, 'unspoken')),
  ];
}

function findings(path: Violation['path'], text: unknown, quoting?: 'unspoken'): readonly Violation[] {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(PIECE)].flatMap(([piece, name]) => {
    const fault = faultOf(piece, name, quoting);
    return fault === undefined ? [] : [{ path, fault }];
  });
}

/** Values of the environment may be credentials: no more than a near miss is quoted of them. */
function faultOf(piece: string, name: string | undefined, quoting?: 'unspoken'): RuleProblem | undefined {
  if (piece.startsWith('\\') || name?.trim() === 'port') return undefined;
  const near = name === undefined ? undefined : nearest(name.trim(), ['port']);
  const shown =
    quoting === 'unspoken' && near === undefined ? 'what stands after {{' : `"${piece.slice(0, 40)}"`;
  if (name === undefined)
    return { what: `${shown} opens a placeholder and does not close it`, expected: EXPECTED };
  const hint = near === undefined ? {} : { todo: 'did you mean {{port}}?' };
  return { what: `${shown} is no placeholder`, expected: EXPECTED, ...hint };
}
