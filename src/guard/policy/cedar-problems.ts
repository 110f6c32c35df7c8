/** @module What is wrong with the files of Cedar, before a load starts. */
import {
  type CheckParseAnswer,
  checkParseEntities,
  checkParsePolicySet,
  type DetailedError,
  type Entities,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { Problem } from '../../units/user-error.ts';

/** A file that was read. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** All mistakes of policies and entities (JSON), each with its line where the engine knows it. */
export function cedarProblems(policies: TextFile, entities: TextFile): readonly Problem[] {
  return [
    ...problemsOf(policies, checkParsePolicySet({ staticPolicies: policies.text })),
    ...entityProblems(entities),
  ];
}

function entityProblems(file: TextFile): readonly Problem[] {
  let entities: unknown;
  try {
    entities = JSON.parse(file.text);
  } catch (error) {
    return [{ where: file.path, what: `is not JSON: ${(error as SyntaxError).message}`, expected: ENTITIES }];
  }
  if (!Array.isArray(entities)) return [{ where: file.path, what: 'is not a list', expected: ENTITIES }];
  return problemsOf(file, checkParseEntities({ entities: entities as Entities }));
}

const ENTITIES = 'a JSON list of entities, each with uid, attrs and parents';

function problemsOf(file: TextFile, answer: CheckParseAnswer): readonly Problem[] {
  return answer.type === 'success' ? [] : answer.errors.map((error) => problemOf(file, error));
}

function problemOf({ path, text }: TextFile, { message, help, sourceLocations }: DetailedError): Problem {
  const at = sourceLocations?.[0]?.start;
  const place = at === undefined ? '' : `:${lineAndColumn(text, at)}`;
  return { where: `${path}${place}`, what: message, ...(help !== null && { todo: help }) };
}

/** `line:column`, both from 1, of the byte at `offset` in UTF-8. */
function lineAndColumn(text: string, offset: number): string {
  const before = Buffer.from(text).subarray(0, offset).toString().split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}
