/** @module One connection of the driver that speaks HTTP/2: its socket and its session. */
import { ClientSession, type SessionListener } from '../../../http/http2/client-session.ts';
import type { Ending, Loss } from '../../../http/http2/loss.ts';
import type { Request } from '../../../protocol/request.ts';
import type { Micros } from '../../../units/time.ts';
import type { DriverOptions } from '../../driver.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { Failure } from '../../failure.ts';
import type { Opening, SocketListener, SocketOpener, WireSocket } from '../socket.ts';
import { Http2Failures } from './failures.ts';
import type { RequestFields } from './request-fields.ts';
import { type Http2Stream, RECEIVE_WINDOW } from './stream.ts';

/** What the sessions of a driver share. */
export interface Http2Shared {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly opener: SocketOpener;
  readonly fields: RequestFields;
}

/** What the session of a driver tells. */
export interface WireSessionListener extends Pick<SessionListener, 'onOpen' | 'onLimit'> {
  /** The server takes no further stream; those that it has processed go on. */
  onGoAway(session: WireSession): void;
  /** The connection has ended, and so have its streams, which are told next. Called at most once. */
  onClosed(session: WireSession, failure: Failure): void;
}

/** A session over a socket of its own. */
export class WireSession implements SocketListener, SessionListener {
  readonly #clock: DriverOptions['clock'];
  readonly #listener: WireSessionListener;
  readonly #failures: Http2Failures;
  readonly http2: ClientSession<Request, Http2Stream>;
  /** When the bytes that are being read arrived, or the latest ones; before any, when the session was made. */
  nowUs: Micros;

  /** @param opened - a socket that is open; absent: one is opened. */
  constructor(shared: Http2Shared, listener: WireSessionListener, opening: Opening, opened?: WireSocket) {
    this.#clock = shared.options.clock;
    this.nowUs = this.#clock.now();
    this.#listener = listener;
    this.#failures = new Http2Failures(shared.endpoint);
    const socket = opened ?? shared.opener.open(this, opening);
    this.http2 = new ClientSession(this, socket, {
      secure: shared.endpoint.secure,
      form: shared.fields,
      streamWindowBytes: RECEIVE_WINDOW,
      connectionWindowBytes: RECEIVE_WINDOW,
    });
    if (opened === undefined) return;
    opened.handTo(this);
    this.onReady();
  }

  /** Whether nothing has come since `us`, although the server has to send something before any answer. */
  stuckSince(us: Micros): boolean {
    return this.http2.owed && this.nowUs < us;
  }

  /** How the call of a stream that is lost ended. */
  failureOf(loss: Loss, { head }: Http2Stream): Failure {
    return this.#failures.ofCall(loss, head !== undefined);
  }

  /** The socket is open. */
  onReady(): void {
    this.#failures.stage = 'connected';
    this.http2.connected();
  }

  onRead(bytes: Buffer, count: number): void {
    this.nowUs = this.#clock.now();
    this.http2.read(bytes, count);
  }

  onEnd(error: Error | undefined): void {
    this.http2.ended(error);
  }

  onOpen(): void {
    this.#listener.onOpen();
  }

  onLimit(): void {
    this.#listener.onLimit();
  }

  onGoAway(): void {
    this.#listener.onGoAway(this);
  }

  onEnded(ending: Ending): void {
    this.#listener.onClosed(this, this.#failures.ofConnection(ending));
  }
}
