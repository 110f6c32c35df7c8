/** @module What the encoders of both eras share: the kinds of call, the type of an encoder, and constant parts of the JSON. */
import { VERSION } from '../units/version.ts';
import { LIST_METHODS } from './caching/methods.ts';
import type { CallArguments } from './call-arguments.ts';
import type { HeaderFields } from './header-fields.ts';
import type { Request } from './request.ts';

/** The parts of a call that are the same each time it is made. */
export interface Call {
  readonly method: string;
  /** Name of the tool; for `tools/call` only. */
  readonly tool?: string;
  /** For `resources/read` only. */
  readonly uri?: string;
  /** For `prompts/get` only. */
  readonly prompt?: string;
  /** Of any other method, what `Mcp-Name` names: a member of the params, which are given as arguments ({@link NAMED_BY}). */
  readonly subject?: string;
}

/** The member of the params that `Mcp-Name` repeats, of methods for which {@link Call} has no member of its own. Source: ext-tasks, Streamable HTTP: Routing Headers. */
export const NAMED_BY: Readonly<Record<string, string>> = {
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/**
 * Makes the request of one call. `id` is its number: the JSON-RPC id, and the index of its trace context. `args` are the arguments of a
 * tool or a prompt, the cursor of a list, or the members of the params of any other method (`undefined` without). `fields` are the header fields of the agent that makes the call; without them,
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

/** The methods whose subject stands in the params beside the arguments: the member of a {@link Call}, and that of the params. */
const SUBJECTS: Readonly<Record<string, readonly ['tool' | 'uri' | 'prompt', string]>> = {
  'tools/call': ['tool', 'name'],
  'resources/read': ['uri', 'uri'],
  'prompts/get': ['prompt', 'name'],
};

/** What `call` is applied to, if its method is applied to something: the tool, the prompt or the URI. */
export function subjectOf(call: Call): string | undefined {
  const own = SUBJECTS[call.method];
  return own === undefined ? call.subject : (call[own[0]] ?? '');
}

/** The text after the id in every body of `call`: `,"method":...,"params":{` and what it is applied to. */
export function openParams(call: Call): string {
  const own = SUBJECTS[call.method];
  const parameter = own === undefined ? '' : `"${own[1]}":${asciiJson(subjectOf(call))}`;
  return `,"method":${asciiJson(call.method)},"params":{${parameter}`;
}

/** What stands between {@link openParams} and the arguments of a tool or a prompt, or the cursor of a list. All other params have their keys. */
export function argumentsKey(call: Call): string {
  if (call.method === 'tools/call' || call.method === 'prompts/get') return ',"arguments":';
  return isList(call.method) ? '"cursor":' : '';
}

const isList = (method: string): boolean => LIST_METHODS.some((list) => list === method);
