/** @module A server of HTTP/2 whose every frame a test decides. */
import { createServer, type Socket } from 'node:net';
import { ERROR, type ErrorName } from './error-code.ts';
import { FLAG, FRAME, FRAME_HEADER_BYTES, SETTING } from './frame.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { PREFACE, putFrameHeader, type Settings } from './frame-writer.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { literalFields } from './hpack-encoder.ts';

const JSON_HEAD = [':status', '200', 'content-type', 'application/json'];

/** One frame. */
export function frame(
  type: keyof typeof FRAME,
  flags: number,
  stream: number,
  payload: Buffer | string = '',
): Buffer {
  const bytes = Buffer.from(payload as string, 'latin1');
  const whole = Buffer.alloc(FRAME_HEADER_BYTES + bytes.length);
  putFrameHeader(whole, 0, bytes.length, FRAME[type], flags, stream);
  bytes.copy(whole, FRAME_HEADER_BYTES);
  return whole;
}

const word = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};

export const settings = (values: Settings): Buffer =>
  frame(
    'SETTINGS',
    0,
    0,
    Buffer.concat(
      Object.entries(values).map(([name, value]) => {
        const entry = Buffer.alloc(6);
        entry.writeUInt16BE(SETTING[name as keyof Settings], 0);
        entry.writeUInt32BE(value, 2);
        return entry;
      }),
    ),
  );
export const head = (stream: number, fields: readonly string[] = JSON_HEAD, end = false): Buffer =>
  frame('HEADERS', FLAG.END_HEADERS | (end ? FLAG.END_STREAM : 0), stream, literalFields(fields));
export const data = (stream: number, text: string, end = true): Buffer =>
  frame('DATA', end ? FLAG.END_STREAM : 0, stream, text);
export const reset = (stream: number, error: ErrorName): Buffer =>
  frame('RST_STREAM', 0, stream, word(ERROR[error]));
export const goAway = (last: number, error: ErrorName = 'NO_ERROR'): Buffer =>
  frame('GOAWAY', 0, 0, word(last, ERROR[error]));
export const windowUpdate = (stream: number, increment: number): Buffer =>
  frame('WINDOW_UPDATE', 0, stream, word(increment));

/** A request that has arrived as a whole. */
export interface Asked {
  readonly stream: number;
  /** Its JSON-RPC id. */
  readonly id: number;
  readonly peer: Peer;
}

/** The whole answer to a request. */
export const answer = ({ stream, id }: Pick<Asked, 'stream' | 'id'>): Buffer =>
  Buffer.concat([head(stream), data(stream, resultOf(id))]);

export const resultOf = (id: number): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } });

/** One connection as the server sees it. */
class Peer implements FrameSink {
  readonly socket: Socket;
  readonly #onAsked: (asked: Asked) => void;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new HpackDecoder();
  readonly #bodies = new Map<number, string>();
  /** What the client sent beside requests, such as `reset 1 CANCEL`. */
  readonly said: string[] = [];
  /** Bytes of DATA received. */
  received = 0;
  #prefaceLeft = PREFACE.length;
  #onSaid: () => void = () => {};

  constructor(socket: Socket, first: Buffer, onAsked: (asked: Asked) => void) {
    this.socket = socket;
    this.#onAsked = onAsked;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      const from = Math.min(bytes.length, this.#prefaceLeft);
      this.#prefaceLeft -= from;
      this.#reader.read(bytes, from, bytes.length);
    });
    socket.write(first);
  }

  /** Resolves when the client has said `what`. */
  async heard(what: string): Promise<void> {
    while (!this.said.includes(what)) {
      await new Promise<void>((resolve) => {
        this.#onSaid = resolve;
      });
    }
  }

  headers(stream: number, bytes: Buffer, from: number, to: number, end: boolean): undefined {
    this.#decoder.decode(bytes, from, to, { field: () => {} });
    this.#bodies.set(stream, '');
    if (end) this.#onAsked({ stream, id: 0, peer: this });
  }

  data(stream: number, bytes: Buffer, from: number, to: number, _: number, end: boolean): undefined {
    this.received += to - from;
    const body = `${this.#bodies.get(stream) ?? ''}${bytes.toString('latin1', from, to)}`;
    this.#bodies.set(stream, body);
    this.#say(`data ${this.received}`);
    if (end) this.#onAsked({ stream, id: (JSON.parse(body) as { id: number }).id, peer: this });
  }

  reset(stream: number, code: number): undefined {
    this.#say(`reset ${stream} ${nameOf(code)}`);
  }

  settings(): undefined {}

  settingsAcknowledged(): undefined {
    this.#say('settings ack');
  }

  ping(bytes: Buffer, at: number, acknowledged: boolean): undefined {
    this.#say(`ping ${acknowledged ? 'ack ' : ''}${bytes.toString('latin1', at, at + 8)}`);
  }

  goAway(_: number, code: number): undefined {
    this.#say(`goaway ${nameOf(code)}`);
  }

  windowUpdate(stream: number): undefined {
    this.#say(`window ${stream === 0 ? 'connection' : 'stream'}`);
  }

  #say(what: string): void {
    this.said.push(what);
    this.#onSaid();
  }
}

const nameOf = (code: number): string => Object.keys(ERROR)[code] ?? `${code}`;

export interface FrameServer {
  readonly url: string;
  readonly peers: readonly Peer[];
  close(): Promise<void>;
}

/** Starts a server that begins each connection with `first`, and leaves requests to `onAsked`. */
export async function frameServer(
  onAsked: (asked: Asked) => void,
  first: Buffer = settings({}),
): Promise<FrameServer> {
  const peers: Peer[] = [];
  const server = createServer((socket) => void peers.push(new Peer(socket, first, onAsked)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const { socket } of peers) socket.destroy();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}/mcp`, peers, close };
}
