/** @module A server for driver tests: it takes requests apart strictly and answers with whatever bytes a test likes. */
import { createServer, type Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Request } from '../protocol/request.ts';

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
  /** How many came before it. */
  readonly index: number;
}

export interface RawServer {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
  /** What was wrong with the bytes that arrived; must stay empty. */
  readonly faults: readonly string[];
  readonly sockets: readonly AnswerSocket[];
  /** Resolves when `count` connections have been accepted. */
  accepted(count: number): Promise<void>;
  close(): Promise<void>;
}

/** What a test answers through: a socket, or something that looks like one. */
export type AnswerSocket = Writable & { resetAndDestroy(): unknown };

export type Answer = (request: Received, socket: AnswerSocket) => void;

/** Starts a server on a free port of 127.0.0.1. */
export async function rawServer(
  answer: Answer,
  options: {
    readonly tls?: TlsOptions;
    readonly onConnect?: (socket: Socket) => void;
  } = {},
): Promise<RawServer> {
  const received: Received[] = [];
  const faults: string[] = [];
  const sockets: Socket[] = [];
  const waiting: (() => void)[] = [];
  const accept = (socket: Socket): void => {
    const connection = sockets.push(socket) - 1;
    for (const check of waiting) check();
    let pending: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.setNoDelay(true);
    options.onConnect?.(socket);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const taken = takeRequest(pending, connection, received.length);
        if (taken === undefined) return;
        if (typeof taken === 'string') {
          faults.push(taken);
          return;
        }
        pending = pending.subarray(taken.bytes);
        if (pending.length > 0) faults.push(`bytes beyond the request: ${pending.toString('latin1')}`);
        received.push(taken.request);
        answer(taken.request, socket);
      }
    });
  };
  const accepting = await acceptConnections(options.tls, { accept, waiting, sockets });
  return { ...accepting, received, faults, sockets };
}

/** Where connections are accepted: `sockets` has one for each, and whoever is `waiting` looks again when one has come. */
interface Accepting {
  readonly accept: (socket: Socket) => void;
  readonly waiting: (() => void)[];
  readonly sockets: readonly { destroy(): void }[];
}

/** Listens on a free port of 127.0.0.1, with TLS where `tls` is given. */
export async function acceptConnections(
  tls: TlsOptions | undefined,
  { accept, waiting, sockets }: Accepting,
): Promise<Pick<RawServer, 'port' | 'url' | 'accepted' | 'close'>> {
  const server = tls ? createTlsServer(tls, accept) : createServer(accept);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const accepted = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (sockets.length >= count) resolve();
      };
      waiting.push(check);
      check();
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/mcp?x=1`, accepted, close };
}

/** The first request in `bytes`, `undefined` while it is incomplete, or what is wrong with it. */
function takeRequest(
  bytes: Buffer,
  connection: number,
  index: number,
): { request: Received; bytes: number } | string | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const lines = bytes.toString('latin1', 0, end).split('\r\n');
  const start = /^(POST|GET|DELETE) (\/[!-~]*) HTTP\/1\.1$/.exec(lines[0]!);
  if (start === null) return `request line: ${lines[0]}`;
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t -~]*)$/.exec(line);
    if (header === null) return `header line: ${line}`;
    const name = header[1]!.toLowerCase();
    if (headers.has(name)) return `header twice: ${name}`;
    headers.set(name, header[2]!);
  }
  if (!headers.has('host')) return 'no host header';
  const length = headers.get('content-length');
  if (start[1] === 'POST' && length === undefined) return 'POST without content-length';
  const total = end + 4 + Number(length ?? 0);
  if (bytes.length < total) return undefined;
  const body = bytes.toString('utf8', end + 4, total);
  if (start[1] === 'POST' && !isJson(body)) return `body: ${body}`;
  return { request: { method: start[1]!, path: start[2]!, headers, body, connection, index }, bytes: total };
}

/** Whether `text` is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const HEADERS = ['content-type', 'application/json', 'accept', 'application/json, text/event-stream'];

const head = (method: 'POST' | 'GET' | 'DELETE', headers: readonly string[] = HEADERS): Request['head'] => ({
  method,
  headers,
  text: headers.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join(''),
});

const POST = head('POST');

/** A `tools/call` with `id`. */
export function call(id: number, text = 'hello'): Request {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: { text } },
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with control characters.
  const ascii = /^[\x00-\x7f]*$/.test(body);
  return { head: POST, body, ascii, expected: { kind: 'result', id }, inSession: false };
}

/** A notification. */
export function notification(): Request {
  const body = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
  return { head: POST, body, ascii: true, expected: { kind: 'accepted' }, inSession: false };
}

/** A request without a body. */
export function bare(method: 'GET' | 'DELETE'): Request {
  return {
    head: head(method, ['accept', 'text/event-stream']),
    body: '',
    ascii: true,
    expected: { kind: 'accepted' },
    inSession: true,
  };
}

/** The body that answers `request`. */
export function resultFor(request: Received, id?: number): string {
  const own = (JSON.parse(request.body) as { id: number }).id;
  return JSON.stringify({ jsonrpc: '2.0', id: id ?? own, result: { resultType: 'complete', content: [] } });
}

/** A whole response with a content-length. */
export function json(body: string, extra: readonly string[] = [], status = '200 OK'): string {
  const lines = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${[...lines, ...extra].join('\r\n')}\r\n\r\n${body}`;
}

/** Answers as it should be. */
export const answerWell: Answer = (request, socket) => {
  socket.write(json(resultFor(request)));
};
