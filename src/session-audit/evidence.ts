/** @module Exchanges as evidence: without what was sent as a credential, and with long values cut. */
import { holdsValues } from '../profile/named-secrets.ts';
import { isSecretArgument, isSecretName, isSecretValue, withoutSecretsOf } from '../profile/secrets.ts';
import { withoutCredentials } from '../protocol/credentials-in-text.ts';
import { safeDetail } from '../protocol/detail.ts';
import { isObject } from '../protocol/json-object.ts';
import type { Difference } from './differing.ts';
import type { ShownDifference, ShownExchange } from './document.ts';
import type { Exchange } from './exchange.ts';

/** Makes a text safe to show. */
export type Safe = (text: string) => string;

/** Characters of a text, entries of a list or an object, and depth of what is shown. */
interface Limits {
  readonly longest: number;
  readonly most: number;
  readonly deepest: number;
}

const LIMITS: Limits = { longest: 300, most: 20, deepest: 8 };
const NO_LIMITS: Limits = { longest: Infinity, most: Infinity, deepest: Infinity };

/** Characters that are shown of what differs, and how many of them come before the first one that does. */
const SHOWN = 120;
const BEFORE = 40;

/**
 * Makes texts safe to show: what may be a credential in the headers or variables `known` is not in them, nor a secret of `named`, nor a
 * value whose name looks like one.
 */
export function safeWithout(
  known: readonly Readonly<Record<string, string | undefined>>[],
  named: ReadonlySet<string> = new Set(),
): Safe {
  const withoutKnown = withoutSecretsOf(known, named);
  return (text) => withoutPairs(withoutCredentials(withoutKnown(text)));
}

/** A name and its value in a text: `NAME=value`, `name: value`, `"name":"value"`. */
const PAIR = /(["']?)([\w.-]+)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&{}[\]]+)/g;

const withoutPairs = (text: string): string =>
  text.replace(PAIR, (pair, quote: string, name: string, between: string, value: string) => {
    if (!isSecretValue(name, value) || !isSecretArgument(name)) return pair;
    const mark = /^["']/.exec(value)?.[0] ?? '';
    return `${quote}${name}${quote}${between}${mark}(removed)${mark}`;
  });

/** `exchange` as it is shown and stored. */
export function shown(exchange: Exchange, safe: Safe): ShownExchange {
  const { number, identity, sentTo, servedBy, inSession, request, answer } = exchange;
  const { result, error } = answer;
  return {
    number,
    identity,
    sentTo: sentTo.name,
    servedBy: servedBy ?? null,
    inSession,
    request: {
      method: request.method,
      name: request.name === undefined ? null : safe(request.name),
      params: cut(request.params ?? {}, safe),
      headers: Object.fromEntries(
        Object.entries(request.headers ?? {}).map(([name, value]) => [
          name,
          isSecretName(name) ? '(removed)' : safe(value),
        ]),
      ),
    },
    answer: {
      outcome: answer.outcome,
      status: answer.status,
      ...(result !== undefined && { result: cut(result, safe) }),
      ...(error !== undefined && {
        error: {
          code: error.code ?? null,
          message: safe(error.message.slice(0, LIMITS.longest)),
          ...(error.data !== undefined && { data: cut(error.data, safe) }),
        },
      }),
      detail: answer.detail === undefined ? null : safe(safeDetail(answer.detail)),
      namesSession: answer.sessionId !== undefined,
      setsCookies: answer.setsCookies,
    },
  };
}

/** `difference` as it is shown and stored: what is around the first character, or the word, in which the values differ. */
export function shownDifference({ at, values, starts }: Difference, safe: Safe): ShownDifference {
  // What holds a value in a schema stands below the name of the parameter.
  const name = at.split(/[/#]/).findLast((part) => !holdsValues(part) && !/^\d+$/.test(part)) ?? '';
  const [one, other] = values.map((value) => member(name, value, safe, NO_LIMITS)) as [unknown, unknown];
  const unlike = firstUnlike(textOf(one), textOf(other));
  // What is removed from a text before a word moves the word.
  const [first, second] = values.map((value, index) =>
    starts === undefined ? unlike : safe(String(value).slice(0, starts[index])).length,
  ) as [number, number];
  return { at: safe(at), values: [excerpt(one, first), excerpt(other, second)] };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Place of the first character in which two texts differ. */
function firstUnlike(one: string, other: string): number {
  let place = 0;
  while (place < one.length && one[place] === other[place]) place += 1;
  return place;
}

/** At most {@link SHOWN} characters of `value`, those around `place`; null for `undefined`. */
function excerpt(value: unknown, place: number): string | null {
  if (value === undefined) return null;
  const text = textOf(value);
  const start = text.length <= SHOWN ? 0 : Math.max(0, place - BEFORE);
  const end = start + SHOWN;
  const part = `${start > 0 ? '...' : ''}${text.slice(start, end)}${end < text.length ? '...' : ''}`;
  return typeof value === 'string' ? JSON.stringify(part) : part;
}

/** `value` with texts, lists and objects of bounded size, and without secrets. */
function cut(value: unknown, safe: Safe, limits = LIMITS, depth = 0): unknown {
  const { longest, most, deepest } = limits;
  if (typeof value === 'string') {
    const text = safe(value.slice(0, 4 * longest));
    return text.length <= longest ? text : `${text.slice(0, longest - 3)}...`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return '...';
  if (Array.isArray(value)) {
    const entries = value.slice(0, most).map((each) => cut(each, safe, limits, depth + 1));
    return value.length > most ? [...entries, `... ${value.length - most} more`] : entries;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, most)
      .map(([name, each]) => [safe(name.slice(0, longest)), member(name, each, safe, limits, depth + 1)]),
  );
}

/** The value of a member called `name`. */
const member = (name: string, value: unknown, safe: Safe, limits: Limits, depth = 0): unknown =>
  (typeof value === 'string' || typeof value === 'number') &&
  isSecretValue(name, String(value)) &&
  isSecretArgument(name)
    ? '(removed)'
    : cut(isSecretArgument(name) ? withoutValues(value) : value, safe, limits, depth);

/** The schema of a parameter without the values that it names. */
const withoutValues = (schema: unknown): unknown =>
  isObject(schema)
    ? Object.fromEntries(
        Object.entries(schema).map(([key, value]) => [key, holdsValues(key) ? '(removed)' : value]),
      )
    : schema;
