/** @module What options a command has, by its golden help text, which is as the command prints it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const fileOf = (command: readonly string[]): string =>
  join(import.meta.dirname, 'golden', `${['help', ...command].join('-')}.golden.txt`);

/** The options of the command that `words` begin with, and the words that follow it. Throws when there is no such command. */
export function helpOf(words: readonly string[]): {
  readonly options: readonly string[];
  readonly rest: readonly string[];
} {
  const lengths = words.map((_, index) => words.length - index);
  const length = lengths.find((count) => existsSync(fileOf(words.slice(0, count))));
  if (length === undefined && words[0]?.startsWith('-') === false)
    throw new Error(`there is no command "${words[0]}"`);
  const help = readFileSync(fileOf(words.slice(0, length ?? 0)), 'utf8');
  const options = [...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]!);
  return { options, rest: words.slice(length ?? 0) };
}
