/** @module What the encoders of both eras share: the kinds of call, the type of an encoder, and constant parts of the JSON. */
import { VERSION } from '../units/version.ts';
import type { CacheableMethod } from './caching/methods.ts';
import type { CallArguments } from './call-arguments.ts';
import type { HeaderFields } from './header-fields.ts';
import type { Request } from './request.ts';

/** The methods that a mix of calls can have. */
export type CallMethod = 'tools/call' | CacheableMethod;

/** The parts of a call that are the same each time it is made. */
export interface Call {
  readonly method: CallMethod;
  /** Name of the tool; for `tools/call` only. */
  readonly tool?: string;
  /** For `resources/read` only. */
  readonly uri?: string;
}

/**
 * Makes the request of one call. `id` is its number: the JSON-RPC id, and the index of its trace context. `args` are the arguments of a
 * tool, or the cursor of a list (`undefined` without). `fields` are the header fields of the agent that makes the call; without them,
 * it adds none. `agent` is its number, for arguments that depend on it.
 */
export type CallEncoder = (
  id: number,
  args: CallArguments | undefined,
  fields?: HeaderFields,
  agent?: number,
) => Request;

/**
 * The ids of requests that agents make for a call or for a session, such as later pages of a list, are above this number: above that of
 * every call, and within 31 bits, since a server may read an id into no more.
 */
export const FIRST_OWN_ID = 1_000_000_000;

/** The beginning of every body. */
export const OPEN_BODY = '{"jsonrpc":"2.0","id":';

/** The name and version that Paceline sends as a client (`Implementation` of both revisions). */
export const CLIENT_INFO = { name: 'paceline', version: VERSION } as const;

/** `value` as JSON text in plain ASCII. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A JSON-RPC id as JSON text. */
export function idJson(id: number | string): string {
  return typeof id === 'number' ? `${id}` : asciiJson(id);
}

/** What `call` is applied to, if its method is applied to something: the tool or the URI. */
export function subjectOf({ method, tool = '', uri = '' }: Call): string | undefined {
  if (method === 'tools/call') return tool;
  return method === 'resources/read' ? uri : undefined;
}

/** The text after the id in every body of `call`: `,"method":...,"params":{` and what it is applied to. */
export function openParams(call: Call): string {
  const key = call.method === 'tools/call' ? 'name' : 'uri';
  const subject = subjectOf(call);
  const parameter = subject === undefined ? '' : `"${key}":${asciiJson(subject)}`;
  return `,"method":"${call.method}","params":{${parameter}`;
}

/** What stands between {@link openParams} and the arguments of a tool, or the cursor of a list. */
export function argumentsKey(call: Call): string {
  return call.method === 'tools/call' ? ',"arguments":' : '"cursor":';
}
