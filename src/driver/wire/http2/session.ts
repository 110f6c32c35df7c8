/** @module One connection of HTTP/2: its frames, its streams and its end (RFC 9113). */
import { ERROR, errorName } from '../../../http/http2/error-code.ts';
import { describeHttp2Fault, type Http2Fault } from '../../../http/http2/fault.ts';
import { FrameReader, type FrameSink } from '../../../http/http2/frame-reader.ts';
import { type FieldSink, HpackDecoder } from '../../../http/http2/hpack-decoder.ts';
import type { PeerSettings } from '../../../http/http2/peer-settings.ts';
import { ReceiveWindow } from '../../../http/http2/windows.ts';
import { safeDetail } from '../../../protocol/detail.ts';
import type { Request } from '../../../protocol/request.ts';
import type { Micros } from '../../../units/time.ts';
import type { DriverOptions } from '../../driver.ts';
import type { Endpoint } from '../../endpoint.ts';
import { type Failure, failureOf, type Stage } from '../../failure.ts';
import type { BodyBytes } from '../body-bytes.ts';
import type { Opening, SocketListener, SocketOpener, WireSocket } from '../socket.ts';
import { quoted } from '../texts.ts';
import { Http2Head } from './answer-head.ts';
import type { RequestFields } from './request-fields.ts';
import { Sender } from './sender.ts';
import { type Http2Stream, type Loss, RECEIVE_WINDOW } from './stream.ts';

/** Client streams have odd ids, up to here (RFC 9113, section 5.1.1). */
const LAST_STREAM = 2 ** 31 - 1;
/** What a server that speaks HTTP/1.1 answers with. */
const HTTP1 = 'HTTP/1';
const IGNORED: FieldSink = { field: () => {} };

/** What the sessions of a driver share. */
export interface Http2Shared {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly opener: SocketOpener;
  readonly fields: RequestFields;
  readonly bodies: BodyBytes;
}

/** What a session tells. */
export interface SessionListener {
  /** The server has sent its first settings: requests can be sent. */
  onReady(): void;
  /** The server takes more or fewer streams than before: {@link Session.maxStreams}. */
  onLimit(): void;
  /** The server takes no further stream; those that it has processed go on. */
  onGoAway(session: Session): void;
  /** The connection has ended, and so have its streams. Called at most once, and last. */
  onClosed(session: Session, failure: Failure): void;
}

/** One connection and its streams. Never throws on any input; what breaks HTTP/2 ends the stream or the connection. */
export class Session implements SocketListener, FrameSink {
  readonly #shared: Http2Shared;
  readonly #listener: SessionListener;
  readonly #socket: WireSocket;
  readonly #sender: Sender;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new HpackDecoder();
  readonly #streams = new Map<number, Http2Stream>();
  readonly #window = new ReceiveWindow(RECEIVE_WINDOW);
  /** Streams to which data came in the read that is going on. */
  readonly #touched: Http2Stream[] = [];
  /** The first bytes that arrived, until they are known to be HTTP/2. */
  #first = '';
  #connected = false;
  #open = true;
  #nextId = 1;
  /** Requests can be sent. */
  ready = false;
  /** The server takes no further stream. */
  leaving = false;
  maxStreams: number = Number.POSITIVE_INFINITY;
  /** Requests sent so far. */
  started = 0;
  /** When the bytes that are being read arrived. */
  nowUs: Micros = 0;

  /** @param opened - a socket that is open; absent: one is opened. */
  constructor(shared: Http2Shared, listener: SessionListener, opening: Opening, opened?: WireSocket) {
    this.#shared = shared;
    this.#listener = listener;
    this.#socket = opened ?? shared.opener.open(this, opening);
    this.#sender = new Sender(this.#socket, shared.endpoint.secure, shared.fields, shared.bodies);
    if (opened === undefined) return;
    opened.handTo(this);
    this.onReady();
  }

  /** Streams that are open. */
  get active(): number {
    return this.#streams.size;
  }

  streams(): Iterable<Http2Stream> {
    return this.#streams.values();
  }

  /** Whether ids are left for further streams. */
  get usable(): boolean {
    return this.#open && !this.leaving && this.#nextId <= LAST_STREAM;
  }

  /** Sends `request` on `stream`. The session is ready and usable. */
  start(stream: Http2Stream, request: Request): void {
    const id = this.#nextId;
    this.#nextId += 2;
    this.started += 1;
    stream.begin(id, this.#sender.initialWindow);
    this.#streams.set(id, stream);
    this.#sender.request(stream, request);
  }

  /** Gives up `stream`, which is told nothing. */
  cancel(stream: Http2Stream): void {
    this.#remove(stream);
    this.#sender.reset(stream.id, 'CANCEL');
  }

  /** Closes the connection. Nothing is told any more. */
  close(): void {
    this.#open = false;
    // What else the read that is going on says of them is for nobody.
    this.#streams.clear();
    this.#sender.close();
    this.#socket.close();
  }

  /** Closes the connection in due form, once nothing is under way. */
  leave(): void {
    this.#sender.goAway('NO_ERROR');
    this.close();
  }

  onReady(): void {
    this.#connected = true;
    this.#sender.preface();
  }

  onRead(bytes: Buffer, count: number): void {
    this.nowUs = this.#shared.options.clock.now();
    if (!this.ready && this.#first.length < HTTP1.length)
      this.#first += bytes.toString('latin1', 0, Math.min(count, 64));
    const fault = this.#reader.read(bytes, 0, count);
    if (fault !== undefined) this.#break(fault);
    const touched = this.#touched;
    for (const stream of touched) {
      stream.touched = false;
      if (this.#open && this.#streams.get(stream.id) === stream) stream.onReadEnd();
    }
    touched.length = 0;
  }

  onEnd(error: Error | undefined): void {
    const { address, secure } = this.#shared.endpoint;
    const stage: Stage = this.#connected ? 'connected' : 'connecting';
    if (error !== undefined) this.#fail(failureOf(error, stage, address, secure));
    else this.#fail(undefined);
  }

  headers(id: number, bytes: Buffer, from: number, to: number, endStream: boolean): Http2Fault | undefined {
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      return this.#decoder.decode(bytes, from, to, IGNORED) ?? this.#unknown(id);
    }
    stream.onBegin();
    stream.fresh = new Http2Head(this.#shared.options);
    const fatal = this.#decoder.decode(bytes, from, to, stream.rules);
    if (fatal !== undefined) return fatal;
    const fault = stream.rules.endBlock(endStream);
    if (fault !== undefined) this.#malformed(stream, fault);
    else this.#headRead(stream, endStream);
    return undefined;
  }

  data(
    id: number,
    bytes: Buffer,
    from: number,
    to: number,
    spent: number,
    endStream: boolean,
  ): Http2Fault | undefined {
    const excess = this.#window.receive(spent);
    if (excess !== undefined) return excess;
    const due = this.#window.due();
    if (due > 0) this.#sender.windowUpdate(0, due);
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    const fault = stream.receiveWindow.receive(spent) ?? stream.rules.data(to - from, endStream);
    if (fault !== undefined) {
      this.#malformed(stream, fault);
      return undefined;
    }
    if (to > from) stream.onData(bytes, from, to);
    if (endStream) this.#complete(stream);
    else this.#await(stream);
    return undefined;
  }

  reset(id: number, code: number): Http2Fault | undefined {
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    this.#remove(stream);
    const { address } = this.#shared.endpoint;
    const refused = code === ERROR.REFUSED_STREAM;
    const why = refused ? 'the server did not process the call' : 'the server reset the stream';
    const detail = `${errorName(code)} ${address} (${why})`;
    stream.onLoss({
      classified: { outcome: 'reset', detail },
      again: refused ? 'once' : 'never',
    });
    return undefined;
  }

  settings(peer: PeerSettings): Http2Fault | undefined {
    const fault = this.#sender.settings(peer, this.#streams.values());
    if (fault !== undefined) return fault;
    const before = this.maxStreams;
    this.maxStreams = peer.maxStreams;
    if (!this.ready) {
      this.ready = true;
      this.#listener.onReady();
    } else if (before !== peer.maxStreams) this.#listener.onLimit();
    return undefined;
  }

  settingsAcknowledged(): undefined {
    return undefined;
  }

  ping(bytes: Buffer, at: number, acknowledged: boolean): undefined {
    if (!acknowledged && this.#open) this.#sender.ping(bytes, at);
    return undefined;
  }

  goAway(lastStream: number, code: number): undefined {
    this.leaving = true;
    const lost = [...this.#streams.values()].filter(({ id }) => id > lastStream);
    for (const stream of lost) this.#remove(stream);
    const { address } = this.#shared.endpoint;
    const detail = `GOAWAY ${errorName(code)} ${address} (the server did not process the call)`;
    this.#listener.onGoAway(this);
    for (const stream of lost) {
      const again = lastStream > 0 || this.#unsent(stream) ? 'always' : 'once';
      stream.onLoss({ classified: { outcome: 'reset', detail }, again });
    }
    return undefined;
  }

  windowUpdate(id: number, increment: number): Http2Fault | undefined {
    if (id === 0) return this.#sender.grow(increment);
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#unknown(id);
    const fault = this.#sender.growStream(stream, increment);
    if (fault !== undefined) this.#malformed(stream, fault);
    return undefined;
  }

  /** A frame on a stream that has ended is ignored, as it may have been sent before that; on another one it breaks HTTP/2. */
  #unknown(id: number): Http2Fault | undefined {
    return id % 2 === 1 && id < this.#nextId ? undefined : 'frame-stream';
  }

  #headRead(stream: Http2Stream, endStream: boolean): void {
    if (stream.rules.block === 'head') {
      stream.head = stream.fresh;
      stream.head!.status = stream.rules.status;
      stream.onHead();
    }
    if (endStream) this.#complete(stream);
    else if (stream.rules.block === 'head') this.#await(stream);
  }

  /** Grants `stream` what it used of its window, and notes that it has to be looked at after this read. */
  #await(stream: Http2Stream): void {
    const due = stream.receiveWindow.due();
    if (due > 0) this.#sender.windowUpdate(stream.id, due);
    if (stream.touched) return;
    stream.touched = true;
    this.#touched.push(stream);
  }

  #complete(stream: Http2Stream): void {
    // The server has answered without the rest of the request.
    if (this.#remove(stream)) this.#sender.reset(stream.id, 'CANCEL');
    stream.onEnd();
  }

  /** Whether the request of `stream` was incomplete. */
  #remove(stream: Http2Stream): boolean {
    this.#streams.delete(stream.id);
    return this.#sender.forget(stream);
  }

  /** Ends a stream whose answer breaks HTTP/2; the others go on. */
  #malformed(stream: Http2Stream, fault: Http2Fault): void {
    this.#remove(stream);
    const { code, text } = describeHttp2Fault(fault);
    this.#sender.reset(stream.id, code);
    stream.onLoss(brokenBy(text));
  }

  /** Ends the connection because of what the server sent. */
  #break(fault: Http2Fault): void {
    if (!this.#open) return;
    const { code, text } = describeHttp2Fault(fault);
    if (this.#connected) this.#sender.goAway(code);
    const { classified } = brokenBy(fault === 'not-http2' ? this.#otherProtocol() : text);
    this.#fail(classified as Failure);
  }

  #otherProtocol(): string {
    const bytes = Buffer.from(this.#first, 'latin1');
    const what = `${quoted(bytes, 0, bytes.length)} from ${this.#shared.endpoint.address}`;
    const { text } = describeHttp2Fault('not-http2');
    return this.#first.startsWith(HTTP1)
      ? `the server answers in HTTP/1.1, not HTTP/2: set load.http to 1.1 (${what})`
      : `${text} (${what})`;
  }

  /** The connection has failed, or ended without a word: then what is lost depends on how far it had come. */
  #fail(failure: Failure | undefined): void {
    const streams = [...this.#streams.values()];
    this.close();
    const { address } = this.#shared.endpoint;
    const unanswered: Failure = { outcome: 'reset', detail: `closed without an answer ${address}` };
    this.#listener.onClosed(this, failure ?? unanswered);
    for (const stream of streams) {
      const during: Failure = { outcome: 'reset', detail: `closed during the answer ${address}` };
      const classified = failure ?? (stream.head === undefined ? unanswered : during);
      stream.onLoss({ classified, again: this.#unsent(stream) ? 'always' : 'never' });
    }
  }

  /** Whether the request of `stream` was to be sent at the end of this turn. */
  #unsent(stream: Http2Stream): boolean {
    return stream.id > this.#sender.sentId;
  }
}

const brokenBy = (text: string): Loss => ({
  classified: { outcome: 'malformed', detail: safeDetail(text), cause: 'not-http' },
  again: 'never',
});
