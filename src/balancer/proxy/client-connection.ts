/** @module One client connection: reads its requests one after the other, has each answered by an upstream. */
import type { Socket } from 'node:net';
import { after, type Cancel } from '../../units/clock.ts';
import { NONE, type Policy, type RoutedRequest } from '../policy/policy.ts';
import { type ClientHead, readClientHead, type UpstreamHead } from './heads.ts';
import { MessageReader } from './message-reader.ts';
import { answerText, errorAnswer } from './own-answer.ts';
import { type Piece, writeBody, writeRenewed, writeVerbatim } from './piece.ts';
import { Reject } from './reject.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';

/** What all client connections of a proxy share. */
export interface Routing {
  readonly policy: Policy;
  readonly upstreams: readonly Upstream[];
  readonly counts: { ownAnswers: number; cancelled: number };
}

/** Bytes of later (pipelined) or not yet deliverable requests held before the client is made to wait. */
const HOLD = 65_536;
/** How long a client that was told to close may go on sending: closing at once could destroy the answer on its way. */
const LINGER_US = 1_000_000;

/**
 * - `idle`: between requests.
 * - `connecting`: a request was read, its upstream connection is being made; nothing has been sent.
 * - `sending`: the request is being passed on. `stalled`: so it is, but the upstream takes no more for now.
 * - `waiting`: the request is with the upstream, the answer is not complete.
 * - `over`: no more requests are read.
 */
type State = 'idle' | 'connecting' | 'sending' | 'stalled' | 'waiting' | 'over';

/** Owns the client's socket. */
export class ClientConnection implements UpstreamExchange {
  readonly #socket: Socket;
  readonly #routing: Routing;
  readonly #address: string;
  readonly #reader = new MessageReader(readClientHead);
  #state: State = 'idle';
  #pumping = false;
  #request: RoutedRequest | undefined;
  /** The client asked for the connection to be closed, or this side announced it. */
  #closing = false;
  #first: Piece<ClientHead> | undefined;
  #upstream: Upstream | undefined;
  #connection: UpstreamConnection | undefined;
  /** Head of the final answer passed on. */
  #answer: UpstreamHead | undefined;
  #linger: Cancel = () => {};

  constructor(socket: Socket, routing: Routing) {
    this.#socket = socket;
    this.#routing = routing;
    this.#address = socket.remoteAddress ?? '';
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    // A client that stops sending has gone: MCP makes a disconnect the way to cancel, and nginx and Node read it so, too.
    socket.on('end', () => this.#ended());
    // What there is to do about an error is done at the close that follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#gone());
  }

  get method(): string {
    return this.#request?.method ?? '';
  }

  get sent(): boolean {
    return this.#state === 'waiting';
  }

  answer(piece: Piece<UpstreamHead>): boolean {
    const { head } = piece;
    const socket = this.#socket;
    if (head === undefined) return writeBody(socket, piece);
    if (head.status < 200) return socket.write(`${head.startLine}${head.fields.text}\r\n`, 'latin1');
    this.#answer = head;
    this.#learn(head);
    this.#closing ||= head.body === 'close' || !this.sent;
    const named = head.fields.servedBy !== undefined;
    if (named && head.verbatim && !this.#closing) return writeVerbatim(socket, piece);
    const { instanceHeader, id } = this.#upstream!;
    const name = named ? '' : `${instanceHeader}: ${id}\r\n`;
    const close = this.#closing ? 'connection: close\r\n' : '';
    return writeRenewed(socket, `${head.startLine}${head.fields.text}${name}${close}\r\n`, piece);
  }

  answered(): void {
    const unsent = !this.sent;
    this.#leave();
    if (this.#closing || unsent) this.#hangUp();
    else this.#goOn();
  }

  failed(reason: string): void {
    this.#upstream!.failures += 1;
    const { id } = this.#upstream!;
    const [begun, unsent] = [this.#answer, !this.sent];
    this.#leave();
    if (begun !== undefined) this.#break(begun);
    else
      this.#say(502, `upstream ${id} gave no answer, the request may have been executed: ${reason}`, unsent);
  }

  drained(): void {
    if (this.#state !== 'stalled') return;
    this.#state = 'sending';
    this.#pump();
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    if (this.#state === 'over') return;
    this.#reader.push(chunk);
    this.#pump();
  }

  #onDrain(): void {
    this.#connection?.resume();
    this.#pump();
  }

  /** A client that does not take its answers gets no further requests read. */
  #mayRead(): boolean {
    return this.#state === 'sending' || (this.#state === 'idle' && !this.#socket.writableNeedDrain);
  }

  /** Reads on as far as the state allows; makes the client wait when too much has piled up. */
  #pump(): void {
    // An answer of our own, given while reading, leads back here: the loop that is running goes on instead.
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#mayRead()) {
        const piece = this.#reader.next();
        if (piece === undefined) break;
        if (piece.head === undefined) this.#forward(piece);
        else this.#begin(piece, piece.head);
      }
    } catch (error) {
      if (!(error instanceof Reject)) throw error;
      this.#refuse(error);
    } finally {
      this.#pumping = false;
    }
    if (this.#state === 'over') return;
    if (this.#reader.waiting > HOLD) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #begin(piece: Piece<ClientHead>, head: ClientHead): void {
    const { sessionId, mcpMethod, mcpName, authorization } = head.fields;
    const clientAddress = this.#address;
    this.#request = { method: head.method, sessionId, mcpMethod, mcpName, authorization, clientAddress };
    this.#closing = head.close;
    this.#first = piece;
    this.#route(this.#request, 1);
  }

  /** Finds an upstream that accepts the request. Only a request of which nothing was sent gets a second attempt. */
  #route(request: RoutedRequest, attempt: number): void {
    const { policy, upstreams } = this.#routing;
    const chosen = attempt > upstreams.length ? NONE : policy.choose(request);
    if (chosen === NONE) {
      this.#say(502, 'no upstream accepts connections', !this.#first!.last);
      return;
    }
    const upstream = upstreams[chosen]!;
    this.#upstream = upstream;
    upstream.inFlight += 1;
    const idle = upstream.take();
    if (idle !== undefined) {
      this.#dispatch(upstream, idle);
      return;
    }
    this.#state = 'connecting';
    upstream.connect((connection) => {
      if (this.#state !== 'connecting') {
        if (connection !== undefined) upstream.freed(connection, undefined);
      } else if (connection !== undefined) {
        this.#dispatch(upstream, connection);
        this.#pump();
      } else {
        upstream.failures += 1;
        upstream.inFlight -= 1;
        this.#upstream = undefined;
        this.#route(request, attempt + 1);
      }
    });
  }

  #dispatch(upstream: Upstream, connection: UpstreamConnection): void {
    const first = this.#first!;
    const { startLine, fields } = first.head!;
    this.#first = undefined;
    upstream.requests += 1;
    this.#connection = connection;
    connection.begin(this);
    const flowing = fields.untouched
      ? writeVerbatim(connection, first)
      : writeRenewed(connection, `${startLine}${fields.text}\r\n`, first);
    this.#follow(first.last, flowing);
  }

  #forward(piece: Piece<ClientHead>): void {
    this.#follow(piece.last, writeBody(this.#connection!, piece));
  }

  #follow(last: boolean, flowing: boolean): void {
    this.#state = last ? 'waiting' : flowing ? 'sending' : 'stalled';
  }

  #learn(head: UpstreamHead): void {
    const { policy, upstreams } = this.#routing;
    if (policy.learn === undefined) return;
    const response = { status: head.status, sessionId: head.fields.sessionId };
    policy.learn(this.#request!, response, upstreams.indexOf(this.#upstream!));
  }

  /** The exchange has ended, one way or another: nothing of it may linger in the counts. */
  #leave(): void {
    if (this.#upstream !== undefined) this.#upstream.inFlight -= 1;
    this.#upstream = undefined;
    this.#connection = undefined;
    this.#answer = undefined;
    this.#first = undefined;
  }

  #goOn(): void {
    this.#state = 'idle';
    this.#pump();
  }

  /** Answers in the balancer's own name. */
  #say(status: number, message: string, close: boolean): void {
    this.#routing.counts.ownAnswers += 1;
    // To HEAD the body would be read as the next answer.
    this.#closing ||= close || this.method === 'HEAD';
    this.#socket.write(answerText(errorAnswer(status, message), this.#closing));
    if (this.#closing) this.#hangUp();
    else this.#goOn();
  }

  /** The client's bytes make no sense: the upstream must not wait for the rest of them. */
  #refuse(reject: Reject): void {
    this.#connection?.abandon();
    const begun = this.#answer;
    this.#leave();
    if (begun === undefined) this.#say(reject.status, reject.message, true);
    else this.#break(begun);
  }

  /** The answer cannot be completed, and the client must be able to tell. A body that ends with the connection needs a reset for that. */
  #break(answer: UpstreamHead): void {
    this.#state = 'over';
    if (answer.body === 'close') this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #hangUp(): void {
    this.#state = 'over';
    this.#socket.end();
    this.#socket.resume();
    this.#linger = after(LINGER_US, () => this.#socket.destroy());
  }

  #ended(): void {
    // With nothing under way the socket closes by itself, after what is still to be written.
    if (this.#upstream !== undefined) this.#socket.destroy();
    this.#state = 'over';
  }

  #gone(): void {
    this.#state = 'over';
    this.#linger();
    if (this.#upstream !== undefined) this.#routing.counts.cancelled += 1;
    this.#connection?.abandon();
    this.#leave();
  }
}
