/** @module Exchanges as evidence: without what was sent as a credential, and with long values cut. */
import { isSecretName } from '../profile/secrets.ts';
import { safeDetail, withoutCredentials } from '../protocol/detail.ts';
import { isObject } from '../protocol/json-object.ts';
import type { ShownExchange } from './document.ts';
import type { Exchange } from './exchange.ts';

/** Makes a text safe to show. */
export type Safe = (text: string) => string;

/** Characters of a text, entries of a list or an object, and depth of what is shown. */
const LONGEST = 300;
const MOST = 20;
const DEEPEST = 8;

/** Shorter values than this occur by chance. */
const SHORTEST_SECRET = 6;

/** Makes texts safe to show: what may be a credential in the headers or variables `known` is not in them, nor a value whose name looks like one. */
export function safeWithout(known: readonly Readonly<Record<string, string | undefined>>[]): Safe {
  const secrets = known
    .flatMap((headers) => Object.entries(headers))
    .filter(([name]) => isSecretName(name))
    .flatMap(([, value = '']) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    withoutPairs(
      withoutCredentials(secrets.reduce((rest, secret) => rest.replaceAll(secret, '(removed)'), text)),
    );
}

/** A name and its value in a text: `NAME=value`, `name: value`, `"name":"value"`. */
const PAIR = /(["']?)([\w.-]+)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&{}[\]]+)/g;

const withoutPairs = (text: string): string =>
  text.replace(PAIR, (pair, quote: string, name: string, between: string, value: string) => {
    if (!isSecretName(name) || isHandle(name)) return pair;
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
          message: safe(error.message.slice(0, LONGEST)),
          ...(error.data !== undefined && { data: cut(error.data, safe) }),
        },
      }),
      detail: answer.detail === undefined ? null : safe(safeDetail(answer.detail)),
      namesSession: answer.sessionId !== undefined,
    },
  };
}

/** `value` with texts, lists and objects of bounded size, and without secrets. */
function cut(value: unknown, safe: Safe, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = safe(value.slice(0, 4 * LONGEST));
    return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '...';
  if (Array.isArray(value)) {
    const entries = value.slice(0, MOST).map((each) => cut(each, safe, depth + 1));
    return value.length > MOST ? [...entries, `... ${value.length - MOST} more`] : entries;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MOST)
      .map(([name, each]) => [
        safe(name.slice(0, LONGEST)),
        isSecretName(name) && (typeof each === 'string' || typeof each === 'number') && !isHandle(name)
          ? '(removed)'
          : cut(each, safe, depth + 1),
      ]),
  );
}

/** A session id is what the audit is about, and part of its evidence; it is no credential by itself. */
const isHandle = (name: string): boolean => /^(requestState|.*session.?id)$/i.test(name);
