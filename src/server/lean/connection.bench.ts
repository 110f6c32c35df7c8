/** @module What the lean server pays for reading a request: with a head that it knows, with a new one, and in chunks. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { bench, describe } from 'vitest';
import { serveConnection } from './connection.ts';

const BODY = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}';
const LINES = 'POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:3000\r\ncontent-type: application/json\r\n';
const LENGTH = `content-length: ${BODY.length}\r\n\r\n${BODY}`;
const CHUNKED = `transfer-encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

/** Serves the requests in turn, without a network and with an empty answer. */
function serving(requests: readonly string[]): () => void {
  const nothing = (): void => {};
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    setNoDelay: nothing,
    write: () => true,
  });
  serveConnection(socket as unknown as Socket, { answer: () => '', refuse: () => '' });
  const pieces = requests.map((request) => Buffer.from(request));
  let next = 0;
  return () => {
    socket.emit('data', pieces[next % pieces.length]);
    next += 1;
  };
}

describe('a request', () => {
  bench('with a known head', serving([`${LINES}${LENGTH}`]));
  bench(
    'with a new head',
    serving(Array.from({ length: 10_000 }, (_, i) => `${LINES}x-request-id: ${i}\r\n${LENGTH}`)),
  );
  bench('in a chunk', serving([`${LINES}${CHUNKED}`]));
});
