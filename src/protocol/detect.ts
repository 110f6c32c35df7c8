/** @module Detects the era of a server from its reply to `server/discover`. Source: MCP 2026-07-28, Versioning, and Streamable HTTP, Backward Compatibility. */
import type { Problem } from '../units/user-error.ts';
import { safeDetail } from './detail.ts';
import { answered, type Outcome } from './outcome.ts';
import { SESSIONS_PROTOCOL_VERSION } from './sessions.ts';
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

/** The question that a reply answers, and the key of the profile, or the flag, by which the user names the era instead. */
export interface Asked {
  readonly method: 'server/discover' | 'initialize' | 'tools/list';
  readonly eraKey: 'target.era' | 'fleet.era' | '--era';
}

/**
 * Detects the era. Transport failures, 401 and 403, 429 and 5xx are no evidence, and the result is a problem. A success or a 4xx
 * without a sign of the new revision means `try-sessions`. That includes 404 with -32601 (method not found), which servers of both
 * eras send. `eraKey` is named by problems.
 */
export function detectEra(reply: DiscoverReply, eraKey: Asked['eraKey']): Detected {
  const { status } = reply;
  const problem = noEvidence(reply, { method: 'server/discover', eraKey });
  if (problem !== undefined) return { problem };
  const { result, error } = readBody(reply.body);
  const listed = result?.['supportedVersions'];
  if (Array.isArray(listed)) return fromVersions(listed);
  const code = error?.['code'];
  if (code === UNSUPPORTED_VERSION) return fromVersions((error?.['data'] as Json | undefined)?.['supported']);
  if (status >= 400 && MODERN_CODES.has(code)) return 'stateless';
  return 'try-sessions';
}

/** The problem for an answer that is not MCP; `said` quotes it. `asked`: the request that it answers, when the era was to be detected. */
export function notMcp(said: string, asked?: Asked): Omit<Problem, 'where'> {
  const wayOut =
    asked === undefined
      ? ''
      : `; if the server answers tools/list without a handshake, set ${eraSetting(asked.eraKey, 'stateless')}`;
  return {
    what: `the server does not speak MCP (${said})`,
    expected: 'an MCP endpoint over HTTP, usually with the path /mcp',
    todo: `check the path of the URL${wayOut}`,
  };
}

/** How the user names an era: as a key of a profile, or a flag. */
const eraSetting = (key: Asked['eraKey'], era: string): string =>
  key === '--era' ? `${key} ${era}` : `${key}: ${era}`;

const NOT_RUNNING = 'check that the server is running at this address';

/** The reason why a reply to `asked` is no evidence of an era; `undefined` when it is evidence. */
export function noEvidence(
  { status, outcome, detail }: Omit<DiscoverReply, 'body'>,
  { method, eraKey }: Asked,
): Omit<Problem, 'where'> | undefined {
  const said = detail ?? (status === 0 ? outcome : `${status}`);
  if (status === 0 && outcome === 'malformed') return notMcp(said);
  // A server of the sessions era may fail on a method that it does not know.
  const wayOut =
    method === 'server/discover'
      ? `set ${eraSetting(eraKey, 'sessions')} if it speaks MCP 2025-11-25, or stateless if it lists its tools without a handshake`
      : undefined;
  if (outcome === 'timeout') {
    return {
      what: `no answer to ${method} (${said})`,
      todo: wayOut ?? (status === 0 ? NOT_RUNNING : 'it began an answer and did not end it: check its log'),
    };
  }
  if (status === 0 || !answered(outcome)) {
    return { what: `no answer (${said})`, todo: NOT_RUNNING };
  }
  if (status === 401 || status === 403) {
    return {
      what: `the server rejected the credentials (${said})`,
      todo: "set credentials with --header 'Authorization: Bearer ...' or target.headers",
    };
  }
  if (status === 429 || status >= 500) {
    return {
      what: `the server responds to ${method} with an error (${said})`,
      todo: [wayOut, 'check its log, or try again'].filter((step) => step !== undefined).join('; or '),
    };
  }
  if (status < 200 || (status >= 300 && status < 400)) {
    return { what: `the address redirects (${said})`, todo: 'use the address that it redirects to' };
  }
  return undefined;
}

/** The problem for a server that answers `initialize` with an error about the protocol version; `undefined` for another error. */
export function refusedVersion(body: string | undefined): Omit<Problem, 'where'> | undefined {
  const { error } = readBody(body);
  const { code, message, data } = error ?? {};
  const supported = (data as Json | null | undefined)?.['supported'];
  const offers = Array.isArray(supported) ? supported.filter((version) => typeof version === 'string') : [];
  const said = typeof message === 'string' ? message : '';
  if (offers.length === 0 && !/protocol ?version/i.test(said)) return undefined;
  const theirs =
    offers.length === 0 ? 'it does not say which versions it speaks' : `it offers ${offers.join(', ')}`;
  return {
    what: safeDetail(
      `the server refuses MCP ${SESSIONS_PROTOCOL_VERSION} (${String(code)} ${said}); ${theirs}`,
    ),
    expected: `a server that speaks ${PROTOCOL_VERSION}, or that answers initialize with a version of its own`,
  };
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
