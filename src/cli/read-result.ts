/** @module Reads and checks a result file. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ResultDocument } from '../result/document.ts';
import { UserFault } from '../units/fault.ts';

/** How many faults of a broken file are worth listing. */
const FAULTS_SHOWN = 10;

/** The result document at `path`. Throws a `UserFault` when there is none, or it is not one of this schema. */
export async function readResult(path: string): Promise<ResultDocument> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UserFault(
      {
        where: path,
        what: `cannot be read (${cause.code})`,
        expected: 'a result.json written by paceline run',
      },
      { cause },
    );
  });
  const parsed = ResultDocument.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  throw new UserFault(parsed.error.issues.slice(0, FAULTS_SHOWN).map((issue) => fault(path, issue)));
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserFault(
      { where: path, what: 'is not JSON', expected: 'a result.json written by paceline run' },
      { cause },
    );
  }
}

function fault(path: string, issue: z.core.$ZodIssue): { where: string; what: string; expected: string } {
  const at = z.core.toDotPath(issue.path);
  return {
    where: `${path}${at === '' ? '' : ` ${at}`}`,
    what: issue.message,
    expected: 'a document of schema paceline/result@1',
  };
}
