/** @module Reads JSON files that name their schema, and reports what is wrong with one that cannot be used. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from './user-error.ts';

/** A kind of file. */
export interface FileKind<Content> {
  /** What a file of this kind is called in messages: `result`. */
  readonly noun: string;
  /** The value of its key `schema`: `paceline/result@1`. */
  readonly schema: string;
  readonly content: z.ZodType<Content>;
  /** For messages: `a result.json written by paceline run`. */
  readonly expected: string;
}

/** Characters of a foreign schema that a message repeats. */
const LONGEST = 60;

/** The content of the file at `path`. Rejects with a `UserError` when there is none, or it is not one of `kind`. */
export async function readJsonFile<Content>(path: string, kind: FileKind<Content>): Promise<Content> {
  const expected = `${kind.expected} (schema ${kind.schema})`;
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError({ where: path, what: `cannot be read (${cause.code})`, expected }, { cause });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError({ where: path, what: 'is not JSON', expected }, { cause });
  }
  const parsed = kind.content.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError({ where: path, what: whatIsWrong(value, kind, parsed.error.issues), expected });
}

/** Of a file of another kind that it is one; of a broken file, where first and how. */
function whatIsWrong(
  value: unknown,
  { noun, schema: own }: Pick<FileKind<unknown>, 'noun' | 'schema'>,
  issues: readonly z.core.$ZodIssue[],
): string {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== own) {
    const names =
      typeof schema === 'string'
        ? `its schema is ${JSON.stringify(schema.slice(0, LONGEST))}`
        : 'it names no schema';
    return `is not a ${noun}, ${names}`;
  }
  const [first] = issues;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return `is a broken ${noun}, at ${z.core.toDotPath(first!.path)}: ${first!.message}${more}`;
}
