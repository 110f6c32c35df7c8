/** @module Splits an nginx configuration into words, braces and semicolons. The rules are those of `ngx_conf_read_token`. */
import { UserError } from '../../../../units/user-error.ts';
import type { Spot } from '../finding.ts';

/** `raw` is the body of a `*_by_lua_block`, whose braces are not nginx's. */
export interface NginxToken {
  readonly kind: 'word' | '{' | '}' | ';' | 'raw';
  readonly text: string;
  readonly at: Spot;
}

/** Reads all tokens. Throws a {@link UserError} on an unterminated quote. */
export function* readTokens(text: string, file: string): Generator<NginxToken> {
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  let rawNext = false;
  const spot = (): Spot => ({ line, column: offset - lineStart + 1 });
  const step = (): void => {
    if (text[offset] === '\n') {
      line += 1;
      lineStart = offset + 1;
    }
    offset += 1;
  };
  while (offset < text.length) {
    const char = text[offset]!;
    if (/\s/.test(char)) {
      step();
      continue;
    }
    if (char === '#') {
      while (offset < text.length && text[offset] !== '\n') step();
      continue;
    }
    const at = spot();
    if (char === '{' && rawNext) {
      const end = endOfRaw(text, offset);
      if (end === undefined) throw unterminated(file, at, 'a Lua block', '"}"');
      while (offset < end) step();
      rawNext = false;
      yield { kind: 'raw', text: '', at };
    } else if (char === '{' || char === '}' || char === ';') {
      step();
      yield { kind: char, text: char, at };
    } else {
      const word = char === '"' || char === "'" ? quotedEnd(text, offset) : plainEnd(text, offset);
      if (word === undefined) throw unterminated(file, at, 'a quoted word', `a closing ${char}`);
      const source = text.slice(offset, word);
      while (offset < word) step();
      const value = unescapeWord(char === '"' || char === "'" ? source.slice(1, -1) : source);
      rawNext ||= /_by_lua_block$/.test(value);
      yield { kind: 'word', text: value, at };
    }
  }
}

function unterminated(file: string, at: Spot, what: string, expected: string): UserError {
  return new UserError({ where: `${file}:${at.line}`, what: `${what} is not terminated`, expected });
}

function quotedEnd(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === quote) return index + 1;
  }
  return undefined;
}

/** A word ends at a space, `;` or `{`; the brace of `${name}` belongs to it. */
function plainEnd(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index += 1) {
    const char = text[index]!;
    if (char === '\\') index += 1;
    else if (char === '$' && text[index + 1] === '{') index += 1;
    else if (/\s/.test(char) || char === ';' || char === '{') break;
  }
  return Math.min(index, text.length);
}

/** Only quotes, the backslash and three control letters are escapes. The escapes of a regular expression are kept. */
const unescapeWord = (word: string): string =>
  word.replace(/\\(["'\\trn])/g, (_whole, char: string) => ({ t: '\t', r: '\r', n: '\n' })[char] ?? char);

/** The end of a Lua body: braces balance outside of its strings and comments. */
function endOfRaw(text: string, start: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let index = start; index < text.length; index += 1) {
    const char = text[index]!;
    if (quote !== undefined) {
      if (char === '\\') index += 1;
      else if (char === quote || char === '\n') quote = undefined;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '-' && text[index + 1] === '-') index = endOfLine(text, index);
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
