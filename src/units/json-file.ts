/** @module Reads JSON files that name their schema, and reports why a file is invalid. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { issueText } from './schema-issue.ts';
import { type Problem, UserError } from './user-error.ts';

/** A kind of file. */
export interface FileKind<Content> {
  /** The name of the kind in messages: `result`. */
  readonly noun: string;
  /** The value of its key `schema`: `paceline/result@1`. */
  readonly schema: string;
  readonly content: z.ZodType<Content>;
  /** The expected file, for messages: `a result.json written by paceline run`. */
  readonly expected: string;
}

/** The maximum length of an unknown schema in a message. */
const LONGEST = 60;

/** The content of the file at `path`. Rejects with a `UserError` when it cannot be read, or is not of `kind`. */
export async function readJsonFile<Content>(path: string, kind: FileKind<Content>): Promise<Content> {
  const expected = `${kind.expected} (schema ${kind.schema})`;
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError({ where: path, what: `cannot be read (${cause.code})`, expected }, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError({ where: path, expected, ...noJson(text) }, { cause });
  }
  const parsed = kind.content.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError({ where: path, what: whatIsWrong(value, kind, parsed.error.issues), expected });
}

/** A file that was not written to its end, as on a full disk, has no closing bracket. */
function noJson(text: string): Pick<Problem, 'what' | 'todo'> {
  const written = text.trim();
  if (written === '') return { what: 'is empty' };
  const isCut = /^[{[]/.test(written) && !/[}\]]$/.test(written);
  return {
    what: 'is not JSON',
    ...(isCut && { todo: 'it ends in the middle: it was cut off, or is still being written' }),
  };
}

/** The error for a file of another kind, or the first error of an invalid file. */
function whatIsWrong(
  value: unknown,
  { noun, schema: own }: Pick<FileKind<unknown>, 'noun' | 'schema'>,
  issues: readonly z.core.$ZodIssue[],
): string {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== own) {
    const [kind, version] = own.split('@');
    if (typeof schema === 'string' && schema.split('@')[0] === kind) {
      return `is a ${noun} of another version, ${JSON.stringify(schema.slice(0, LONGEST))}; this version of Paceline reads version ${version}`;
    }
    const names =
      typeof schema === 'string'
        ? `its schema is ${JSON.stringify(schema.slice(0, LONGEST))}`
        : 'it names no schema';
    return `is not a ${noun}, ${names}`;
  }
  const [first] = issues;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return `is a broken ${noun}, at ${z.core.toDotPath(first!.path)}: ${issueText(first!, value)}${more}`;
}
