/** @module One connection of the pool: one call at a time over one connection, which is opened when a call needs it. */
import { keepAliveSeconds } from '../../http/framing.ts';
import { answerText } from '../../protocol/answer.ts';
import { type Classified, classify } from '../../protocol/classify.ts';
import { safeDetail } from '../../protocol/detail.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { BODY_LIMIT, bodyTooLarge, failureOf, withChallenge } from '../failure.ts';
import type { RequestBytes } from './request-bytes.ts';
import { BROKEN, COMPLETE, ResponseReader } from './response.ts';
import type { SocketListener, SocketOpener, WireSocket } from './socket.ts';
import type { Texts } from './texts.ts';
import type { WireCall } from './wire-call.ts';

/** Memory for one read of TLS: a record. */
const READ_BYTES = 16 * 1024;

/** What the connections of a driver share. */
export interface WireOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly opener: SocketOpener;
  readonly requests: RequestBytes;
  readonly texts: Texts;
  /** The call has ended, and the connection takes another one. */
  finished(connection: WireConnection, call: WireCall<WireConnection>, reply: Reply): void;
}

/** Clocks and delays differ: a connection is given up so much before the server gives it up, or at half the time. */
const MARGIN: Micros = 1e6;

/** How long a connection may idle under `hint`, the value of `Keep-Alive`. */
function idleTime(hint: string): Micros {
  const seconds = keepAliveSeconds(hint);
  if (seconds === undefined) return Number.POSITIVE_INFINITY;
  const span = seconds * SECOND;
  return Math.max(span - MARGIN, span / 2);
}

const malformed = (fault: string): Classified => ({ outcome: 'malformed', detail: safeDetail(fault) });

/**
 * A connection that is opened anew whenever it is needed and not there. A target that refuses is therefore asked once
 * per call, never more often. A call whose bytes went out is never sent again: it may have been executed.
 */
export class WireConnection implements SocketListener {
  readonly #owner: WireOwner;
  readonly #reader: ResponseReader;
  #socket: WireSocket | undefined = undefined;
  #ready = false;
  #call: WireCall<WireConnection> | undefined = undefined;
  /** Until when the server keeps the connection, as far as it said. */
  #idleUntilUs: Micros = Number.POSITIVE_INFINITY;
  /** Calls answered on the connection that is open. */
  #answered = 0;
  /** Called once, when the connection is up or has failed. */
  #onSettled: (() => void) | undefined = undefined;

  constructor(owner: WireOwner) {
    this.#owner = owner;
    this.#reader = new ResponseReader(owner.texts, owner.options.instanceHeader);
  }

  /** Opens the connection ahead of any call; `onSettled` is called when that has succeeded or failed. */
  warm(onSettled: () => void): void {
    if (this.#ready) {
      onSettled();
      return;
    }
    this.#onSettled = onSettled;
    this.#open();
  }

  /** Takes `call`; there is no other one. `nowUs`: the time now. */
  take(call: WireCall<WireConnection>, nowUs: Micros): void {
    this.#call = call;
    call.connection = this;
    // The server is about to close it, or has: a request would cross the closing on the way and be lost.
    if (this.#ready && nowUs > this.#idleUntilUs) this.#close();
    if (this.#ready) this.#send(call, nowUs);
    else this.#open();
  }

  /** Gives up the connection, and with it the call under way, if there is one; the owner replies to it. */
  abandon(
    classified: Classified,
    nowUs: Micros,
  ): { call: WireCall<WireConnection>; reply: Reply } | undefined {
    const call = this.#call;
    this.#call = undefined;
    this.#close();
    return call && { call, reply: this.#failure(call, classified, nowUs) };
  }

  /** Stops opening what no call waits for. */
  stopOpening(): void {
    if (!this.#ready && this.#call === undefined) this.#close();
  }

  onReady(): void {
    this.#ready = true;
    this.#answered = 0;
    this.#idleUntilUs = Number.POSITIVE_INFINITY;
    this.#settled();
    if (this.#call !== undefined) this.#send(this.#call, this.#owner.options.clock.now());
  }

  onRead(bytes: Buffer, count: number): void {
    const call = this.#call;
    // Bytes without a request: from here on it would be unclear which answer belongs to which call.
    if (call === undefined || call.sentUs < 0) {
      this.#close();
      // The call that was about to be sent goes out on a connection that is in step.
      if (call !== undefined) this.#open();
      return;
    }
    const now = this.#owner.options.clock.now();
    if (call.firstByteUs < 0) call.firstByteUs = now;
    const reader = this.#reader;
    const position = reader.read(bytes, 0, count);
    if (reader.state === COMPLETE) this.#complete(call, now, position === count);
    else if (reader.state === BROKEN) this.#fail(call, malformed(reader.fault), now);
  }

  onEnd(error: Error | undefined): void {
    const stage = this.#ready ? 'connected' : 'connecting';
    this.#close();
    const call = this.#call;
    if (call === undefined) return;
    const now = this.#owner.options.clock.now();
    const { address, secure } = this.#owner.endpoint;
    if (error !== undefined) this.#fail(call, failureOf(error, stage, address, secure), now);
    else if (call.sentUs >= 0 && this.#reader.finish()) this.#complete(call, now, false);
    else {
      const what = call.firstByteUs < 0 ? 'closed without an answer' : 'closed during the answer';
      this.#fail(call, { outcome: 'reset', detail: `${what} ${address}` }, now);
    }
  }

  #open(): void {
    this.#socket ??= this.#owner.opener.open(this, READ_BYTES);
  }

  #send(call: WireCall<WireConnection>, nowUs: Micros): void {
    this.#reader.clear();
    call.sentUs = nowUs;
    this.#owner.requests.send(call.request, this.#socket!);
  }

  /** `clean`: nothing lies beyond the answer. */
  #complete(call: WireCall<WireConnection>, now: Micros, clean: boolean): void {
    const { head, body } = this.#reader;
    this.#answered += 1;
    const worn = this.#answered >= (this.#owner.options.perConnection ?? Number.POSITIVE_INFINITY);
    if (!clean || !head.keepAlive || worn) this.#close();
    else if (head.keepAliveHint !== undefined) this.#idleUntilUs = now + idleTime(head.keepAliveHint);
    if (body.size > BODY_LIMIT) {
      this.#end(call, call.reply(bodyTooLarge(body.size), now, head, undefined));
      return;
    }
    const { checkIds } = this.#owner.options;
    const answer = this.#reader.answer();
    const classified = withChallenge(classify(answer, call.request, checkIds), head.challenge);
    const text = call.keepBody ? answerText(answer, call.request, checkIds) : undefined;
    this.#end(call, call.reply(classified, now, head, text));
  }

  #fail(call: WireCall<WireConnection>, classified: Classified, nowUs: Micros): void {
    this.#close();
    this.#end(call, this.#failure(call, classified, nowUs));
  }

  /** The reply to a failed call, with what its answer had already said. */
  #failure(call: WireCall<WireConnection>, classified: Classified, nowUs: Micros): Reply {
    const { head } = this.#reader;
    const began = call.firstByteUs >= 0 && head.status >= 200;
    return call.reply(classified, nowUs, began ? head : undefined, undefined);
  }

  #end(call: WireCall<WireConnection>, reply: Reply): void {
    this.#call = undefined;
    this.#owner.finished(this, call, reply);
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
