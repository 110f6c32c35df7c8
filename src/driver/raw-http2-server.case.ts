/** @module The twin of the raw server for HTTP/2: tests write answers in the form of HTTP/1.1, and it sends them as frames. */
import type { Socket } from 'node:net';
import { FRAME_BYTES, FRAME_HEADER_BYTES, WINDOW_BYTES } from '../http/http2/frame.ts';
import { FrameReader, type FrameSink } from '../http/http2/frame-reader.ts';
import {
  frameRoom,
  PREFACE,
  putData,
  putGoAway,
  putHeaders,
  putSettings,
  putSettingsAck,
  putWindowUpdate,
} from '../http/http2/frame-writer.ts';
import { HpackDecoder } from '../http/http2/hpack-decoder.ts';
import { HpackEncoder, roomFor } from '../http/http2/hpack-encoder.ts';
import { SendWindow } from '../http/http2/windows.ts';
import { ConnectionFace, RawStream } from './raw-http2-stream.case.ts';
import {
  type Answer,
  type AnswerSocket,
  acceptConnections,
  isJson,
  type Received,
  type rawServer,
} from './raw-server.case.ts';

/** Fields that only HTTP/1.1 has. */
const CONNECTION_FIELDS = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection'];

/** What the connections of one server report to. */
interface Reports {
  readonly received: Received[];
  readonly faults: string[];
  readonly answer: Answer;
}

/** As {@link rawServer}. It is strict about what it receives, and sends only what the windows of the client allow. */
export const rawHttp2Server: typeof rawServer = async (answer, options = {}) => {
  const reports: Reports = { received: [], faults: [], answer };
  const sockets: AnswerSocket[] = [];
  const raw: Socket[] = [];
  const waiting: (() => void)[] = [];
  const accept = (socket: Socket): void => {
    raw.push(socket);
    socket.on('error', () => {});
    socket.setNoDelay(true);
    sockets.push(new RawConnection(socket, sockets.length, reports).face);
    for (const check of waiting) check();
    options.onConnect?.(socket);
  };
  const tls = options.tls && { ALPNProtocols: ['h2'], ...options.tls };
  const accepting = await acceptConnections(tls, { accept, waiting, sockets: raw });
  return { ...accepting, received: reports.received, faults: reports.faults, sockets };
};

/** One connection: what is wrong with the requests on it, and its streams. */
class RawConnection implements FrameSink {
  readonly socket: Socket;
  readonly #index: number;
  readonly #reports: Reports;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new HpackDecoder();
  readonly #encoder = new HpackEncoder();
  readonly #window = new SendWindow();
  readonly #streams = new Map<number, RawStream>();
  /** What the client may still send on the connection. */
  #granted = WINDOW_BYTES;
  #initialWindow = WINDOW_BYTES;
  #preface = Buffer.alloc(0);
  /** GOAWAY was sent. */
  #left = false;
  lastId = 0;
  /** What tests see as the connection: what they write goes to its latest stream. */
  readonly face: AnswerSocket;

  constructor(socket: Socket, index: number, reports: Reports) {
    this.socket = socket;
    this.#index = index;
    this.#reports = reports;
    this.face = new ConnectionFace(this);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('close', () => {
      this.face.destroy();
      for (const stream of this.#streams.values()) stream.face.destroy();
    });
  }

  get latest(): RawStream | undefined {
    return this.#streams.get(this.lastId);
  }

  /** Sends a header block on `stream`. */
  sendHead(stream: number, fields: readonly string[], end: boolean): void {
    const block = this.#encoder.head(fields);
    const room = roomFor(fields) + block.length;
    const bytes = Buffer.alloc(room + frameRoom(room, FRAME_BYTES));
    block.copy(bytes, FRAME_HEADER_BYTES);
    this.socket.write(
      bytes.subarray(0, putHeaders(bytes, 0, FRAME_HEADER_BYTES + block.length, stream, end, FRAME_BYTES)),
    );
  }

  /** Sends what the windows allow of `data`; returns how much that was. */
  sendData(stream: RawStream, data: Buffer, end: boolean): number {
    const most = Math.min(this.#window.available, stream.window.available, FRAME_BYTES);
    const count = Math.max(0, Math.min(data.length, most));
    if (count === 0 && data.length > 0) return 0;
    const bytes = Buffer.alloc(FRAME_HEADER_BYTES + count);
    data.copy(bytes, FRAME_HEADER_BYTES, 0, count);
    this.#window.spend(count);
    stream.window.spend(count);
    this.socket.write(
      bytes.subarray(
        0,
        putData(bytes, 0, bytes.length, stream.id, end && count === data.length, FRAME_BYTES),
      ),
    );
    return count;
  }

  /** Ends the connection, as a server does that has processed all it received. */
  end(): void {
    if (this.socket.destroyed) return;
    this.#left = true;
    const bytes = Buffer.alloc(32);
    this.socket.end(bytes.subarray(0, putGoAway(bytes, 0, this.lastId, 'NO_ERROR')));
  }

  headers(id: number, bytes: Buffer, from: number, to: number, endStream: boolean): undefined {
    const fields: [string, string][] = [];
    const fault = this.#decoder.decode(bytes, from, to, {
      field: (name, value, sound) => {
        if (!sound) this.#fault(`field ${name}: ${value}`);
        fields.push([name, value]);
      },
    });
    if (fault !== undefined) this.#fault(fault);
    // The client hears that this stream is not processed.
    if (this.#left) return;
    if (id % 2 === 0 || id <= this.lastId) this.#fault(`stream ${id} after ${this.lastId}`);
    this.lastId = id;
    const stream = new RawStream(this, id, this.#initialWindow, this.#requestFields(fields));
    this.#streams.set(id, stream);
    if (endStream) this.#complete(stream);
  }

  data(id: number, bytes: Buffer, from: number, to: number, spent: number, endStream: boolean): undefined {
    const stream = this.#streams.get(id);
    if (stream === undefined && this.#left) return;
    if (stream === undefined) return this.#fault(`DATA on stream ${id}`);
    this.#granted -= spent;
    stream.granted -= spent;
    if (this.#granted < 0 || stream.granted < 0) this.#fault('more data than the windows allow');
    stream.body = Buffer.concat([stream.body, bytes.subarray(from, to)]);
    if (spent > 0) this.#grant(stream, spent, endStream);
    if (endStream) this.#complete(stream);
  }

  reset(id: number): undefined {
    this.#streams.get(id)?.face.cancel();
  }

  settings(): undefined {
    const { initialWindowBytes } = this.#reader.peer;
    for (const stream of this.#streams.values())
      stream.window.adjust(initialWindowBytes - this.#initialWindow);
    this.#initialWindow = initialWindowBytes;
    const bytes = Buffer.alloc(16);
    this.socket.write(bytes.subarray(0, putSettingsAck(bytes, 0)));
  }

  settingsAcknowledged(): undefined {}
  ping(): undefined {}
  goAway(): undefined {}

  windowUpdate(id: number, increment: number): undefined {
    const window = id === 0 ? this.#window : this.#streams.get(id)?.window;
    const fault = window?.grow(increment);
    if (fault !== undefined) this.#fault(fault);
    for (const stream of this.#streams.values()) stream.proceed();
  }

  #read(bytes: Buffer): void {
    if (this.#preface.length === PREFACE.length) {
      this.#frames(bytes);
      return;
    }
    const left = PREFACE.length - this.#preface.length;
    this.#preface = Buffer.concat([this.#preface, bytes.subarray(0, left)]);
    if (!this.#preface.equals(PREFACE.subarray(0, this.#preface.length))) {
      this.#fault(`preface: ${this.#preface.toString('latin1')}`);
    }
    if (this.#preface.length < PREFACE.length) return;
    const settings = Buffer.alloc(64);
    this.socket.write(settings.subarray(0, putSettings(settings, 0, {})));
    this.#frames(bytes.subarray(left));
  }

  #frames(bytes: Buffer): void {
    const fault = this.#reader.read(bytes, 0, bytes.length);
    if (fault !== undefined) this.#fault(fault);
  }

  /** Lets the client send as much again. */
  #grant(stream: RawStream, count: number, ended: boolean): void {
    const bytes = Buffer.alloc(32);
    let end = putWindowUpdate(bytes, 0, 0, count);
    this.#granted += count;
    if (!ended) {
      end = putWindowUpdate(bytes, end, stream.id, count);
      stream.granted += count;
    }
    this.socket.write(bytes.subarray(0, end));
  }

  #requestFields(fields: readonly [string, string][]): ReadonlyMap<string, string> {
    const names = fields.map(([name]) => name);
    const pseudo = names.filter((name) => name.startsWith(':'));
    if (names.slice(0, pseudo.length).join() !== ':method,:scheme,:authority,:path') {
      this.#fault(`pseudo-header fields: ${names.join()}`);
    }
    for (const name of names) {
      if (CONNECTION_FIELDS.includes(name) || name === 'host') this.#fault(`field ${name}`);
      if (names.indexOf(name) !== names.lastIndexOf(name)) this.#fault(`field twice: ${name}`);
    }
    return new Map(fields);
  }

  #complete(stream: RawStream): void {
    const { fields } = stream;
    const method = fields.get(':method') ?? '';
    const body = stream.body.toString('utf8');
    const length = fields.get('content-length');
    if (length !== undefined && Number(length) !== stream.body.length) this.#fault('content-length');
    if (method === 'POST' && (length === undefined || !isJson(body))) this.#fault(`body: ${body}`);
    const { received, answer } = this.#reports;
    const request: Received = {
      method,
      path: fields.get(':path') ?? '',
      headers: new Map([...fields, ['host', fields.get(':authority') ?? '']]),
      body,
      connection: this.#index,
      index: received.length,
    };
    received.push(request);
    answer(request, stream.face);
  }

  #fault(what: string): undefined {
    this.#reports.faults.push(what);
  }
}
