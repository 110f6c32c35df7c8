/** @module What a request asks a cache for, read from its head and its message. */
import { hash } from 'node:crypto';
import { type Context, NO_CONTEXT } from '../../../cache/context.ts';
import { type CacheKey, keyOf } from '../../../cache/key.ts';
import { type CacheableMethod, isCacheable } from '../../../protocol/caching/methods.ts';
import { decodeHeaderValue } from '../../../protocol/headers.ts';
import { parsed } from '../../../protocol/json-members.ts';
import { PROTOCOL_VERSION } from '../../../protocol/stateless.ts';
import type { ClientHead } from '../heads.ts';

/** A request whose answer may be in the cache, or be kept there. */
export interface Asked {
  readonly method: CacheableMethod;
  readonly key: CacheKey;
  /** The digest of its `Authorization`: a renewed token is another context. All callers without one have the same. */
  readonly context: Context;
  /** Its JSON-RPC id. */
  readonly id: string | number;
}

/** Most bytes of a message that is read: a method, a parameter and `_meta`. */
const MOST_BODY = 65_536;

/** Whether the head is of a request whose message has to be read: of MCP 2026-07-28, with a cacheable method and a short body of known length. */
export function mayBeAsked({ method, body, fields }: ClientHead): boolean {
  const { mcpMethod } = fields;
  if (mcpMethod === undefined || !isCacheable(mcpMethod)) return false;
  const isRead = typeof body === 'number' && body > 0 && body <= MOST_BODY;
  // A client that expects 100 (Continue) sends no body until an upstream has seen the head.
  return method === 'POST' && isRead && !/^expect:/im.test(fields.text);
}

/**
 * What such a request asks for. Undefined: its answer depends on more than the key has (other parameters, answers to an earlier
 * `input_required`), or the server has to judge it (headers that contradict the message, another revision).
 */
export function readAsked({ fields }: ClientHead, body: string): Asked | undefined {
  const { mcpMethod, mcpName, authorization } = fields;
  const { id, method, params } = messageIn(body);
  if (typeof method !== 'string' || method !== mcpMethod || !isCacheable(method)) return undefined;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  const { _meta, ...given } = params;
  if ((_meta as Meta)?.['io.modelcontextprotocol/protocolVersion'] !== PROTOCOL_VERSION) return undefined;
  const parameter = parameterOf(method, given, mcpName);
  if (parameter === UNKNOWN) return undefined;
  const context = authorization === undefined ? NO_CONTEXT : hash('sha256', authorization, 'base64');
  return { method, key: keyOf(method, parameter), context, id };
}

type Meta = Readonly<Record<string, unknown>> | undefined;

interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

function messageIn(body: string): Message {
  const message = parsed(body) as Partial<Message> | null | undefined;
  const params = message?.params;
  return { ...message, params: typeof params === 'object' && params !== null ? params : {} };
}

const UNKNOWN = Symbol('unknown');

/** The parameter that the result depends on, if it has no other; `mcpName` has to agree with it. */
function parameterOf(
  method: CacheableMethod,
  given: Readonly<Record<string, unknown>>,
  mcpName: string | undefined,
): string | undefined | typeof UNKNOWN {
  const name = method === 'resources/read' ? 'uri' : method === 'server/discover' ? undefined : 'cursor';
  const names = Object.keys(given);
  if (names.some((each) => each !== name)) return UNKNOWN;
  const value = name === undefined ? undefined : given[name];
  if (names.length > 0 && typeof value !== 'string') return UNKNOWN;
  if (name !== 'uri') return value as string | undefined;
  return mcpName !== undefined && decodeHeaderValue(mcpName) === value ? (value as string) : UNKNOWN;
}
