/** @module The words of one HAProxy line: weak and strong quotes, backslash escapes, comments. */
import { UserError } from '../../../../units/user-error.ts';

/** Splits a line as HAProxy does (configuration manual, 2.2). Throws a {@link UserError} at `where` for an unterminated quote. */
export function splitWords(line: string, where: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index += 1) {
    const char = line[index]!;
    if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) quote = undefined;
    else if (char === '\\' && quote !== "'") {
      index += 1;
      word = (word ?? '') + (line[index] ?? '');
    } else if (quote !== undefined) word += char;
    else if (char === '#') break;
    else if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) {
    throw new UserError({ where, what: 'a quote is not terminated', expected: `a closing ${quote}` });
  }
  if (word !== undefined) words.push(word);
  return words;
}
