/** @module The body of a request to an SDK server that a guard checks: read once, for the guard and the SDK. */
import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject } from '../../protocol/json-object.ts';
import type { Mistake } from './answers.ts';

/** One JSON-RPC message; undefined: the request has none by its method. */
export type Body = { readonly message: JsonObject | undefined } | { readonly mistake: Mistake };

/** The default of both SDKs. */
const MAX_BYTES = 4 * 1024 * 1024;

const TOO_LARGE: Mistake = {
  status: 413,
  code: -32000,
  message: `A body may have ${MAX_BYTES} bytes at most`,
};
const NO_JSON: Mistake = { status: 400, code: -32700, message: 'Parse error: Invalid JSON' };
/** SDK 1.x executes batches, which were removed from MCP; a guard looks at one operation. */
const NO_MESSAGE: Mistake = { status: 400, code: -32600, message: 'Invalid Request: expected one message' };

/** Reads the body of `request`, and does not keep more of it than it may have. One that ends early, with its connection, is no JSON. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (request.method !== 'POST') return { message: undefined };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    }
    if (size > MAX_BYTES) return { mistake: TOO_LARGE };
    const message: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return isObject(message) ? { message } : { mistake: NO_MESSAGE };
  } catch {
    return { mistake: NO_JSON };
  }
}
