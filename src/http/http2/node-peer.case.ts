/** @module node:http2 as the other side of a connection: a server of it, and a client made of the codec. */
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream, type ServerOptions } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Http2Fault } from './fault.ts';
import { FRAME_BYTES, FRAME_HEADER_BYTES } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import {
  frameRoom,
  PREFACE,
  putData,
  putHeaders,
  putPingAck,
  putSettings,
  putSettingsAck,
  putWindowUpdate,
  type Settings,
} from './frame-writer.ts';
import { HpackDecoder, TABLE_BYTES } from './hpack-decoder.ts';
import { type FieldList, HpackEncoder, literalFields } from './hpack-encoder.ts';
import { ResponseRules } from './response-rules.ts';
import { ReceiveWindow } from './windows.ts';

/** A field as the server saw it or sent it. */
export type Field = readonly [name: string, value: string];

/** A request as node:http2 decoded it. */
export interface SeenRequest {
  readonly fields: FieldList;
  readonly body: string;
}

/** What a server answers. */
export interface Answer {
  readonly status: number;
  readonly fields: readonly Field[];
  readonly body: string;
  readonly trailers?: readonly Field[];
}

/** Starts a server that answers each request as `answer` says. */
export async function startNodeServer(
  answer: (request: SeenRequest) => Answer,
  options: ServerOptions = {},
): Promise<Http2Server> {
  const server = createServer(options);
  server.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, raw: FieldList) => {
    let body = '';
    stream.setEncoding('utf8');
    stream.on('error', () => undefined);
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('end', () => {
      const { status, fields, body: text, trailers } = answer({ fields: raw, body });
      stream.respond({ ':status': status, ...grouped(fields) }, { waitForTrailers: trailers !== undefined });
      stream.on('wantTrailers', () => stream.sendTrailers(grouped(trailers ?? [])));
      stream.end(text);
    });
  });
  server.on('sessionError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const grouped = (fields: readonly Field[]): Record<string, string[]> => {
  const all: Record<string, string[]> = {};
  for (const [name, value] of fields) all[name] = [...(all[name] ?? []), value];
  return all;
};

/** A response as the codec read it; `fault`: why the connection, or the stream, ended before it. */
export interface SeenResponse {
  readonly status: number;
  readonly fields: readonly Field[];
  readonly body: string;
  readonly fault: Http2Fault | 'reset' | 'closed' | undefined;
}

/** A client of one connection and one request at a time, out of the pieces of the codec. */
export class CodecClient {
  readonly #socket: Socket;
  readonly #encoder = new HpackEncoder();
  readonly #decoder: HpackDecoder;
  readonly #rules = new ResponseRules({ field: (name, value) => this.#fields.push([name, value]) });
  readonly #reader: FrameReader;
  readonly #window = new ReceiveWindow(65_535);
  #fields: Field[] = [];
  #body = '';
  #stream = -1;
  #resolve: ((seen: SeenResponse) => void) | undefined = undefined;
  /** Everything that the server sent. */
  readonly received: Buffer[] = [];

  constructor(server: Http2Server, settings: Settings = {}) {
    this.#decoder = new HpackDecoder(settings.HEADER_TABLE_SIZE ?? TABLE_BYTES);
    this.#socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    const hello = Buffer.alloc(200);
    this.#socket.write(
      hello.subarray(0, putSettings(hello, PREFACE.copy(hello), { ENABLE_PUSH: 0, ...settings })),
    );
    this.#reader = this.#createReader();
    this.#socket.on('data', (bytes) => {
      this.received.push(bytes);
      const fault = this.#reader.read(bytes, 0, bytes.length);
      if (fault !== undefined) this.#end(fault);
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#end('closed'));
  }

  /** Sends a request: `head` from the table as far as possible, `varying` written out. */
  request(head: FieldList, varying: FieldList = [], body = ''): Promise<SeenResponse> {
    this.#stream += 2;
    this.#rules.clear();
    this.#fields = [];
    this.#body = '';
    const block = Buffer.concat([this.#encoder.head(head), literalFields(varying)]);
    const payload = Buffer.from(body);
    const out = Buffer.alloc(
      block.length +
        frameRoom(block.length, FRAME_BYTES) +
        payload.length +
        frameRoom(payload.length, FRAME_BYTES),
    );
    let end = FRAME_HEADER_BYTES + block.copy(out, FRAME_HEADER_BYTES);
    end = putHeaders(out, 0, end, this.#stream, body === '', FRAME_BYTES);
    if (body !== '') {
      const to = end + FRAME_HEADER_BYTES + payload.copy(out, end + FRAME_HEADER_BYTES);
      end = putData(out, end, to, this.#stream, true, FRAME_BYTES);
    }
    this.#socket.write(out.subarray(0, end));
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Sends bytes as they are. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
  }

  #createReader(): FrameReader {
    return new FrameReader({
      headers: (_, bytes, from, to, endStream) => {
        const fault = this.#decoder.decode(bytes, from, to, this.#rules) ?? this.#rules.endBlock(endStream);
        if (endStream) this.#end(fault);
        return fault;
      },
      data: (stream, bytes, from, to, spent, endStream) => {
        this.#body += bytes.toString('latin1', from, to);
        const fault = this.#window.receive(spent) ?? this.#rules.data(to - from, endStream);
        this.#grow(stream);
        if (endStream) this.#end(fault);
        return fault;
      },
      reset: () => {
        this.#end('reset');
        return undefined;
      },
      settings: (peer) => {
        this.#encoder.resize(peer.headerTableBytes, peer.smallestTableBytes);
        this.#send(9, (out) => putSettingsAck(out, 0));
        return undefined;
      },
      settingsAcknowledged: () => undefined,
      ping: (bytes, at, acknowledged) => {
        if (!acknowledged) this.#send(17, (out) => putPingAck(out, 0, bytes, at));
        return undefined;
      },
      goAway: () => {
        this.#end('closed');
        return undefined;
      },
      windowUpdate: () => undefined,
    });
  }

  #grow(stream: number): void {
    const due = this.#window.due();
    if (due === 0) return;
    this.#send(26, (out) => putWindowUpdate(out, putWindowUpdate(out, 0, 0, due), stream, due));
  }

  #send(bytes: number, put: (out: Buffer) => number): void {
    const out = Buffer.alloc(bytes);
    this.#socket.write(out.subarray(0, put(out)));
  }

  #end(fault: SeenResponse['fault']): void {
    this.#resolve?.({ status: this.#rules.status, fields: this.#fields, body: this.#body, fault });
    this.#resolve = undefined;
  }
}
