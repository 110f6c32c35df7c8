/** @module What the encoders of both eras share: the kinds of call, the encoder's type and JSON pieces made ahead. */
import { VERSION } from '../units/version.ts';
import type { Request } from './request.ts';

/** A call of one template: the parts that are the same every time. */
export interface Call {
  readonly method: 'tools/call' | 'tools/list';
  /** Name of the tool; for `tools/call` only. */
  readonly tool?: string;
}

/**
 * Makes the request of one call: `id` is its number, which is its JSON-RPC id and draws its trace context, `argumentsJson` the
 * arguments as JSON text (`tools/call` only; `undefined` for none), `ascii` whether that text is plain ASCII.
 */
export type CallEncoder = (id: number, argumentsJson: string | undefined, ascii: boolean) => Request;

/** What every body begins with. */
export const OPEN_BODY = '{"jsonrpc":"2.0","id":';

/** How Paceline names itself (`Implementation` of both revisions). */
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

/** `,"method":...,"params":{` and, for a tool, its name: what follows the id in every body of `call`. */
export function openParams(call: Call): string {
  const name = call.method === 'tools/call' ? `"name":${asciiJson(call.tool ?? '')}` : '';
  return `,"method":"${call.method}","params":{${name}`;
}
