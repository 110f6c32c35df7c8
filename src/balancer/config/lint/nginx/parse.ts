/** @module Parses an nginx configuration into a tree of directives with positions. */
import { UserError } from '../../../../units/user-error.ts';
import type { Spot } from '../finding.ts';
import { type NginxToken, readTokens } from './tokens.ts';

/** `name args;` or `name args { block }`. Arguments are unquoted. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly at: Spot;
  readonly block?: readonly Directive[];
}

const DEPTH_LIMIT = 100;

interface Open {
  readonly into: Directive[];
  readonly at: Spot;
  readonly name: string;
}

/** Parses `text`. Throws a {@link UserError} with the line of the first syntax error. */
export function parseNginx(text: string, file: string): readonly Directive[] {
  const top: Directive[] = [];
  const stack: Open[] = [{ into: top, at: { line: 1 }, name: '' }];
  let words: NginxToken[] = [];
  let last: Spot = { line: 1 };
  const fail = (at: Spot, what: string, expected: string): never => {
    throw new UserError({ where: `${file}:${at.line}`, what, expected });
  };
  const take = (block?: readonly Directive[]): void => {
    const [head, ...args] = words;
    if (head === undefined) return;
    const directive = { name: head.text, args: args.map((word) => word.text), at: head.at };
    stack.at(-1)!.into.push(block === undefined ? directive : { ...directive, block });
    words = [];
  };
  for (const token of readTokens(text, file)) {
    last = token.at;
    if (token.kind === 'word') words.push(token);
    else if (token.kind === 'raw') take([]);
    else if (token.kind === ';') {
      if (words.length === 0) fail(token.at, 'unexpected ";"', 'a directive');
      take();
    } else if (token.kind === '{') {
      if (words.length === 0) fail(token.at, 'unexpected "{"', 'the name of a block before it');
      if (stack.length > DEPTH_LIMIT)
        fail(token.at, 'blocks are nested too deeply', `at most ${DEPTH_LIMIT}`);
      const into: Directive[] = [];
      const { at, text: name } = words[0]!;
      take(into);
      stack.push({ into, at, name });
    } else {
      if (words.length > 0)
        fail(words[0]!.at, `directive "${words[0]!.text}" is not terminated`, '";" before "}"');
      if (stack.length === 1) fail(token.at, 'unexpected "}"', 'a block that it closes');
      stack.pop();
    }
  }
  if (words.length > 0) fail(words[0]!.at, `directive "${words[0]!.text}" is not terminated`, '";"');
  const open = stack.at(-1)!;
  if (stack.length > 1)
    fail(last, `the file ends inside block "${open.name}" of line ${open.at.line}`, '"}"');
  return top;
}
