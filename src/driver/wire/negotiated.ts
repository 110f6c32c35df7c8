/** @module Connections whose version of HTTP the TLS handshake decides (`load.http: auto`). */
import type { HttpVersion } from '../../profile/kinds.ts';
import type { Classified } from '../../protocol/classify.ts';
import type { Micros } from '../../units/time.ts';
import type { OpenStream, Reply } from '../driver.ts';
import { type Failure, failureOf, type TimedOut } from '../failure.ts';
import type { WireShared } from './connection.ts';
import type { PoolConnection, PoolEvents, PooledCall } from './pool.ts';
import type { SocketListener, WireSocket } from './socket.ts';

/** Memory for one read of TLS, of the pool's connections and of long-lived streams. */
const READ_BYTES = 64 * 1024;
const STREAM_READ_BYTES = 4 * 1024;

type Shared = Pick<WireShared, 'options' | 'endpoint' | 'opener'>;

/** HTTP/2 is preferred, as by other clients that speak both. */
const BOTH = ['2', '1.1'] as const satisfies readonly HttpVersion[];

/** A connection that can begin with a socket that is open. */
export interface AdoptingConnection extends PoolConnection {
  adopt(socket: WireSocket): void;
}

/**
 * The place of a connection in the pool until its first handshake, which decides for that connection for good: when it has to be opened
 * again, it offers only that version. Each connection asks for itself, because a balancer may lead to servers that differ. Until
 * the version is known there is room for one call, as with HTTP/1.1.
 */
export class NegotiatedConnection implements PoolConnection, SocketListener {
  listed = false;
  readonly joinsRequests = false;
  readonly #shared: Shared;
  readonly #pool: PoolEvents;
  readonly #create: (http: HttpVersion) => AdoptingConnection;
  #socket: WireSocket | undefined = undefined;
  #call: PooledCall | undefined = undefined;
  #replaced = false;
  #onSettled: (() => void) | undefined = undefined;

  /** @param create - makes the connection that takes the place of this one. */
  constructor(shared: Shared, pool: PoolEvents, create: (http: HttpVersion) => AdoptingConnection) {
    this.#shared = shared;
    this.#pool = pool;
    this.#create = create;
  }

  hasRoom(): boolean {
    return this.#call === undefined && !this.#replaced;
  }

  isOpen(): boolean {
    return false;
  }

  take(call: PooledCall): void {
    this.#call = call;
    call.connection = this;
    this.#open();
  }

  handBack(): PooledCall | undefined {
    const call = this.#call;
    this.#call = undefined;
    return call;
  }

  progress(): TimedOut {
    return 'waiting';
  }

  drop(call: PooledCall, classified: Classified, nowUs: Micros): Reply {
    this.#close();
    return call.reply(classified, nowUs, undefined, undefined);
  }

  abandon(classified: Classified, nowUs: Micros, onDropped: (call: PooledCall, reply: Reply) => void): void {
    const call = this.#call;
    if (call === undefined) this.#close();
    else onDropped(call, this.drop(call, classified, nowUs));
  }

  warm(onSettled: () => void): void {
    this.#onSettled = onSettled;
    this.#open();
  }

  stopOpening(): void {
    if (this.#call === undefined) this.#close();
  }

  onReady(http: HttpVersion): void {
    const call = this.#call;
    const onSettled = this.#onSettled;
    this.#call = undefined;
    this.#replaced = true;
    const connection = this.#create(http);
    this.#pool.replace(this, connection);
    connection.adopt(this.#socket!);
    if (onSettled !== undefined) connection.warm(onSettled);
    if (call !== undefined) connection.take(call, this.#shared.options.clock.now());
    this.#pool.roomier(connection);
  }

  /** Nothing arrives before the listener is told that the socket is ready, and another one takes over then. */
  onRead(): void {}

  onEnd(error: Error | undefined): void {
    const call = this.#call;
    this.#close();
    if (call === undefined) {
      this.#pool.roomier(this);
      return;
    }
    const failure = openingFailure(error, this.#shared);
    const reply = call.reply(failure, this.#shared.options.clock.now(), undefined, undefined);
    this.#pool.finished(this, call, reply);
  }

  #open(): void {
    const { opener, options } = this.#shared;
    const onOpened = options.onConnection;
    const opening = { readBytes: READ_BYTES, versions: BOTH, ...(onOpened && { onOpened }) };
    this.#socket ??= opener.open(this, opening);
  }

  #close(): void {
    this.#call = undefined;
    const socket = this.#socket;
    const onSettled = this.#onSettled;
    this.#socket = undefined;
    this.#onSettled = undefined;
    socket?.close();
    onSettled?.();
  }
}

/** A long-lived stream on a connection whose version the handshake decides. */
export class NegotiatedStream implements OpenStream, SocketListener {
  readonly #shared: Shared;
  readonly #create: (http: HttpVersion, socket: WireSocket) => OpenStream;
  readonly #onFailed: (detail: string) => void;
  readonly #socket: WireSocket;
  /** What reads the answer, once the version is known. */
  #stream: OpenStream | undefined = undefined;

  /** @param onFailed - the connection could not be opened. */
  constructor(
    shared: Shared,
    create: (http: HttpVersion, socket: WireSocket) => OpenStream,
    onFailed: (detail: string) => void,
  ) {
    this.#shared = shared;
    this.#create = create;
    this.#onFailed = onFailed;
    this.#socket = shared.opener.open(this, { readBytes: STREAM_READ_BYTES, versions: BOTH });
  }

  close(): void {
    if (this.#stream === undefined) this.#socket.close();
    else this.#stream.close();
  }

  onReady(http: HttpVersion): void {
    this.#stream = this.#create(http, this.#socket);
  }

  onRead(): void {}

  onEnd(error: Error | undefined): void {
    this.#onFailed(openingFailure(error, this.#shared).detail);
  }
}

/** A connection that ended while it was being opened. */
function openingFailure(error: Error | undefined, { endpoint: { address, secure } }: Shared): Failure {
  const closed = Object.assign(new Error(), { code: 'ECONNRESET' });
  return failureOf(error ?? closed, 'connecting', address, secure);
}
