/** @module A server whose first answer is far too large, in a thread of its own: what it keeps counts as no memory of the thread that asks. */
import { once } from 'node:events';
import type { TlsOptions } from 'node:tls';
import { Worker } from 'node:worker_threads';

export interface FloodServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Speaks the version of HTTP that it is spoken to with. The text of a program, because tests cannot load a thread from TypeScript. */
const PROGRAM = `
const { once } = require('node:events');
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');

const part = Buffer.alloc(1024 * 1024, 'x');
let asked = 0;

async function answer(request, response) {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += piece;
  asked += 1;
  if (asked > 1) {
    const { id } = JSON.parse(body);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } }));
    return;
  }
  response.setHeader('content-length', workerData.parts * part.length);
  for (let i = 0; i < workerData.parts; i += 1) if (!response.write(part)) await once(response, 'drain');
  response.end();
}

function clearServer() {
  const servers = { O: http.createServer(answer), R: http2.createServer(answer) };
  return net.createServer((socket) => {
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      // POST, or PRI of HTTP/2.
      servers[String.fromCharCode(first[1])].emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

const { tls } = workerData;
const server = tls ? http2.createSecureServer({ ...tls, allowHTTP1: true }, answer) : clearServer();
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

/** Starts a server that answers the first request with `parts` MiB, and others well. */
export async function floodServer(parts: number, tls: TlsOptions | undefined): Promise<FloodServer> {
  const worker = new Worker(PROGRAM, { eval: true, workerData: { parts, tls } });
  const [port] = (await once(worker, 'message')) as [number];
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/mcp`,
    close: async () => void (await worker.terminate()),
  };
}
