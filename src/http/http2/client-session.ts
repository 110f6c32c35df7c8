/** @module The client's side of one connection of HTTP/2: its frames, its streams and its end (RFC 9113). Without I/O: bytes are given to it, and written to a socket. */
import type { ClientStream } from './client-stream.ts';
import { describeHttp2Fault, type Http2Fault } from './fault.ts';
import { FrameReader, type FrameSink } from './frame-reader.ts';
import { type FieldSink, HpackDecoder } from './hpack-decoder.ts';
import { type Ending, endedLoss, goAwayLoss, malformedLoss, resetLoss } from './loss.ts';
import { OpenStreams } from './open-streams.ts';
import type { SessionSocket } from './output.ts';
import type { PeerSettings } from './peer-settings.ts';
import { Sender, type SendOptions } from './sender.ts';
import { ReceiveWindow } from './windows.ts';

/** Bytes at the beginning that say what the other side speaks. */
const FIRST_BYTES = 6;
const MOST_FIRST_BYTES = 64;
const IGNORED: FieldSink = { field: () => {} };

/** What a session tells. */
export interface SessionListener {
  /** The server has sent its first settings: requests can be sent. */
  onOpen(): void;
  /** The server takes more or fewer streams than before: {@link ClientSession.maxStreams}. */
  onLimit(): void;
  /** The server takes no further stream; those that it has processed go on. */
  onGoAway(): void;
  /** The connection has ended, and so have its streams, which are told next. Called at most once. */
  onEnded(ending: Ending): void;
}

/** One connection and its streams. Never throws on any input; what breaks HTTP/2 ends the stream or the connection. */
export class ClientSession<Request, Stream extends ClientStream> implements FrameSink {
  readonly #listener: SessionListener;
  readonly #socket: SessionSocket;
  readonly #sender: Sender<Request>;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new HpackDecoder();
  readonly #streams = new OpenStreams<Stream>();
  readonly #window: ReceiveWindow;
  /** Streams to which something came in the read that is going on. */
  readonly #touched: Stream[] = [];
  /** The first bytes that arrived, until they are known to be HTTP/2. */
  #first = '';
  #connected = false;
  #open = true;
  /** Requests can be sent. */
  ready = false;
  /** The server takes no further stream. */
  leaving = false;
  maxStreams: number = Number.POSITIVE_INFINITY;
  /** Requests sent so far. */
  started = 0;

  constructor(listener: SessionListener, socket: SessionSocket, options: SendOptions<Request>) {
    this.#listener = listener;
    this.#socket = socket;
    this.#sender = new Sender(socket, options);
    this.#window = new ReceiveWindow(options.connectionWindowBytes);
  }

  /** Streams that are open. */
  get active(): number {
    return this.#streams.size;
  }

  /** Whether something has to come before any answer can: the server's first settings, or the rest of a frame. */
  get owed(): boolean {
    return !this.ready || !this.#reader.atFrameEnd;
  }

  streams(): Iterable<Stream> {
    return this.#streams.all();
  }

  /** Whether ids are left for further streams. */
  get usable(): boolean {
    return this.#open && !this.leaving && this.#streams.idsLeft;
  }

  /** Sends `request` on `stream`. The session is ready and usable. `unfinished`: more of its body will follow ({@link send}). */
  start(stream: Stream, request: Request, unfinished = false): void {
    this.started += 1;
    this.#streams.open(stream, this.#sender.initialWindow);
    stream.unfinished = unfinished;
    this.#sender.request(stream, request);
  }

  /** Sends the next bytes of an unfinished body, those in [`from`, `to`). What the windows do not allow waits in {@link ClientStream.unsent}. */
  send(stream: Stream, bytes: Buffer, from: number, to: number, last: boolean): void {
    this.#sender.body(stream, bytes, from, to, last);
  }

  /** Lets the server go on with a stream that was {@link ClientStream.held}. */
  release(stream: Stream): void {
    stream.held = false;
    this.#grant(stream);
  }

  /** Gives up `stream`, which is told nothing. */
  cancel(stream: Stream): void {
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

  /** The connection is up. */
  connected(): void {
    this.#connected = true;
    this.#sender.preface();
  }

  /** The first `count` bytes of `bytes` arrived. */
  read(bytes: Buffer, count: number): void {
    if (!this.ready && this.#first.length < FIRST_BYTES)
      this.#first += bytes.toString('latin1', 0, Math.min(count, MOST_FIRST_BYTES));
    const fault = this.#reader.read(bytes, 0, count);
    if (fault !== undefined) this.#break(fault);
    const touched = this.#touched;
    for (const stream of touched) {
      stream.touched = false;
      if (this.#open && this.#streams.find(stream.id) === stream) stream.onReadEnd();
    }
    touched.length = 0;
  }

  /** The connection has ended: by the server (`undefined`) or by a fault. */
  ended(error: Error | undefined): void {
    this.#end(error === undefined ? { kind: 'closed' } : { kind: 'error', error });
  }

  headers(id: number, bytes: Buffer, from: number, to: number, endStream: boolean): Http2Fault | undefined {
    const stream = this.#streams.find(id);
    if (stream === undefined) {
      return this.#decoder.decode(bytes, from, to, IGNORED) ?? this.#streams.unknown(id);
    }
    stream.onBlock();
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
    const stream = this.#streams.find(id);
    if (stream === undefined) return this.#streams.unknown(id);
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
    const stream = this.#streams.find(id);
    if (stream === undefined) return this.#streams.unknown(id);
    this.#remove(stream);
    stream.onLoss(resetLoss(code));
    return undefined;
  }

  settings(peer: PeerSettings): Http2Fault | undefined {
    const fault = this.#sender.settings(peer, this.#streams.all());
    if (fault !== undefined) return fault;
    const before = this.maxStreams;
    this.maxStreams = peer.maxStreams;
    if (!this.ready) {
      this.ready = true;
      this.#listener.onOpen();
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
    const lost = this.#streams.above(lastStream);
    for (const stream of lost) this.#remove(stream);
    this.#listener.onGoAway();
    for (const stream of lost) stream.onLoss(goAwayLoss(code, lastStream > 0 || !this.#isSent(stream)));
    return undefined;
  }

  windowUpdate(id: number, increment: number): Http2Fault | undefined {
    if (id === 0) return this.#sender.grow(increment);
    const stream = this.#streams.find(id);
    if (stream === undefined) return this.#streams.unknown(id);
    const fault = this.#sender.growStream(stream, increment);
    if (fault !== undefined) this.#malformed(stream, fault);
    return undefined;
  }

  #headRead(stream: Stream, endStream: boolean): void {
    const { block } = stream.rules;
    if (block === 'head') stream.onHead();
    else if (block === 'interim') stream.onInterim();
    if (endStream) this.#complete(stream);
    else if (block === 'head') this.#await(stream);
  }

  /** Grants `stream` what it used of its window, and notes that it has to be looked at after this read. */
  #await(stream: Stream): void {
    if (!stream.held) this.#grant(stream);
    if (stream.touched) return;
    stream.touched = true;
    this.#touched.push(stream);
  }

  #grant(stream: Stream): void {
    const due = stream.receiveWindow.due();
    if (due > 0) this.#sender.windowUpdate(stream.id, due);
  }

  #complete(stream: Stream): void {
    // The server has answered without the rest of the request.
    if (this.#remove(stream)) this.#sender.reset(stream.id, 'CANCEL');
    stream.onEnd();
  }

  /** Whether the request of `stream` was incomplete. */
  #remove(stream: Stream): boolean {
    this.#streams.remove(stream);
    return this.#sender.forget(stream);
  }

  /** Ends a stream whose answer breaks HTTP/2; the others go on. */
  #malformed(stream: Stream, fault: Http2Fault): void {
    this.#remove(stream);
    this.#sender.reset(stream.id, describeHttp2Fault(fault).code);
    stream.onLoss(malformedLoss(fault));
  }

  /** Ends the connection because of what the server sent. */
  #break(fault: Http2Fault): void {
    if (!this.#open) return;
    if (this.#connected) this.#sender.goAway(describeHttp2Fault(fault).code);
    this.#end({ kind: 'fault', fault, first: this.#first });
  }

  #end(ending: Ending): void {
    if (!this.#open) return;
    const streams = [...this.#streams.all()];
    this.close();
    this.#listener.onEnded(ending);
    for (const stream of streams) stream.onLoss(endedLoss(ending, this.#isSent(stream)));
  }

  /** Whether something of the request of `stream` was written; otherwise it was to be, at the end of this turn. */
  #isSent(stream: Stream): boolean {
    return stream.id <= this.#sender.sentId;
  }
}
