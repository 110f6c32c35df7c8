/** @module One connection of the pool: one call at a time over one connection, which is opened when a call needs it. */
import { keepAliveSeconds } from '../../http/framing.ts';
import { beginsHttp2, FRAME_HEADER_BYTES } from '../../http/http2/frame.ts';
import type { Classified } from '../../protocol/classify.ts';
import { safeDetail } from '../../protocol/detail.ts';
import type { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import { CallAnswer } from '../call-answer.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { failureOf, type TimedOut } from '../failure.ts';
import type { LargeMemory } from '../large-memory.ts';
import type { PoolConnection, PoolEvents, PooledCall } from './pool.ts';
import type { RequestBytes } from './request-bytes.ts';
import { BROKEN, COMPLETE, READING_HEAD, ResponseReader } from './response.ts';
import type { SocketListener, SocketOpener, WireSocket } from './socket.ts';
import type { SpareSockets } from './spare-sockets.ts';
import { quoted, type Texts } from './texts.ts';

/** Memory for one read of TLS: a record. */
const READ_BYTES = 16 * 1024;

/** What the connections of a driver share. */
export interface WireShared {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly opener: SocketOpener;
  /** For requests of streams. */
  readonly spare: SpareSockets;
  readonly requests: RequestBytes;
  readonly texts: Texts;
  readonly repeated: RepeatedAnswers;
  /** For the bodies of large answers. */
  readonly large: LargeMemory;
}

/**
 * A connection is closed this long before the keep-alive time of the server ends, or at half of that time if that is later:
 * clocks and network delays differ.
 */
const MARGIN: Micros = 1e6;

/** How long a connection may idle under `hint`, the value of `Keep-Alive`. */
function idleTime(hint: string): Micros {
  const seconds = keepAliveSeconds(hint);
  if (seconds === undefined) return Number.POSITIVE_INFINITY;
  const span = seconds * SECOND;
  return Math.max(span - MARGIN, span / 2);
}

/** What is wrong with an answer of which `count` bytes were read last. */
function malformed({ fault, head }: ResponseReader, bytes: Buffer, count: number): Classified {
  if (head.status === 0 && beginsHttp2(bytes, count)) {
    const said = `the server answers in HTTP/2, not HTTP/1.1: ${quoted(bytes, 0, FRAME_HEADER_BYTES)}`;
    return { outcome: 'malformed', detail: safeDetail(said), cause: 'http2-only' };
  }
  return { outcome: 'malformed', detail: safeDetail(fault), cause: 'not-http' };
}

/**
 * A connection that is opened when a call needs it and it is not open. A target that refuses connections is therefore tried
 * once per call. A call whose bytes have been sent is never sent again, because it may have been executed.
 */
export class WireConnection implements PoolConnection, SocketListener {
  listed = false;
  readonly joinsRequests = false;
  readonly #shared: WireShared;
  readonly #pool: PoolEvents;
  readonly #reader: ResponseReader;
  readonly #answer: CallAnswer;
  #socket: WireSocket | undefined = undefined;
  #ready = false;
  #call: PooledCall | undefined = undefined;
  /** Until when the server keeps the connection, as far as it said. */
  #idleUntilUs: Micros = Number.POSITIVE_INFINITY;
  /** The latest `Keep-Alive` of the server, and how long the connection may idle under it. */
  #hint = '';
  #idleUs: Micros = Number.POSITIVE_INFINITY;
  /** Calls answered on the connection that is open. */
  #answered = 0;
  /** Called once, when the connection is up or has failed. */
  #onSettled: (() => void) | undefined = undefined;

  constructor(shared: WireShared, pool: PoolEvents) {
    this.#shared = shared;
    this.#pool = pool;
    const { instanceHeader, timingHeader, checkIds } = shared.options;
    this.#reader = new ResponseReader(shared.texts, instanceHeader, timingHeader, shared.large);
    this.#answer = new CallAnswer(checkIds, shared.repeated);
  }

  hasRoom(): boolean {
    return this.#call === undefined;
  }

  isOpen(): boolean {
    return this.#ready;
  }

  warm(onSettled: () => void): void {
    if (this.#ready) {
      onSettled();
      return;
    }
    this.#onSettled = onSettled;
    this.#open();
  }

  take(call: PooledCall, nowUs: Micros): void {
    this.#call = call;
    call.connection = this;
    // The server is about to close the connection, or has closed it. A request that is sent now could be lost.
    if (this.#ready && nowUs > this.#idleUntilUs) this.#close();
    if (this.#ready) this.#send(call, nowUs);
    else this.#open();
  }

  handBack(): PooledCall | undefined {
    if (this.#ready) return undefined;
    const call = this.#call;
    this.#call = undefined;
    return call;
  }

  /** Closes the connection: its only call is given up. */
  drop(call: PooledCall, classified: Classified, nowUs: Micros): Reply {
    this.#call = undefined;
    this.#close();
    return this.#failure(call, classified, nowUs);
  }

  abandon(classified: Classified, nowUs: Micros, onDropped: (call: PooledCall, reply: Reply) => void): void {
    const call = this.#call;
    if (call === undefined) this.#close();
    else onDropped(call, this.drop(call, classified, nowUs));
  }

  /** Takes an open socket, on which HTTP/1.1 is spoken. */
  adopt(socket: WireSocket): void {
    socket.handTo(this);
    this.#socket = socket;
    this.#begin();
  }

  progress({ sentUs, firstByteUs }: PooledCall): TimedOut {
    if (sentUs < 0) return 'waiting';
    if (firstByteUs < 0) return 'sent';
    return this.#answer.inEvent ? 'in-event' : 'answering';
  }

  stopOpening(): void {
    if (!this.#ready && this.#call === undefined) this.#close();
  }

  onReady(): void {
    this.#begin();
    if (this.#call === undefined) this.#pool.roomier(this);
    else this.#send(this.#call, this.#shared.options.clock.now());
  }

  onRead(bytes: Buffer, count: number): void {
    const call = this.#call;
    // Bytes without a request: after them it would be unclear which answer belongs to which call.
    if (call === undefined || call.sentUs < 0) {
      this.#close();
      // The call that was about to be sent is sent over a new connection.
      if (call !== undefined) this.#open();
      return;
    }
    const now = this.#shared.options.clock.now();
    if (call.firstByteUs < 0) call.firstByteUs = now;
    const reader = this.#reader;
    const position = reader.read(bytes, 0, count);
    if (reader.state === COMPLETE) this.#complete(call, now, position === count);
    else if (reader.state !== READING_HEAD) {
      if (call.arrivedUs < 0) this.#look(call, now);
      if (reader.state === BROKEN && this.#call === call)
        this.#fail(call, malformed(reader, bytes, count), now);
    }
  }

  onEnd(error: Error | undefined): void {
    const stage = this.#ready ? 'connected' : 'connecting';
    this.#close();
    const call = this.#call;
    if (call === undefined) {
      this.#pool.roomier(this);
      return;
    }
    const now = this.#shared.options.clock.now();
    const { address, secure } = this.#shared.endpoint;
    if (error !== undefined) this.#fail(call, failureOf(error, stage, address, secure), now);
    else if (call.sentUs >= 0 && this.#reader.finish()) this.#complete(call, now, false);
    else {
      const what = call.firstByteUs < 0 ? 'closed without an answer' : 'closed during the answer';
      this.#fail(call, { outcome: 'reset', detail: `${what} ${address}` }, now);
    }
  }

  /** The socket is open. */
  #begin(): void {
    this.#ready = true;
    this.#answered = 0;
    this.#idleUntilUs = Number.POSITIVE_INFINITY;
    this.#settled();
  }

  #open(): void {
    const { opener, options } = this.#shared;
    const onOpened = options.onConnection;
    this.#socket ??= opener.open(this, {
      readBytes: READ_BYTES,
      versions: ['1.1'],
      ...(onOpened && { onOpened }),
    });
  }

  #send(call: PooledCall, nowUs: Micros): void {
    this.#reader.clear();
    this.#answer.clear();
    call.sentUs = nowUs;
    this.#shared.requests.send(call.request, this.#socket!);
  }

  /** Looks for the answer in a body that has not ended. */
  #look(call: PooledCall, now: Micros): void {
    const { head, body } = this.#reader;
    // A message may have made its receiver close the driver.
    if (!this.#answer.read(call, head, body) || this.#call !== call) return;
    call.arrivedUs = now;
    this.#pool.arrived(call, now);
  }

  /** `clean`: nothing lies beyond the answer. */
  #complete(call: PooledCall, now: Micros, clean: boolean): void {
    const { head, body } = this.#reader;
    const answer = this.#answer;
    this.#answered += 1;
    const worn = this.#answered >= (this.#shared.options.perConnection ?? Number.POSITIVE_INFINITY);
    if (!clean || !head.keepAlive || worn) this.#close();
    else if (head.keepAliveHint !== undefined) this.#idleUntilUs = now + this.#idleTime(head.keepAliveHint);
    if (call.arrivedUs < 0) answer.end(call, head, body);
    if (this.#call === call) this.#end(call, this.#reply(call, call.arrivedUs < 0 ? now : call.arrivedUs));
  }

  /** How long the connection may idle under `hint`, which is mostly the same. */
  #idleTime(hint: string): Micros {
    if (hint !== this.#hint) {
      this.#hint = hint;
      this.#idleUs = idleTime(hint);
    }
    return this.#idleUs;
  }

  /** The reply to a call whose answer arrived at `doneUs`. */
  #reply(call: PooledCall, doneUs: Micros): Reply {
    const { classified, text, resume, repeats } = this.#answer;
    return call.reply(classified, doneUs, this.#reader.head, text, resume, repeats);
  }

  #fail(call: PooledCall, classified: Classified, nowUs: Micros): void {
    this.#close();
    this.#end(call, this.#failure(call, classified, nowUs));
  }

  /** The reply to a call that failed, with what is known of its answer; or to one whose answer has arrived. */
  #failure(call: PooledCall, classified: Classified, nowUs: Micros): Reply {
    if (call.arrivedUs >= 0) return this.#reply(call, call.arrivedUs);
    const { head } = this.#reader;
    const began = call.firstByteUs >= 0 && head.status >= 200;
    const resume = classified.outcome === 'reset' ? this.#answer.resume : undefined;
    return call.reply(classified, nowUs, began ? head : undefined, undefined, resume);
  }

  #end(call: PooledCall, reply: Reply): void {
    this.#call = undefined;
    // An idle connection keeps no large body.
    this.#reader.body.clear();
    this.#pool.finished(this, call, reply);
  }

  #close(): void {
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#settled();
  }

  #settled(): void {
    const onSettled = this.#onSettled;
    this.#onSettled = undefined;
    onSettled?.();
  }
}
