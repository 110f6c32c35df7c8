/** @module Answers that no upstream gave: the proxy's own errors, and what a gate decides. */
import { STATUS_CODES } from 'node:http';

/** A whole answer. */
export interface OwnAnswer {
  readonly status: number;
  /** Header fields, without Content-Length, Connection and Server, which are added. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in the proxy's own name: JSON `{"error": message}`. */
export function errorAnswer(status: number, message: string): OwnAnswer {
  const fields = { 'content-type': 'application/json' };
  return { status, fields, body: JSON.stringify({ error: message }) };
}

/** The text of an answer. Without `x-served-by`, because no instance served it. */
export function answerText({ status, fields, body }: OwnAnswer, close: boolean): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('')}` +
    `content-length: ${Buffer.byteLength(body)}\r\nserver: paceline-balancer\r\n${close ? 'connection: close\r\n' : ''}\r\n${body}`
  );
}
