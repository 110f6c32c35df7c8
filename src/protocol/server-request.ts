/** @module Requests that a server of MCP 2025-11-25 sends to its client, and the answers to them. Source: MCP 2025-11-25, Ping; JSON-RPC 2.0. */
import { asciiJson } from './call.ts';
import { METHOD_NOT_FOUND } from './error-codes.ts';

/** A request of the server. */
export interface ServerRequest {
  readonly id: string | number;
  readonly method: string;
}

/** The request in the text of a message; `undefined` for a notification, an answer, and what is not a message. */
export function readServerRequest(text: string): ServerRequest | undefined {
  try {
    const message = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const { id, method } = message ?? {};
    if (typeof method !== 'string') return undefined;
    return typeof id === 'string' || typeof id === 'number' ? { id, method } : undefined;
  } catch {
    return undefined;
  }
}

/** The answer of a client that has declared no capabilities, as JSON text: it answers `ping`, and no other method. */
export function answerTo({ id, method }: ServerRequest): string {
  const end =
    method === 'ping' ? { result: {} } : { error: { code: METHOD_NOT_FOUND, message: 'Method not found' } };
  return asciiJson({ jsonrpc: '2.0', id, ...end });
}
