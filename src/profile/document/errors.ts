/** @module Turns the issues of a schema into problems that a user can act on. */
import type { z } from 'zod';
import { alternatives, nearest } from '../../units/words.ts';
import type { Place } from '../place.ts';
import { withoutSecretParameters } from '../secrets.ts';
import { isMapping, type RuleProblem } from '../section/values.ts';
import type { Format } from './format.ts';
import { knownKeys } from './json-schema.ts';
import { isSecret } from './secrets.ts';
import { valueAt } from './traced-document.ts';

type Issue = z.core.$ZodIssue;

/** A problem at a place in a document, without its position in the file. */
export interface PlacedProblem {
  readonly place: Place;
  /** The key itself is wrong, not its value. */
  readonly part: 'key' | 'value';
  /** Whether an override may resolve it: a key is missing, or several keys cannot be combined. */
  readonly resolvable: boolean;
  readonly problem: RuleProblem;
}

/** Issue codes that show that the value was not meant for a branch of a union. */
const WRONG_BRANCH: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value']);

/** The problems for the schema issues `issues` about `document`. */
export function problemsOf(
  issues: readonly Issue[],
  document: unknown,
  format: Format,
): readonly PlacedProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, document, format));
}

function problemsOfIssue(issue: Issue, document: unknown, format: Format): readonly PlacedProblem[] {
  const place = issue.path as Place;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(format.jsonSchema, place);
      return issue.keys.map((key) => unknownKey([...place, key], known));
    }
    case 'invalid_key': {
      const problem = { what: 'is not valid as a key', expected: issue.issues[0]!.message };
      return [{ place, part: 'key', resolvable: false, problem }];
    }
    case 'invalid_union': {
      const branch = isMapping(valueAt(document, place)) ? branchMeant(issue) : undefined;
      if (branch === undefined) return [invalidValue(issue, document, format)];
      const issues = branch.map((error) => ({ ...error, path: [...issue.path, ...error.path] }));
      return problemsOf(issues, document, format);
    }
    case 'custom': {
      const problem = issue.params?.['problem'] as RuleProblem | undefined;
      return problem === undefined
        ? [invalidValue(issue, document, format)]
        : [{ place, part: 'value', resolvable: true, problem }];
    }
    default:
      return [invalidValue(issue, document, format)];
  }
}

/** The issues of the union branch that a mapping was meant for, if all of them are inside the mapping. */
function branchMeant({ errors }: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const branch = errors.find(
    (issues) => !issues.some(({ path, code }) => path.length === 0 && WRONG_BRANCH.has(code)),
  );
  return branch?.every(
    ({ path, code }) => path.length > 0 || code === 'custom' || code === 'unrecognized_keys',
  )
    ? branch
    : undefined;
}

function unknownKey(place: Place, known: readonly string[]): PlacedProblem {
  const near = nearest(String(place.at(-1)), known);
  const problem = {
    what: 'unknown key',
    expected: alternatives(known),
    ...(near === undefined ? {} : { todo: `did you mean "${near}"?` }),
  };
  return { place, part: 'key', resolvable: false, problem };
}

function invalidValue(issue: Issue, document: unknown, format: Format): PlacedProblem {
  const place = issue.path as Place;
  const value = valueAt(document, place);
  const expected = issue.message;
  const placed = { place, part: 'value', resolvable: false } as const;
  if (value === undefined) return { ...placed, resolvable: true, problem: { what: 'is missing', expected } };
  if (value === null) return { ...placed, problem: { what: 'is empty', expected } };
  const path = place.join('.');
  if (format.planned.get(path)?.(value) === true)
    return { ...placed, problem: { what: `${show(value)} is not available in this version`, expected } };
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  const shown = isSecret(path, value, format)
    ? 'the value (not shown)'
    : show(typeof value === 'string' ? withoutSecretParameters(value) : value);
  const todo = near === undefined ? {} : { todo: `did you mean ${near}?` };
  return { ...placed, problem: { what: `${shown} is not valid`, expected, ...todo } };
}

/** A value as quoted in a problem, at most 60 characters. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
