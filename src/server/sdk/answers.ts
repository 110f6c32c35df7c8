/** @module Answers of an SDK server that do not come from the SDK. */
import type { ServerResponse } from 'node:http';
import { denialBody } from '../../guard/denial.ts';
import type { Denial } from '../../guard/guard.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A JSON-RPC error that answers no request in particular. */
export interface Mistake {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export function answerMistake(response: ServerResponse, { status, code, message }: Mistake): void {
  response.writeHead(status, JSON_TYPE);
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message } }));
}

export function answerDenied(response: ServerResponse, denial: Denial): void {
  const { status, challenge } = denial;
  response.writeHead(status, { ...JSON_TYPE, ...(challenge !== '' && { 'www-authenticate': challenge }) });
  response.end(denialBody(denial));
}

export function answerMetadata(response: ServerResponse, metadata: string): void {
  response.writeHead(200, JSON_TYPE);
  response.end(metadata);
}
