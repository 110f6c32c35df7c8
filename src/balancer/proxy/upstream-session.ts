/** @module One connection to an upstream that speaks HTTP/2: carries many exchanges at a time. */
import type { Socket } from 'node:net';
import { ClientSession, type SessionListener } from '../../http/http2/client-session.ts';
import type { Ending } from '../../http/http2/loss.ts';
import type { SessionSocket } from '../../http/http2/output.ts';
import { AnswerPiece } from './answer-piece.ts';
import type { InstanceField } from './heads.ts';
import { HEAD_FORM, type Http2Request, type Http2Requests } from './http2-heads.ts';
import type { Intake } from './intake.ts';
import { endingReason, STREAM_WINDOW_BYTES, type StreamShared, UpstreamStream } from './upstream-stream.ts';

/** Of the connection: it is granted again as data comes, so that a stream that is held does not hold up others. */
const CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Streams at the same time, if the upstream allows more. */
const STREAMS = 100;

/** What a connection tells the upstream it belongs to. */
export interface SessionOwner {
  /** What names the instance in its answers. */
  readonly instance: InstanceField;
  /** It is gone. */
  closed(session: UpstreamSession): void;
}

/** Owns its socket, which is connected already. */
export class UpstreamSession implements SessionListener, StreamShared {
  readonly #socket: Socket;
  readonly session: ClientSession<Http2Request, UpstreamStream>;
  readonly requests: Http2Requests;
  readonly instance: InstanceField;
  readonly instanceHeader: string;
  readonly piece = new AnswerPiece();
  readonly #onOpen: () => void;
  /** Why the connection ended; undefined before that. */
  reason: string | undefined;

  /** @param onOpen - exchanges can begin. */
  constructor(intake: Intake, owner: SessionOwner, requests: Http2Requests, onOpen: () => void) {
    const { socket } = intake;
    this.#onOpen = onOpen;
    this.#socket = socket;
    this.requests = requests;
    this.instance = owner.instance;
    this.instanceHeader = owner.instance.name.toString('latin1');
    this.session = new ClientSession(this, writingTo(socket), {
      secure: requests.secure,
      form: HEAD_FORM,
      streamWindowBytes: STREAM_WINDOW_BYTES,
      connectionWindowBytes: CONNECTION_WINDOW_BYTES,
    });
    intake.take = (bytes, count) => this.session.read(bytes, count);
    let error: Error | undefined;
    socket.on('drain', () => {
      for (const stream of [...this.session.streams()]) stream.onSent();
    });
    socket.on('end', () => this.session.ended(undefined));
    socket.on('error', (latest) => {
      error = latest;
    });
    socket.on('close', () => {
      owner.closed(this);
      this.session.ended(error);
    });
    this.session.connected();
  }

  /** Whether another exchange may begin. */
  get hasRoom(): boolean {
    const { session } = this;
    return session.ready && session.usable && session.active < Math.min(STREAMS, session.maxStreams);
  }

  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** A carrier for one exchange. */
  carrier(): UpstreamStream {
    return new UpstreamStream(this);
  }

  /** Ends the connection at once; exchanges are told nothing. */
  abandon(): void {
    this.session.close();
  }

  ended(): void {
    const { session } = this;
    if (!session.usable && session.active === 0) session.leave();
  }

  onOpen(): void {
    this.#onOpen();
  }

  onLimit(): void {}

  onGoAway(): void {
    this.ended();
  }

  onEnded(ending: Ending): void {
    this.reason = endingReason(ending);
  }
}

const writingTo = (socket: Socket): SessionSocket => ({
  write(data) {
    socket.write(data, 'latin1');
    return socket.writableLength === 0;
  },
  get drained() {
    return socket.writableLength === 0;
  },
  close() {
    socket.destroy();
  },
});
