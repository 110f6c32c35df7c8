/** @module The connections of a driver, and the calls that take them in turn or wait for one. */
import type { Classified } from '../../protocol/classify.ts';
import type { Request } from '../../protocol/request.ts';
import { after } from '../../units/clock.ts';
import { Fifo } from '../../units/fifo.ts';
import type { Micros } from '../../units/time.ts';
import { LINGER_US } from '../call-answer.ts';
import { Deadlines } from '../deadlines.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import { type TimedOut, timedOut } from '../failure.ts';
import { WireCall } from './wire-call.ts';

const ABORTED: Classified = { outcome: 'aborted', detail: undefined };

/** A call that a connection of the pool carries. */
export type PooledCall = WireCall<PoolConnection>;

/** A connection for one call at a time (HTTP/1.1) or for many (HTTP/2), which opens itself when a call needs it. */
export interface PoolConnection {
  /** Whether it stands in the row of connections that take the next calls. The pool alone sets it. */
  listed: boolean;
  /** Whether it writes all requests of a turn of the event loop in one piece. */
  readonly joinsRequests: boolean;
  /** Whether it takes another call now. */
  hasRoom(): boolean;
  /** Whether it would send that call at once, without being opened first. */
  isOpen(): boolean;
  /** Takes `call`; there is room for it. `nowUs`: the time now. */
  take(call: PooledCall, nowUs: Micros): void;
  /** How far `call`, which it has, has come. */
  progress(call: PooledCall): TimedOut;
  /** Hands back the call for which it is being opened, and goes on opening; `undefined` when it is open, or keeps its calls. */
  handBack(): PooledCall | undefined;
  /** Gives up `call`, which it has. Returns the reply: `classified`, unless the answer has arrived. */
  drop(call: PooledCall, classified: Classified, nowUs: Micros): Reply;
  /** Closes, for good. Every call that it has is handed to `onDropped`, with its reply. */
  abandon(classified: Classified, nowUs: Micros, onDropped: (call: PooledCall, reply: Reply) => void): void;
  /** Opens ahead of any call; `onSettled` is called when that has succeeded or failed. */
  warm(onSettled: () => void): void;
  /** Stops opening what no call waits for. */
  stopOpening(): void;
}

/** What a connection tells of its calls. */
export interface PoolEvents {
  /** The answer to the call has arrived, and its event stream is still open. */
  arrived(call: PooledCall, nowUs: Micros): void;
  /** The call has ended, and `connection` has room for another one. */
  finished(connection: PoolConnection, call: PooledCall, reply: Reply): void;
  /** `connection` has room that it did not have before, although no call has ended. */
  roomier(connection: PoolConnection): void;
  /** `call`, which was not sent or not processed, has to be sent over a connection that has room. */
  again(connection: PoolConnection, call: PooledCall): void;
  /** `instead` takes the place of `connection`, which has no call and takes none any more. */
  replace(connection: PoolConnection, instead: PoolConnection): void;
}

type Options = Pick<DriverOptions, 'clock' | 'timeoutUs' | 'connections' | 'maxConnections' | 'onResent'>;

/**
 * Calls take the connections in turn, the one that took none for longest first, so that a balancer that balances connections sees
 * all of them equally. When none has room, the pool grows: it opens a connection for the call, which takes whichever is free first, that one
 * or another. What was opened in vain serves the next call that finds none. At the limit of the pool, calls wait in order.
 */
export class Pool implements PoolEvents {
  readonly #options: Options;
  readonly #create: () => PoolConnection;
  readonly #deadlines: Deadlines;
  /** Calls whose answer has arrived while their event stream is still open. */
  readonly #lingering: Deadlines;
  readonly #connections: PoolConnection[];
  readonly #limit: number;
  /** Connections with room, in the order of their turns. One may have lost its room since it was listed. */
  readonly #row = new Fifo<PoolConnection>();
  /** Connections that were being opened for a call when they were listed here, because all others were busy. */
  readonly #opening = new Fifo<PoolConnection>();
  /** Connections that were being opened when their call was sent over another one. */
  readonly #unclaimed = new Fifo<PoolConnection>();
  readonly #waiting = new Fifo<PooledCall>();
  /** Objects of finished calls, which later calls reuse: at most as many as were ever in progress at once. */
  readonly #spare: PooledCall[] = [];
  readonly #onExpiry = (call: PooledCall, nowUs: Micros): void => this.#expire(call, nowUs);
  #closed = false;

  /** @param create - makes a connection, which tells this pool of its calls. */
  constructor(options: Options, create: (events: PoolEvents) => PoolConnection) {
    this.#options = options;
    this.#create = () => create(this);
    this.#deadlines = new Deadlines(options.clock, options.timeoutUs);
    this.#lingering = new Deadlines(options.clock, LINGER_US);
    this.#limit = options.maxConnections ?? options.connections;
    this.#connections = Array.from({ length: options.connections }, this.#create);
    for (const connection of this.#connections) this.#list(connection);
  }

  /** The most connections so far. */
  get size(): number {
    return this.#connections.length;
  }

  get joinsRequests(): boolean {
    return this.#connections.some((connection) => connection.joinsRequests);
  }

  /** Hands the request to a connection, or lets it wait for one. The arguments are those of `Driver.send`. */
  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody: boolean,
    onMessage?: (text: string) => void,
  ): void {
    const call = this.#newCall(request, keepBody, onReply, onMessage);
    const { clock } = this.#options;
    const now = clock.now();
    call.handedUs = now;
    if (this.#closed) {
      setImmediate(() => onReply(call.reply(ABORTED, clock.now(), undefined, undefined)));
      return;
    }
    this.#deadlines.set(call, now);
    this.#place(call, now);
  }

  /** Opens the connections; resolves when they are open or have failed. */
  async warm(): Promise<void> {
    const cancel = after(this.#options.timeoutUs, () => {
      for (const connection of this.#connections) connection.stopOpening();
    });
    await Promise.all(
      this.#connections.map((connection) => new Promise<void>((resolve) => connection.warm(resolve))),
    );
    cancel();
  }

  /** Closes every connection. Calls in progress, and those that wait, are `aborted`. */
  close(): void {
    this.#closed = true;
    this.#deadlines.close();
    this.#lingering.close();
    const now = this.#options.clock.now();
    for (const connection of this.#connections)
      connection.abandon(ABORTED, now, (call, reply) => call.onReply(reply));
    for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) {
      if (!call.expired) call.onReply(call.reply(ABORTED, now, undefined, undefined));
    }
  }

  arrived(call: PooledCall, nowUs: Micros): void {
    this.#deadlines.clear(call);
    this.#lingering.set(call, nowUs);
  }

  finished(connection: PoolConnection, call: PooledCall, reply: Reply): void {
    (call.arrivedUs < 0 ? this.#deadlines : this.#lingering).clear(call);
    this.roomier(connection);
    call.onReply(reply);
    // Only now: the reply belongs to the call, and may be used until here.
    call.forget();
    this.#spare.push(call);
  }

  /** Lets `connection` take the calls that wait. After an answer this comes before its reply is reported. */
  roomier(connection: PoolConnection): void {
    if (this.#opening.size > 0 && connection.isOpen()) this.#relieve(connection);
    while (this.#waiting.size > 0 && connection.hasRoom()) {
      const call = this.#waiting.shift()!;
      if (!call.expired) this.#give(connection, call);
    }
    this.#list(connection);
  }

  again(connection: PoolConnection, call: PooledCall): void {
    if (call.sentUs >= 0) this.#options.onResent?.();
    call.unsend();
    this.#place(call, this.#options.clock.now());
    this.roomier(connection);
  }

  replace(connection: PoolConnection, instead: PoolConnection): void {
    this.#connections[this.#connections.indexOf(connection)] = instead;
  }

  /** Hands `call` to the connection whose turn it is, or to a new one, or lets it wait. */
  #place(call: PooledCall, nowUs: Micros): void {
    const connection = this.#next() ?? this.#claim() ?? this.#another();
    if (connection === undefined) this.#waiting.push(call);
    else {
      connection.take(call, nowUs);
      this.#list(connection);
    }
  }

  /** Lets `connection` take calls for which others are being opened. */
  #relieve(connection: PoolConnection): void {
    while (this.#opening.size > 0 && connection.hasRoom()) {
      const opening = this.#opening.shift()!;
      const call = opening.handBack();
      if (call === undefined) continue;
      this.#unclaimed.push(opening);
      call.unsend();
      this.#give(connection, call);
    }
  }

  /** Hands a call that has waited to a connection that has room. */
  #give(connection: PoolConnection, call: PooledCall): void {
    const now = this.#options.clock.now();
    // What is due now expires in this very moment, without having been sent.
    if (call.dueUs > now) connection.take(call, now);
  }

  /** Gives `connection` the last place in the row, if it has room and no place yet. */
  #list(connection: PoolConnection): void {
    if (connection.listed || !connection.hasRoom()) return;
    connection.listed = true;
    this.#row.push(connection);
  }

  /** The connection whose turn it is. */
  #next(): PoolConnection | undefined {
    for (let next = this.#row.shift(); next !== undefined; next = this.#row.shift()) {
      next.listed = false;
      if (next.hasRoom()) return next;
    }
    return undefined;
  }

  /** One that is being opened, and whose call needs it no longer. */
  #claim(): PoolConnection | undefined {
    for (let next = this.#unclaimed.shift(); next !== undefined; next = this.#unclaimed.shift()) {
      // It opened meanwhile.
      if (next.listed || !next.hasRoom()) continue;
      this.#opening.push(next);
      return next;
    }
    return undefined;
  }

  /** One more connection, as long as the pool may grow. */
  #another(): PoolConnection | undefined {
    if (this.#connections.length >= this.#limit) return undefined;
    const connection = this.#create();
    this.#connections.push(connection);
    this.#opening.push(connection);
    return connection;
  }

  #newCall(
    request: Request,
    keepBody: boolean,
    onReply: (reply: Reply) => void,
    onMessage?: (text: string) => void,
  ): PooledCall {
    const spare = this.#spare.pop();
    if (spare === undefined)
      return new WireCall<PoolConnection>(this.#onExpiry, request, keepBody, onReply, onMessage);
    spare.renew(request, keepBody, onReply, onMessage);
    return spare;
  }

  #expire(call: PooledCall, nowUs: Micros): void {
    call.expired = true;
    const { timeoutUs } = this.#options;
    const { connection, onReply } = call;
    if (connection === undefined) {
      onReply(call.reply(timedOut('waiting', timeoutUs), nowUs, undefined, undefined));
      return;
    }
    const ending = timedOut(connection.progress(call), timeoutUs, call.sentUs - call.handedUs);
    const reply = connection.drop(call, ending, nowUs);
    this.roomier(connection);
    onReply(reply);
  }
}
