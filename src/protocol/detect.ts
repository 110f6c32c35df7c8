/** @module Detects the era of a server from its reply to `server/discover`. Source: MCP 2026-07-28, Versioning, and Streamable HTTP, Backward Compatibility. */
import type { Problem } from '../units/user-error.ts';
import { safeDetail } from './detail.ts';
import { answered, type Outcome } from './outcome.ts';
import { PROTOCOL_VERSION } from './stateless.ts';

/** The era, or `try-sessions` when `initialize` has to decide, or the reason why the reply is no evidence. */
export type Detected = 'stateless' | 'try-sessions' | { readonly problem: Omit<Problem, 'where'> };

/** The part of a reply that detection uses. */
export interface DiscoverReply {
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly detail: string | undefined;
  /** JSON text of the answer. */
  readonly body: string | undefined;
}

/** Codes that only a server of 2026-07-28 sends: header mismatch, missing capability. */
const MODERN_CODES: ReadonlySet<unknown> = new Set([-32020, -32021]);
const UNSUPPORTED_VERSION = -32022;
const METHOD_NOT_FOUND = -32601;

/**
 * Detects the era. Transport failures, 401 and 403, 429 and 5xx are no evidence, and the result is a problem. A success or a 4xx
 * without a sign of the new revision means `try-sessions`.
 */
export function detectEra(reply: DiscoverReply): Detected {
  const { status } = reply;
  const problem = noEvidence(reply);
  if (problem !== undefined) return { problem };
  const { result, error } = readBody(reply.body);
  const listed = result?.['supportedVersions'];
  if (Array.isArray(listed)) return fromVersions(listed);
  const code = error?.['code'];
  if (code === UNSUPPORTED_VERSION) return fromVersions((error?.['data'] as Json | undefined)?.['supported']);
  if (status >= 400 && MODERN_CODES.has(code)) return 'stateless';
  // A server of the stateless era answers an unknown method with 404; one of the sessions era with 200 or 400.
  if (status === 404 && code === METHOD_NOT_FOUND) return 'stateless';
  return 'try-sessions';
}

/** The problem for an answer that is not MCP; `said` quotes it. */
export function notMcp(said: string): Omit<Problem, 'where'> {
  return {
    what: `the server does not speak MCP (${said})`,
    expected: 'an MCP endpoint over HTTP, usually with the path /mcp',
    todo: 'check the path of the URL',
  };
}

/** The reason why a reply is no evidence of an era; `undefined` when it is evidence. */
export function noEvidence({
  status,
  outcome,
  detail,
}: Omit<DiscoverReply, 'body'>): Omit<Problem, 'where'> | undefined {
  if (status === 0 && outcome === 'malformed') return notMcp(detail ?? outcome);
  if (status === 0 || !answered(outcome)) {
    return {
      what: `no answer (${detail ?? outcome})`,
      todo: 'check that the server is running at this address',
    };
  }
  const said = detail ?? `${status}`;
  if (status === 401 || status === 403) {
    return {
      what: `the server rejected the credentials (${said})`,
      todo: "set credentials with --header 'Authorization: Bearer ...' or target.headers",
    };
  }
  if (status === 429 || status >= 500) {
    return { what: `the server responds with an error (${said})`, todo: 'check its log, or try again' };
  }
  if (status < 200 || (status >= 300 && status < 400)) {
    return { what: `the address redirects (${said})`, todo: 'use the address that it redirects to' };
  }
  return undefined;
}

/** The era from a list of versions. A server that lists only earlier versions speaks the sessions era. */
function fromVersions(versions: unknown): Detected {
  if (!Array.isArray(versions) || versions.length === 0) return 'try-sessions';
  if (versions.includes(PROTOCOL_VERSION)) return 'stateless';
  const names = versions.filter((version): version is string => typeof version === 'string');
  if (names.some((version) => version < PROTOCOL_VERSION)) return 'try-sessions';
  return {
    problem: {
      what: safeDetail(`the server speaks only MCP ${names.join(', ')}`),
      expected: `${PROTOCOL_VERSION} or an earlier revision`,
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

function readBody(body: string | undefined): { readonly result?: Json; readonly error?: Json } {
  try {
    const value: unknown = JSON.parse(body ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
