/** @module From what the schema found to faults a user can act on. */
import type { z } from 'zod';
import { alternatives, nearest } from '../../units/words.ts';
import { isUnspeakable, withoutSecretParameters } from '../secrets.ts';
import { isMapping, type RuleProblem } from '../section/values.ts';
import { placeBelow } from '../template/template.ts';
import { valueAt } from './overrides.ts';
import type { Place } from './source.ts';

type Issue = z.core.$ZodIssue;

/** A fault of a document, before it is known where in a file that is. */
export interface Complaint {
  readonly place: Place;
  /** The key itself is at fault, not its value. */
  readonly part: 'key' | 'value';
  /** Whether another document may mend it: something is missing, or several keys do not go together. */
  readonly mendable: boolean;
  readonly fault: RuleProblem;
}

/** What the contract names and this version does not have yet. */
const LATER: Readonly<Record<string, (value: unknown) => boolean>> = {
  'auth.mode': (value) => typeof value === 'string',
  'cache.honour': (value) => value === true,
};

/** Codes that say of a branch of a union that the value was not meant for it. */
const WRONG_BRANCH: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value']);

/** The complaints that `issues` about `document` amount to. */
export function complaintsOf(issues: readonly Issue[], document: unknown): readonly Complaint[] {
  return issues.flatMap((issue) => complaintsOfIssue(issue, document));
}

function complaintsOfIssue(issue: Issue, document: unknown): readonly Complaint[] {
  const place = issue.path as Place;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...place, key], issue.message.split(', ')));
    case 'invalid_key':
      return [
        {
          place,
          part: 'key',
          mendable: false,
          fault: { what: 'is not possible as a key', expected: issue.issues[0]!.message },
        },
      ];
    case 'invalid_union': {
      const branch = issue.errors.find(
        (errors) => !errors.some(({ path, code }) => path.length === 0 && WRONG_BRANCH.has(code)),
      );
      const inner = branch?.every(
        (error) => error.path.length > 0 || error.code === 'custom' || error.code === 'unrecognized_keys',
      );
      if (branch === undefined || inner !== true || !isMapping(valueAt(document, place)))
        return [badValue(issue, document)];
      return complaintsOf(
        branch.map((error) => ({ ...error, path: [...issue.path, ...error.path] })),
        document,
      );
    }
    case 'custom':
      return issue.params?.['fault'] === undefined
        ? [badValue(issue, document)]
        : [{ place, part: 'value', mendable: true, fault: issue.params['fault'] as RuleProblem }];
    default:
      return [badValue(issue, document)];
  }
}

function unknownKey(place: Place, known: readonly string[]): Complaint {
  const near = nearest(String(place.at(-1)), known);
  return {
    place,
    part: 'key',
    mendable: false,
    fault: {
      what: 'unknown key',
      expected: alternatives(known),
      ...(near === undefined ? {} : { todo: `did you mean "${near}"?` }),
    },
  };
}

function badValue(issue: Issue, document: unknown): Complaint {
  const place = issue.path as Place;
  const value = valueAt(document, place);
  if (value === undefined) {
    return { place, part: 'value', mendable: true, fault: { what: 'is missing', expected: issue.message } };
  }
  const complaint = { place, part: 'value', mendable: false } as const;
  if (value === null) return { ...complaint, fault: { what: 'is empty', expected: issue.message } };
  const later = LATER[placeBelow('', place)];
  if (later?.(value)) {
    return {
      ...complaint,
      fault: { what: `${show(value)} is not available in this version`, expected: issue.message },
    };
  }
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  const todo = near === undefined ? {} : { todo: `did you mean ${near}?` };
  const shown = isUnspeakable(place.join('.'), value)
    ? 'the value (not shown)'
    : show(typeof value === 'string' ? withoutSecretParameters(value) : value);
  return {
    ...complaint,
    fault: { what: `${shown} is not possible`, expected: issue.message, ...todo },
  };
}

/** A value as a fault quotes it, at most 60 characters. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
