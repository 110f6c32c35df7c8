/** @module Which era a server speaks, from its reply to `server/discover`. Source: MCP 2026-07-28, Versioning, and Streamable HTTP, Backward Compatibility. */
import type { Problem } from '../units/user-error.ts';
import { safeDetail } from './detail.ts';
import { answered, type Outcome } from './outcome.ts';
import { PROTOCOL_VERSION } from './stateless.ts';

/** The era, or `try-sessions` when only `initialize` can tell, or why the reply says nothing about eras. */
export type Detected = 'stateless' | 'try-sessions' | { readonly fault: Omit<Problem, 'where'> };

/** What of a reply bears on the era. */
export interface DiscoverReply {
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly detail: string | undefined;
  /** JSON text of the answer. */
  readonly body: string | undefined;
}

/** Codes that only a server of 2026-07-28 gives: header mismatch, missing capability. */
const MODERN_CODES: ReadonlySet<unknown> = new Set([-32020, -32021]);
const UNSUPPORTED_VERSION = -32022;
const METHOD_NOT_FOUND = -32601;

/**
 * Decides the era. Failures of transport, 401 and 403, 429 and 5xx are no evidence and come back as a fault; a success
 * or a 4xx without a sign of the new revision means that the old one is worth trying.
 */
export function detectEra(reply: DiscoverReply): Detected {
  const { status } = reply;
  const fault = noEvidence(reply);
  if (fault !== undefined) return { fault };
  const { result, error } = readBody(reply.body);
  const listed = result?.['supportedVersions'];
  if (Array.isArray(listed)) return fromVersions(listed);
  const code = error?.['code'];
  if (code === UNSUPPORTED_VERSION) return fromVersions((error?.['data'] as Json | undefined)?.['supported']);
  if (status >= 400 && MODERN_CODES.has(code)) return 'stateless';
  // A modern server answers an unknown method with 404; an old one, within HTTP 200 or 400.
  if (status === 404 && code === METHOD_NOT_FOUND) return 'stateless';
  return 'try-sessions';
}

/** Why an answer shows that there is no MCP server at the address. */
export function notMcp(said: string): Omit<Problem, 'where'> {
  return {
    what: `something answers, but not MCP (${said})`,
    expected: 'an MCP endpoint over HTTP, usually with the path /mcp',
    todo: 'check the path of the URL',
  };
}

/** Why a reply is no evidence of an era; `undefined` when it is. */
export function noEvidence({
  status,
  outcome,
  detail,
}: Omit<DiscoverReply, 'body'>): Omit<Problem, 'where'> | undefined {
  if (status === 0 && outcome === 'malformed') return notMcp(detail ?? outcome);
  if (status === 0 || !answered(outcome)) {
    return {
      what: `no answer (${detail ?? outcome})`,
      todo: 'is the server running, and is this its address?',
    };
  }
  const said = detail ?? `${status}`;
  if (status === 401 || status === 403) {
    return {
      what: `the server wants other credentials (${said})`,
      todo: "give them with --header 'Authorization: Bearer ...' or target.headers",
    };
  }
  if (status === 429 || status >= 500) {
    return { what: `the server is there, but not well (${said})`, todo: 'look at its log, or try again' };
  }
  if (status < 200 || (status >= 300 && status < 400)) {
    return { what: `the address leads elsewhere (${said})`, todo: 'give the address it leads to' };
  }
  return undefined;
}

/** A server that lists only other versions can still be an old one, which lists what it speaks. */
function fromVersions(versions: unknown): Detected {
  if (!Array.isArray(versions) || versions.length === 0) return 'try-sessions';
  if (versions.includes(PROTOCOL_VERSION)) return 'stateless';
  const names = versions.filter((version): version is string => typeof version === 'string');
  if (names.some((version) => version < PROTOCOL_VERSION)) return 'try-sessions';
  return {
    fault: {
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
