/** @module What the proxy pays for reading a request, an answer, and a body of many chunks that it passes on. */
import { bench, describe } from 'vitest';
import type { BodyEnd } from '../../http/framing.ts';
import { instanceField, readClientHead, readUpstreamHead } from './heads.ts';
import { MessageReader } from './message-reader.ts';

const BODY = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}';
const FRAMED = `content-length: ${BODY.length}\r\n\r\n${BODY}`;
const REQUEST = `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nconnection: keep-alive\r\ncontent-type: application/json\r\nmcp-protocol-version: 2026-07-28\r\nmcp-method: tools/call\r\nmcp-name: echo\r\n${FRAMED}`;
const ANSWER = `HTTP/1.1 200 OK\r\nx-served-by: i-1\r\nContent-Type: application/json\r\n${FRAMED}`;
const CHUNK = `400\r\n${'x'.repeat(1024)}\r\n`;
const CHUNKED = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNK.repeat(16)}0\r\n\r\n`;

const SERVED = instanceField('x-served-by', 'i-1');

/** Reads `message` again and again, in one piece. */
function reading<Head extends { readonly body: BodyEnd }>(
  message: string,
  read: (bytes: Buffer, from: number, to: number) => Head,
): () => void {
  const reader = new MessageReader(read);
  const bytes = Buffer.from(message);
  return () => {
    reader.push(bytes);
    reader.next();
  };
}

const upstreamHead = (bytes: Buffer, from: number, to: number) =>
  readUpstreamHead(bytes, from, to, 'POST', SERVED);

describe('a message', () => {
  bench('a request', reading(REQUEST, readClientHead));
  bench('an answer', reading(ANSWER, upstreamHead));
  bench('an answer of 16 chunks', reading(CHUNKED, upstreamHead));
});
