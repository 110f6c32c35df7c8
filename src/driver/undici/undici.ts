/** @module The driver over undici's `dispatch`: HTTP/1.1, and HTTP/2 where the server prefers it. */

import type { Client } from 'undici';
import { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import type { Request } from '../../protocol/request.ts';
import { Fifo } from '../../units/fifo.ts';
import type { Micros } from '../../units/time.ts';
import { LINGER_US } from '../call-answer.ts';
import { Deadlines } from '../deadlines.ts';
import type { CreateDriver, Driver, DriverOptions, OpenStream, Reply, StreamListener } from '../driver.ts';
import { type Endpoint, endpointOf } from '../endpoint.ts';
import { type CallOwner, UndiciCall } from './call.ts';
import { ClientConnector, newClient } from './connect.ts';
import { openUndiciStream } from './stream.ts';

/** Streams that share one HTTP/2 connection, by default: what most servers allow. */
const STREAMS = 100;

/** A stream of a driver that is closed: it never opens. */
const CLOSED: OpenStream = { close: () => {} };

/**
 * A driver over undici clients, one connection each. Calls take the clients in turn, so that a balancer that balances connections sees all of them. When all are busy, the pool grows up to its limit. Nothing is ever sent twice.
 */
export const createUndiciDriver: CreateDriver = (options) => new UndiciDriver(options);

class UndiciDriver implements Driver, CallOwner {
  readonly repeated = new RepeatedAnswers();
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  /**
   * Every call in progress. A `Set` would be enough for `close`, but its internal tables keep ended calls in memory until the
   * next full garbage collection.
   */
  readonly #deadlines: Deadlines<UndiciCall>;
  /** Calls whose answer has arrived while their event stream is still open. */
  readonly #lingering: Deadlines<UndiciCall>;
  readonly #connector: ClientConnector;
  readonly #clients = new Set<Client>();
  /** Calls of each client on its present connection, counted only where they are limited. */
  readonly #made = new WeakMap<Client, number>();
  /** A client as often as it takes further calls. */
  readonly #free = new Fifo<Client>();
  readonly #waiting = new Fifo<UndiciCall>();
  readonly #streams = new Set<OpenStream>();
  readonly #multiplexed = new WeakSet<Client>();
  readonly #limit: number;
  #most = 0;
  #closed = false;

  constructor(options: DriverOptions) {
    this.options = options;
    this.endpoint = endpointOf(options);
    this.#deadlines = new Deadlines(options.clock, options.timeoutUs);
    this.#lingering = new Deadlines(options.clock, LINGER_US);
    this.#connector = new ClientConnector(this.endpoint, options);
    this.#limit = options.maxConnections ?? options.connections;
    for (let i = 0; i < options.connections; i += 1) this.#free.push(this.#newClient());
  }

  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody = false,
    onMessage?: (text: string) => void,
  ): void {
    const call = new UndiciCall(this, { request, keepBody, onMessage }, onReply);
    if (this.#closed) {
      setImmediate(() => call.fail({ outcome: 'aborted', detail: undefined }));
      return;
    }
    this.#deadlines.set(call, call.handedUs);
    this.#waiting.push(call);
    this.#pump();
  }

  open(request: Request, listener: StreamListener): OpenStream {
    if (this.#closed) return CLOSED;
    const stream = openUndiciStream(this, this.#connector, request, listener, () =>
      this.#streams.delete(stream),
    );
    this.#streams.add(stream);
    return stream;
  }

  warm(): Promise<void> {
    return this.#connector.warm(this.#clients.size);
  }

  mostConnections(): number {
    return this.#most;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadlines.close();
    this.#lingering.close();
    for (const stream of [...this.#streams]) stream.close();
    for (const call of [...this.#deadlines.listed(), ...this.#lingering.listed()]) {
      call.fail({ outcome: 'aborted', detail: undefined });
    }
    this.#connector.close();
    await Promise.all(Array.from(this.#clients, (client) => client.destroy()));
  }

  arrived(call: UndiciCall, nowUs: Micros): void {
    this.#deadlines.clear(call);
    this.#lingering.set(call, nowUs);
  }

  ended(call: UndiciCall, expired: boolean): void {
    if (!expired) (call.arrivedUs === undefined ? this.#deadlines : this.#lingering).clear(call);
  }

  released(client: Client): void {
    if (this.#clients.has(client)) this.#free.push(client);
    // Takes the place of a client that was lost, once for all calls of that client.
    else if (this.#clients.size < this.options.connections) this.#free.push(this.#newClient());
    this.#pump();
  }

  #newClient(): Client {
    const client = newClient(this.endpoint, this.#connector.connect);
    this.#clients.add(client);
    this.#most = Math.max(this.#most, this.#clients.size);
    client.on('connect', () => this.#multiplex(client));
    let ending: Error | undefined;
    client.on('disconnect', (_origin, _targets, error) => {
      ending = error;
    });
    // A client whose connection was refused may hang (undici loses count on a wrong host name), so it is replaced. Undici also emits
    // this for a GOAWAY that ended a connection; then the client connects again, for the calls that it has not sent.
    client.on('connectionError', (_origin, _targets, error) => {
      if (error === ending) return;
      this.#clients.delete(client);
      this.#withdraw(client);
      setImmediate(() => void client.destroy());
    });
    return client;
  }

  /** Lets no further call take `client`. */
  #withdraw(client: Client): void {
    for (let left = this.#free.size; left > 0; left -= 1) {
      const next = this.#free.shift()!;
      if (next !== client) this.#free.push(next);
    }
  }

  #pump(): void {
    while (!this.#closed && (this.#free.size > 0 || this.#grows())) {
      const call = this.#waiting.shift();
      if (call === undefined) return;
      if (call.settled) continue;
      const client = this.#free.shift() ?? this.#newClient();
      call.dispatch(client, this.#multiplexed.has(client), this.#lastOf(client));
    }
  }

  /** Whether a call that finds no client free gets another one. One that still connects may turn out to take many calls (HTTP/2). */
  #grows(): boolean {
    if (this.#clients.size >= this.#limit) return false;
    return !this.#connector.http2 || [...this.#clients].every((client) => this.#multiplexed.has(client));
  }

  /** Whether the next call of `client` is the last one that its connection is to carry. */
  #lastOf(client: Client): boolean {
    const { perConnection } = this.options;
    if (perConnection === undefined) return false;
    const made = (this.#made.get(client) ?? 0) + 1;
    this.#made.set(client, made % perConnection);
    return made >= perConnection;
  }

  /** HTTP/2 carries many calls on one connection: the client is queued once for each of them. */
  #multiplex(client: Client): void {
    if (!this.#connector.http2 || this.#multiplexed.has(client)) return;
    this.#multiplexed.add(client);
    const { streams = STREAMS } = this.options;
    client.pipelining = streams;
    for (let i = 1; i < streams; i += 1) this.#free.push(client);
    this.#pump();
  }
}
