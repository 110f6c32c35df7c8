/** @module A header as a flag gives it: `Name: value`. */
import type { Problem } from '../units/user-error.ts';
import { isSecretName } from './secrets.ts';

/** The header in `text`, or what is wrong with it. `flag`: what gave it. */
export function headerIn(
  text: string,
  flag: string,
): { readonly name: string; readonly value: string } | Problem {
  const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? notAHeader(text, flag) : { name, value };
}

/** The problem of a text that is not a header. Its text may be a credential, so at most a name that marks it as one is quoted. */
function notAHeader(text: string, flag: string): Problem {
  const [, word] = /^\s*([A-Za-z][A-Za-z-]*)[\s=]/.exec(text) ?? [];
  const name = word !== undefined && (isSecretName(word) || /^x-/i.test(word)) ? ` ${word}` : '';
  return {
    where: `${flag}${name}`,
    what: mistakeIn(text.trim()),
    expected: 'the form "Name: value"',
    todo: 'what was given is not shown',
  };
}

function mistakeIn(header: string): string {
  const colon = header.indexOf(':');
  if (colon === -1) return 'has no colon';
  return colon === 0 ? 'has no name before the colon' : 'has more than a name before the colon';
}
