/** @module One connection of the pool that carries many calls at a time over HTTP/2, and is opened when a call needs it. */
import type { Loss } from '../../../http/http2/loss.ts';
import type { Classified } from '../../../protocol/classify.ts';
import type { RepeatedAnswers } from '../../../protocol/repeated-answers.ts';
import type { Micros } from '../../../units/time.ts';
import { CallAnswer } from '../../call-answer.ts';
import type { Reply } from '../../driver.ts';
import type { Failure, TimedOut } from '../../failure.ts';
import type { PoolConnection, PoolEvents, PooledCall } from '../pool.ts';
import type { Opening, WireSocket } from '../socket.ts';
import { Exchange, type ExchangeListener } from './exchange.ts';
import { type Http2Shared, WireSession, type WireSessionListener } from './session.ts';

/** Memory for one read of TLS. */
const READ_BYTES = 64 * 1024;
/** `load.streams` when nobody names another number. */
const STREAMS = 100;

/**
 * A connection that sends its calls as soon as the server has sent its settings, as many at a time as both sides allow. When the
 * server takes no further calls, another one is opened in its place, while the calls under way end on the old one. The same is done when a
 * call times out during which nothing came, not even the rest of a frame that had begun. A call that the server
 * guarantees not to have processed is sent again (RFC 9113, section 8.7); no other call whose bytes have been sent is.
 */
export class Http2Connection implements PoolConnection, WireSessionListener, ExchangeListener {
  listed = false;
  readonly joinsRequests = true;
  readonly #shared: Http2Shared & { readonly repeated: RepeatedAnswers };
  readonly #pool: PoolEvents;
  readonly #opening: Opening;
  /** The one that takes calls, or is being opened for them. */
  #session: WireSession | undefined = undefined;
  /** Those that take no further calls. */
  readonly #leaving = new Set<WireSession>();
  /** Calls that have not been sent: the session is not ready, or the server allows no more streams. */
  #pending: PooledCall[] = [];
  /** Exchanges that are over, for later calls. */
  readonly #spare: Exchange[] = [];
  /** Called once, when the connection is ready or has failed. */
  #onSettled: (() => void) | undefined = undefined;

  constructor(shared: Http2Shared & { readonly repeated: RepeatedAnswers }, pool: PoolEvents) {
    this.#shared = shared;
    this.#pool = pool;
    const onOpened = shared.options.onConnection;
    this.#opening = { readBytes: READ_BYTES, versions: ['2'], ...(onOpened && { onOpened }) };
  }

  hasRoom(): boolean {
    const session = this.#session;
    const { streams = STREAMS } = this.#shared.options;
    if (session === undefined) return this.#pending.length < streams;
    return session.http2.active + this.#pending.length < Math.min(streams, session.http2.maxStreams);
  }

  isOpen(): boolean {
    return this.#session?.http2.ready ?? false;
  }

  take(call: PooledCall, nowUs: Micros): void {
    call.connection = this;
    const session = this.#session;
    if (session?.http2.ready) this.#send(call, session, nowUs);
    else {
      this.#pending.push(call);
      if (session === undefined) this.#open();
    }
  }

  /** Takes an open socket, on which HTTP/2 is spoken. */
  adopt(socket: WireSocket): void {
    this.#open(socket);
  }

  progress(call: PooledCall): TimedOut {
    const exchange = this.#exchangeOf(call);
    if (exchange !== undefined) return exchange.progress;
    const http2 = this.#session?.http2;
    return http2?.ready && http2.maxStreams === 0 ? 'no-streams' : 'waiting';
  }

  /** The pool opens another connection when the streams of all others are taken, which is rare: its calls wait for it. */
  handBack(): undefined {}

  drop(call: PooledCall, classified: Classified, nowUs: Micros): Reply {
    const exchange = this.#exchangeOf(call);
    if (exchange === undefined) {
      this.#pending = this.#pending.filter((other) => other !== call);
      if (this.#session?.stuckSince(call.handedUs)) this.#retire(this.#session);
      this.#sendPending();
      return call.reply(classified, nowUs, undefined, undefined);
    }
    const reply = exchange.failure(classified, nowUs);
    const { session } = exchange;
    session!.http2.cancel(exchange);
    if (session!.stuckSince(call.sentUs)) this.#retire(session!);
    this.#over(exchange, session!);
    return reply;
  }

  abandon(classified: Classified, nowUs: Micros, onDropped: (call: PooledCall, reply: Reply) => void): void {
    const sessions = this.#sessions();
    const exchanges = sessions.flatMap((session) => [...session.http2.streams()] as Exchange[]);
    for (const session of sessions) session.http2.leave();
    this.#session = undefined;
    this.#leaving.clear();
    for (const exchange of exchanges) {
      const { call } = exchange;
      const reply = exchange.failure(classified, nowUs);
      exchange.forget();
      onDropped(call!, reply);
    }
    for (const call of this.#pending.splice(0))
      onDropped(call, call.reply(classified, nowUs, undefined, undefined));
    this.#settled();
  }

  warm(onSettled: () => void): void {
    if (this.#session?.http2.ready) {
      onSettled();
      return;
    }
    this.#onSettled = onSettled;
    if (this.#session === undefined) this.#open();
  }

  stopOpening(): void {
    if (this.#session === undefined || this.#session.http2.ready || this.#pending.length > 0) return;
    this.#session.http2.close();
    this.#session = undefined;
    this.#settled();
  }

  onOpen(): void {
    this.#settled();
    this.#proceed();
  }

  onLimit(): void {
    this.#proceed();
  }

  onGoAway(session: WireSession): void {
    if (session !== this.#session) return;
    this.#retire(session);
    if (session.http2.started === 0 && this.#pending.length > 0) this.#failPending(TAKES_NOTHING);
    this.#proceed();
  }

  onClosed(session: WireSession, failure: Failure): void {
    this.#leaving.delete(session);
    if (session !== this.#session) return;
    this.#session = undefined;
    // Otherwise each attempt could end like this one, without end.
    if (session.http2.started === 0) this.#failPending(failure);
    this.#settled();
    this.#proceed();
  }

  onArrived({ call, session }: Exchange): void {
    this.#pool.arrived(call!, session!.nowUs);
  }

  onAnswered(exchange: Exchange, reply: Reply): void {
    const { call, session } = exchange;
    this.#over(exchange, session!);
    this.#pool.finished(this, call!, reply);
  }

  onLost(exchange: Exchange, loss: Loss): void {
    const { call, session } = exchange;
    const { again: allowed } = loss;
    const classified = session!.failureOf(loss, exchange);
    // An answer that has begun contradicts that.
    const unprocessed = allowed === 'always' || (allowed === 'once' && !call!.again);
    const again = unprocessed && call!.firstByteUs < 0;
    if (allowed === 'once') call!.again = true;
    const reply = again ? undefined : exchange.failure(classified, this.#shared.options.clock.now());
    this.#over(exchange, session!);
    if (reply === undefined) this.#pool.again(this, call!);
    else this.#pool.finished(this, call!, reply);
  }

  #open(opened?: WireSocket): void {
    this.#session = new WireSession(this.#shared, this, this.#opening, opened);
  }

  #send(call: PooledCall, session: WireSession, nowUs: Micros): void {
    const exchange = this.#spare.pop() ?? this.#newExchange();
    exchange.send(call, session, nowUs);
    const { perConnection = Number.POSITIVE_INFINITY } = this.#shared.options;
    if (session.http2.started >= perConnection || !session.http2.usable) this.#retire(session);
  }

  #newExchange(): Exchange {
    const { options, repeated } = this.#shared;
    return new Exchange(this, options, new CallAnswer(options.checkIds, repeated));
  }

  /** Lets `session` end with the calls under way. */
  #retire(session: WireSession): void {
    if (session === this.#session) this.#session = undefined;
    this.#leaving.add(session);
    this.#closeIdle(session);
  }

  #closeIdle(session: WireSession): void {
    if (session.http2.active > 0 || !this.#leaving.delete(session)) return;
    session.http2.leave();
  }

  /** The stream of `exchange` has ended. */
  #over(exchange: Exchange, session: WireSession): void {
    exchange.forget();
    this.#spare.push(exchange);
    this.#closeIdle(session);
    this.#sendPending();
  }

  #sendPending(): void {
    const session = this.#session;
    if (this.#pending.length === 0) return;
    if (session === undefined) {
      this.#open();
      return;
    }
    const { clock, streams = STREAMS } = this.#shared.options;
    while (
      session.http2.ready &&
      session === this.#session &&
      session.http2.active < Math.min(streams, session.http2.maxStreams)
    ) {
      const call = this.#pending.shift();
      if (call === undefined) return;
      this.#send(call, session, clock.now());
    }
    if (this.#session === undefined && this.#pending.length > 0) this.#open();
  }

  /** The state of the connection has changed: calls that wait for it may go on. */
  #proceed(): void {
    this.#sendPending();
    this.#pool.roomier(this);
  }

  #failPending(classified: Classified): void {
    const now = this.#shared.options.clock.now();
    for (const call of this.#pending.splice(0))
      this.#pool.finished(this, call, call.reply(classified, now, undefined, undefined));
  }

  #sessions(): WireSession[] {
    return this.#session === undefined ? [...this.#leaving] : [...this.#leaving, this.#session];
  }

  /** The exchange that carries `call`; `undefined` when it has not been sent. Asked for calls that time out only. */
  #exchangeOf(call: PooledCall): Exchange | undefined {
    for (const session of this.#sessions())
      for (const stream of session.http2.streams())
        if ((stream as Exchange).call === call) return stream as Exchange;
    return undefined;
  }

  #settled(): void {
    const onSettled = this.#onSettled;
    this.#onSettled = undefined;
    onSettled?.();
  }
}

/** A server that lets no call begin. */
const TAKES_NOTHING: Classified = {
  outcome: 'refused',
  detail: 'GOAWAY before any call (the server closed the connection before it took a call)',
};
