/** @module One stream of HTTP/2 to an upstream: carries one exchange. */
import { BodyReader, type ByteSink } from '../../http/body-reader.ts';
import type { ClientSession } from '../../http/http2/client-session.ts';
import { ClientStream } from '../../http/http2/client-stream.ts';
import { errorName } from '../../http/http2/error-code.ts';
import { describeHttp2Fault } from '../../http/http2/fault.ts';
import type { Ending, Loss } from '../../http/http2/loss.ts';
import type { AnswerPiece, PieceTaker } from './answer-piece.ts';
import type { Changes } from './gate.ts';
import type { ClientHead, InstanceField, UpstreamHead } from './heads.ts';
import { answerHead, FieldLines, type Http2Request, type Http2Requests } from './http2-heads.ts';
import type { Piece } from './piece.ts';
import type { UpstreamCarrier, UpstreamExchange } from './upstream-exchange.ts';

/**
 * Bytes that an upstream may send on a stream before it hears that they were taken. So much is held in memory for a client that does not take
 * its answer; other streams go on.
 */
export const STREAM_WINDOW_BYTES: number = 256 * 1024;

const OPTIONS = { windowBytes: STREAM_WINDOW_BYTES, fields: 'all' } as const;
const NOTHING = Buffer.alloc(0);

/** What the streams of one connection share. */
export interface StreamShared {
  readonly session: ClientSession<Http2Request, UpstreamStream>;
  readonly requests: Http2Requests;
  readonly instance: InstanceField;
  /** Name of the field that names it, in lower case. */
  readonly instanceHeader: string;
  readonly piece: AnswerPiece;
  /** Whether the socket takes no more for now; {@link UpstreamStream.onSent} is called when it does again. */
  readonly isFull: boolean;
  /** A stream has ended. */
  ended(): void;
}

/** Carries one exchange. Gives the answer the form of HTTP/1.1. */
export class UpstreamStream extends ClientStream implements UpstreamCarrier, PieceTaker, ByteSink {
  readonly returns = true;
  readonly #shared: StreamShared;
  /** Absent before and after the exchange. */
  #exchange: UpstreamExchange | undefined;
  /** Reads a request body whose chunks are taken apart; absent: it comes without them. */
  #chunks: BodyReader | undefined;
  /** Of the block that is being read. */
  #fields: FieldLines;
  /** Whether anything of an answer came. */
  #begun = false;
  /** Whether the whole answer came. */
  #complete = false;
  /** Final head of the answer. */
  #head: UpstreamHead | undefined;

  constructor(shared: StreamShared) {
    super(OPTIONS);
    this.#shared = shared;
    this.#fields = this.#newFields();
  }

  begin(exchange: UpstreamExchange, first: Piece<ClientHead>, changes: Changes | undefined): boolean {
    const { session, requests } = this.#shared;
    const head = first.head!;
    this.#exchange = exchange;
    this.toHead = head.method === 'HEAD';
    if (head.body === 'chunked') {
      this.#chunks = new BodyReader();
      this.#chunks.begin('chunked');
    }
    const bodyFollows = !first.last || first.to > first.from;
    session.start(this, requests.of(head, changes), bodyFollows);
    return bodyFollows ? this.send(first) : true;
  }

  send(piece: Piece<ClientHead>): boolean {
    const { chunk, from, to, last } = piece;
    const { session } = this.#shared;
    if (this.#chunks === undefined) session.send(this, chunk, from, to, last);
    else {
      // Trailers of a request are left out, as a gateway may (RFC 9110, section 6.5.1).
      this.#chunks.read(chunk, from, to, this);
      if (last) session.send(this, NOTHING, 0, 0, true);
    }
    return this.unsent === undefined && !this.#shared.isFull;
  }

  /** Takes data of a chunk of the request. */
  append(bytes: Buffer, from: number, to: number): void {
    this.#shared.session.send(this, bytes, from, to, false);
  }

  resume(): void {
    if (this.held) this.#shared.session.release(this);
  }

  abandon(): void {
    if (this.#exchange === undefined) return;
    this.#exchange = undefined;
    this.#shared.piece.drop(this);
    if (!this.#complete) this.#shared.session.cancel(this);
    this.#shared.ended();
  }

  /** Nothing was begun. */
  release(): void {}

  override field(name: string, value: string): void {
    this.#fields.add(name, value);
  }

  override onBlock(): void {
    this.#begun = true;
    this.#fields = this.#newFields();
  }

  override onInterim(): void {
    const { piece, instance } = this.#shared;
    piece.begin(this, answerHead(this.rules.status, this.#fields, instance, true));
    piece.flush();
  }

  override onHead(): void {
    const { piece, instance } = this.#shared;
    const { status } = this.rules;
    const bodiless = this.toHead || status === 204 || status === 304;
    this.#head = answerHead(status, this.#fields, instance, bodiless);
    this.#fields = this.#newFields();
    piece.begin(this, this.#head);
  }

  override onData(bytes: Buffer, from: number, to: number): void {
    this.#shared.piece.add(this, bytes, from, to, this.#chunked);
  }

  override onReadEnd(): void {
    this.#shared.piece.flush();
  }

  override onEnd(): void {
    this.#complete = true;
    this.#shared.piece.end(this, this.#fields.text, this.#chunked);
    const exchange = this.#exchange;
    this.#over();
    exchange?.answered();
  }

  override onSent(): void {
    if (!this.#shared.isFull) this.#exchange?.drained();
  }

  override onLoss(loss: Loss): void {
    const exchange = this.#exchange;
    this.#shared.piece.drop(this);
    this.#over();
    if (loss.again === 'never' || this.#begun) exchange?.failed(lossReason(loss));
    else exchange?.returned(lossReason(loss), loss.again);
  }

  deliver(piece: Piece<UpstreamHead>): void {
    const flowing = this.#exchange?.answer(piece) ?? true;
    if (!flowing) this.held = true;
  }

  get #chunked(): boolean {
    return this.#head?.body === 'chunked';
  }

  #newFields(): FieldLines {
    return new FieldLines(this.#shared.instanceHeader);
  }

  #over(): void {
    this.#exchange = undefined;
    this.#shared.ended();
  }
}

/** Why a stream was lost, in words. */
function lossReason({ cause }: Loss): string {
  switch (cause.kind) {
    case 'reset':
      return `the stream was reset: ${errorName(cause.code)}`;
    case 'go-away':
      return `the connection takes no more streams: ${errorName(cause.code)}`;
    case 'malformed':
      return `not an HTTP answer: ${describeHttp2Fault(cause.fault).text}`;
    case 'ended':
      return endingReason(cause.ending);
  }
}

/** Why a connection ended, in words. */
export function endingReason(ending: Ending): string {
  if (ending.kind === 'closed') return 'the connection to the upstream was closed';
  if (ending.kind === 'error') return ending.error.message;
  if (ending.first.startsWith('HTTP/1'))
    return 'the upstream speaks HTTP/1.1, not HTTP/2: set balancer.http to 1.1';
  return `not an HTTP answer: ${describeHttp2Fault(ending.fault).text}`;
}
