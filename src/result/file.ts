/** @module Reads and checks a result file, of this version or an older one. */
import { type FileKind, readJsonFile } from '../units/json-file.ts';
import { ResultDocument } from './document.ts';
import { OlderDocument, upgrade } from './upgrade.ts';

const RESULT: FileKind<ResultDocument> = {
  noun: 'result',
  schema: ResultDocument.shape.schema.value,
  content: OlderDocument.transform(upgrade),
  expected: 'a result.json written by paceline run',
};

/**
 * The result document at `path`, with times in integer microseconds. Rejects with a `UserError` when there is none, or it is not one
 * of this schema.
 *
 * @example
 * ```ts
 * const result = await readResult('results/latest/result.json');
 * console.log(result.verdict.status);
 * ```
 */
export function readResult(path: string): Promise<ResultDocument> {
  return readJsonFile(path, RESULT);
}
