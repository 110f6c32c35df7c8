/** @module The order in which tools are tried, so that those that make something come before those that need it. */

import { objectOf } from '../protocol/json-object.ts';
import type { ToolShape } from './arguments.ts';
import { isReference, turnOf, wordsOf } from './words.ts';

/** `tools` with producers before consumers: by what they require, then by what their name says; else as listed. */
export function inOrder<Tool extends ToolShape>(tools: readonly Tool[]): readonly Tool[] {
  return [...tools].sort((a, b) => references(a) - references(b) || turn(a) - turn(b));
}

const turn = ({ name }: ToolShape): number => turnOf(wordsOf(name));

/** How many required parameters refer to something that has to exist. */
function references({ inputSchema }: ToolShape): number {
  const { required } = objectOf(inputSchema);
  if (!Array.isArray(required)) return 0;
  return required.filter((name) => isReference(wordsOf(String(name)))).length;
}
