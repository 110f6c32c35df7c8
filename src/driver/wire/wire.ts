/** @module Paceline's own HTTP/1.1 client over node:net and node:tls, optimised for low overhead per call. */
import type { Classified } from '../../protocol/classify.ts';
import { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import type { Request } from '../../protocol/request.ts';
import { after } from '../../units/clock.ts';
import { Fifo } from '../../units/fifo.ts';
import type { Micros } from '../../units/time.ts';
import { LINGER_US } from '../call-answer.ts';
import { Deadlines } from '../deadlines.ts';
import type { CreateDriver, Driver, DriverOptions, OpenStream, Reply, StreamListener } from '../driver.ts';
import { type Endpoint, endpointOf } from '../endpoint.ts';
import { timedOut } from '../failure.ts';
import { WireConnection, type WireOwner } from './connection.ts';
import { RequestBytes } from './request-bytes.ts';
import { SocketOpener } from './socket.ts';
import { WireStream } from './stream.ts';
import { Texts } from './texts.ts';
import { WireCall } from './wire-call.ts';

const ABORTED: Classified = { outcome: 'aborted', detail: undefined };

/** A stream of a driver that is closed: it never opens. */
const CLOSED: OpenStream = { close: () => {} };

/**
 * A driver with one call at a time per connection. Calls take the connections in turn, the one free for longest first,
 * so that a balancer that balances connections sees all of them equally. When none is free, the pool grows; at its limit calls wait in order.
 */
export const createWireDriver: CreateDriver = (options) => new WireDriver(options);

class WireDriver implements Driver, WireOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly opener: SocketOpener;
  readonly requests: RequestBytes;
  readonly texts = new Texts();
  readonly repeated = new RepeatedAnswers();
  readonly #deadlines: Deadlines;
  /** Calls whose answer has arrived while their event stream is still open. */
  readonly #lingering: Deadlines;
  readonly #connections: WireConnection[];
  readonly #limit: number;
  readonly #free = new Fifo<WireConnection>();
  readonly #waiting = new Fifo<WireCall<WireConnection>>();
  /** Objects of finished calls, which later calls reuse: at most as many as were ever in progress at once. */
  readonly #spare: WireCall<WireConnection>[] = [];
  readonly #streams = new Set<WireStream>();
  readonly #onExpiry = (call: WireCall<WireConnection>, nowUs: Micros): void => this.#expire(call, nowUs);
  #closed = false;

  constructor(options: DriverOptions) {
    this.options = options;
    this.endpoint = endpointOf(options);
    this.opener = new SocketOpener(this.endpoint);
    this.requests = new RequestBytes(this.endpoint);
    this.#deadlines = new Deadlines(options.clock, options.timeoutUs);
    this.#lingering = new Deadlines(options.clock, LINGER_US);
    this.#limit = options.maxConnections ?? options.connections;
    this.#connections = Array.from({ length: options.connections }, () => new WireConnection(this));
    for (const connection of this.#connections) this.#free.push(connection);
  }

  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody = false,
    onMessage?: (text: string) => void,
  ): void {
    const call = this.#newCall(request, keepBody, onReply, onMessage);
    const { clock } = this.options;
    if (this.#closed) {
      call.handedUs = clock.now();
      setImmediate(() => onReply(call.reply(ABORTED, clock.now(), undefined, undefined)));
      return;
    }
    const now = clock.now();
    call.handedUs = now;
    this.#deadlines.set(call, now);
    const connection = this.#free.shift() ?? this.#another();
    if (connection === undefined) this.#waiting.push(call);
    else connection.take(call, now);
  }

  /** One more connection, as long as the pool may grow. */
  #another(): WireConnection | undefined {
    if (this.#connections.length >= this.#limit) return undefined;
    const connection = new WireConnection(this);
    this.#connections.push(connection);
    return connection;
  }

  open(request: Request, listener: StreamListener): OpenStream {
    if (this.#closed) return CLOSED;
    const stream = new WireStream(this, request, listener, (gone) => this.#streams.delete(gone));
    this.#streams.add(stream);
    return stream;
  }

  async warm(): Promise<void> {
    const cancel = after(this.options.timeoutUs, () => {
      for (const connection of this.#connections) connection.stopOpening();
    });
    await Promise.all(
      this.#connections.map((connection) => new Promise<void>((resolve) => connection.warm(resolve))),
    );
    cancel();
  }

  mostConnections(): number {
    return this.#connections.length;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadlines.close();
    this.#lingering.close();
    for (const stream of [...this.#streams]) stream.close();
    const now = this.options.clock.now();
    for (const connection of this.#connections) {
      const ended = connection.abandon(ABORTED, now);
      ended?.call.onReply(ended.reply);
    }
    for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) {
      if (!call.expired) call.onReply(call.reply(ABORTED, now, undefined, undefined));
    }
  }

  arrived(call: WireCall<WireConnection>, nowUs: Micros): void {
    this.#deadlines.clear(call);
    this.#lingering.set(call, nowUs);
  }

  finished(connection: WireConnection, call: WireCall<WireConnection>, reply: Reply): void {
    (call.arrivedUs < 0 ? this.#deadlines : this.#lingering).clear(call);
    this.#release(connection);
    const { onReply } = call;
    call.forget();
    this.#spare.push(call);
    onReply(reply);
  }

  #newCall(
    request: Request,
    keepBody: boolean,
    onReply: (reply: Reply) => void,
    onMessage?: (text: string) => void,
  ): WireCall<WireConnection> {
    const spare = this.#spare.pop();
    if (spare === undefined)
      return new WireCall<WireConnection>(this.#onExpiry, request, keepBody, onReply, onMessage);
    spare.renew(request, keepBody, onReply, onMessage);
    return spare;
  }

  /** Sends the next call before the reply to the last one is reported. */
  #release(connection: WireConnection): void {
    let next = this.#waiting.shift();
    while (next?.expired) next = this.#waiting.shift();
    if (next === undefined) this.#free.push(connection);
    else connection.take(next, this.options.clock.now());
  }

  #expire(call: WireCall<WireConnection>, nowUs: Micros): void {
    call.expired = true;
    const { timeoutUs } = this.options;
    const { connection } = call;
    if (connection === undefined) {
      call.onReply(call.reply(timedOut('waiting', timeoutUs), nowUs, undefined, undefined));
      return;
    }
    const ended = connection.abandon(timedOut(connection.progress(call), timeoutUs), nowUs);
    this.#release(connection);
    ended?.call.onReply(ended.reply);
  }
}
