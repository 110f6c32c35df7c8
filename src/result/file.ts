/** @module Reads and checks a result file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../units/user-error.ts';
import { ResultDocument } from './document.ts';

const SCHEMA = ResultDocument.shape.schema.value;
const EXPECTED = `a result.json written by paceline run (schema ${SCHEMA})`;
/** Of a foreign schema no more is repeated. */
const LONGEST = 60;

/** The result document at `path`. Throws a `UserError` when there is none, or it is not one of this schema. */
export async function readResult(path: string): Promise<ResultDocument> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(
      {
        where: path,
        what: `cannot be read (${cause.code})`,
        expected: EXPECTED,
      },
      { cause },
    );
  });
  const value = parseJson(path, text);
  const parsed = ResultDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserError({ where: path, what: whatIsWrong(value, parsed.error.issues), expected: EXPECTED });
}

/** Of a file of another kind that it is one; of a result that is broken, where first and how. */
function whatIsWrong(value: unknown, issues: readonly z.core.$ZodIssue[]): string {
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== SCHEMA) {
    const says =
      typeof schema === 'string'
        ? `its schema is ${JSON.stringify(schema.slice(0, LONGEST))}`
        : 'it names no schema';
    return `is not a result, ${says}`;
  }
  const [first] = issues;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : '';
  return `is a broken result, at ${z.core.toDotPath(first!.path)}: ${first!.message}${more}`;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError({ where: path, what: 'is not JSON', expected: EXPECTED }, { cause });
  }
}
