/** @module An answer over HTTP/2 that stays open, on a connection of its own. */
import type { Loss } from '../../../http/http2/loss.ts';
import type { Request } from '../../../protocol/request.ts';
import type { OpenStream, StreamListener } from '../../driver.ts';
import type { Failure } from '../../failure.ts';
import { ListenedBody } from '../listened-body.ts';
import type { Opening, WireSocket } from '../socket.ts';
import { type Http2Shared, WireSession, type WireSessionListener } from './session.ts';
import { Http2Stream } from './stream.ts';

/** Thousands of streams may stand open, and little comes over them. */
const OPENING: Opening = { readBytes: 4 * 1024, versions: ['2'] };

/** Opens a connection, sends one request over it, and reads the messages in the body of its answer. */
export class Http2OpenStream extends Http2Stream implements OpenStream, WireSessionListener {
  /** Until it is sent. */
  #request: Request | undefined;
  readonly #listener: StreamListener;
  readonly #session: WireSession;
  readonly #body: ListenedBody;

  /**
   * @param onGone - called once the stream is closed or has ended.
   * @param opened - a socket that is open; absent: one is opened.
   */
  constructor(
    shared: Http2Shared,
    request: Request,
    listener: StreamListener,
    onGone: (stream: Http2OpenStream) => void,
    opened?: WireSocket,
  ) {
    super(shared.options);
    this.#request = request;
    this.#listener = listener;
    this.#body = new ListenedBody(listener, () => {
      this.#session.http2.close();
      onGone(this);
    });
    this.#session = new WireSession(shared, this, OPENING, opened);
  }

  close(): void {
    this.#body.close();
  }

  onOpen(): void {
    const request = this.#request;
    this.#request = undefined;
    if (request !== undefined) this.#session.http2.start(this, request);
  }

  onLimit(): void {}

  onGoAway(): void {}

  onClosed(_: WireSession, { detail }: Failure): void {
    // Once the request is sent, the loss of its stream says more.
    if (this.#request !== undefined) this.#body.end(detail);
  }

  override onHead(): void {
    super.onHead();
    const { status, servedBy } = this.head!;
    this.#listener.onOpen(status, servedBy);
  }

  override onData(bytes: Buffer, from: number, to: number): void {
    this.#body.take(this.head!, bytes.subarray(from, to));
  }

  override onReadEnd(): void {}

  override onEnd(): void {
    this.#body.complete(this.head!);
  }

  override onLoss(loss: Loss): void {
    this.#body.end(this.#session.failureOf(loss, this).detail);
  }
}
