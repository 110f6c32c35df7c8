/** @module One request after the other on its way to an upstream, and its answer on the way back. */
import type { Socket } from 'node:net';
import { NONE, type Policy, type RoutedRequest } from '../policy/policy.ts';
import type { Closing } from './closing.ts';
import { withoutFields } from './fields.ts';
import { askGate, type Changes, type Gate, type GateDecision } from './gate.ts';
import type { ClientHead, UpstreamHead } from './heads.ts';
import { answerText, errorAnswer, type OwnAnswer } from './own-answer.ts';
import { type Piece, writeBody, writeRenewed, writeVerbatim } from './piece.ts';
import type { Reject } from './reject.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamExchange } from './upstream-exchange.ts';

/** What all client connections of a proxy share. */
export interface Routing {
  readonly policy: Policy;
  readonly upstreams: readonly Upstream[];
  readonly counts: { ownAnswers: number; cancelled: number };
  /** Absent: every request is forwarded. */
  readonly gate?: Gate | undefined;
}

/**
 * - `idle`: between requests.
 * - `gated`: the gate has not decided yet. `connecting`: the upstream connection is being made. Nothing has been sent.
 * - `sending`: the request is being passed on. `stalled`: so it is, but the upstream takes no more for now.
 * - `waiting`: the request is with the upstream, the answer is not complete.
 */
type State = 'idle' | 'gated' | 'connecting' | 'sending' | 'stalled' | 'waiting';

/** Forwards the requests of one client connection. */
export class Forwarding implements UpstreamExchange {
  readonly #socket: Socket;
  readonly #routing: Routing;
  readonly #closing: Closing;
  /** Called when reading may go on, except from within {@link take}. */
  readonly #onReady: () => void;
  readonly #address: string;
  #state: State = 'idle';
  #request: RoutedRequest | undefined;
  #first: Piece<ClientHead> | undefined;
  /** What the gate changes of the request under way. */
  #changes: Changes | undefined;
  #upstream: Upstream | undefined;
  #connection: UpstreamConnection | undefined;
  /** Head of the final answer passed on. */
  #answer: UpstreamHead | undefined;

  constructor(socket: Socket, routing: Routing, closing: Closing, onReady: () => void) {
    this.#socket = socket;
    this.#routing = routing;
    this.#closing = closing;
    this.#onReady = onReady;
    this.#address = socket.remoteAddress ?? '';
  }

  get method(): string {
    return this.#request?.method ?? '';
  }

  get sent(): boolean {
    return this.#state === 'waiting';
  }

  /** Whether a request is under way. */
  get busy(): boolean {
    return this.#state !== 'idle';
  }

  /** Whether more of the request is wanted. */
  get sending(): boolean {
    return this.#state === 'sending';
  }

  /** Takes the next piece of a request; not to be called unless idle or sending. */
  take(piece: Piece<ClientHead>): void {
    if (piece.head !== undefined) this.#begin(piece, piece.head);
    else this.#follow(piece.last, writeBody(this.#connection!, piece));
  }

  answer(piece: Piece<UpstreamHead>): boolean {
    const { head } = piece;
    const socket = this.#socket;
    if (head === undefined) return writeBody(socket, piece);
    if (head.status < 200) return socket.write(`${head.startLine}${head.fields.text}\r\n`, 'latin1');
    this.#answer = head;
    this.#learn(head);
    if (head.body === 'close' || !this.sent) this.#closing.announce();
    const last = this.#closing.announced;
    const named = head.fields.servedBy !== undefined;
    const added = this.#changes?.addedToAnswer ?? '';
    if (named && head.verbatim && !last && added === '') return writeVerbatim(socket, piece);
    const { instanceHeader, id } = this.#upstream!;
    const name = named ? '' : `${instanceHeader}: ${id}\r\n`;
    const close = last ? 'connection: close\r\n' : '';
    return writeRenewed(socket, `${head.startLine}${head.fields.text}${name}${added}${close}\r\n`, piece);
  }

  answered(): void {
    const unsent = !this.sent;
    this.#leave();
    if (this.#closing.announced || unsent) this.#closing.hangUp();
    else this.#onReady();
  }

  failed(reason: string): void {
    this.#upstream!.failures += 1;
    const { id } = this.#upstream!;
    const [begun, unsent] = [this.#answer, !this.sent];
    this.#leave();
    if (begun !== undefined) this.#closing.breakOff(begun.body === 'close');
    else {
      const message = `upstream ${id} gave no answer, the request may have been executed: ${reason}`;
      this.#reply(errorAnswer(502, message), unsent);
      this.#onReady();
    }
  }

  drained(): void {
    if (this.#state !== 'stalled') return;
    this.#state = 'sending';
    this.#onReady();
  }

  /** The client takes answer bytes again. */
  resume(): void {
    this.#connection?.resume();
  }

  /** The client's bytes are not HTTP: the upstream must not wait for the rest of them. */
  refuse(reject: Reject): void {
    const begun = this.#answer;
    this.abandon();
    if (begun === undefined) this.#reply(errorAnswer(reject.status, reject.message), true);
    else this.#closing.breakOff(begun.body === 'close');
  }

  /** Gives the request under way up, if there is one. */
  abandon(): void {
    this.#connection?.abandon();
    this.#leave();
  }

  #begin(piece: Piece<ClientHead>, head: ClientHead): void {
    const { sessionId, mcpMethod, mcpName, authorization } = head.fields;
    const clientAddress = this.#address;
    this.#request = { method: head.method, sessionId, mcpMethod, mcpName, authorization, clientAddress };
    if (head.close) this.#closing.announce();
    this.#first = piece;
    const { gate } = this.#routing;
    if (gate === undefined) this.#route(this.#request, 1);
    else this.#ask(gate, head, piece);
  }

  #ask(gate: Gate, head: ClientHead, first: Piece<ClientHead>): void {
    const decision = askGate(gate, head, first);
    if (!(decision instanceof Promise)) {
      this.#decided(decision, first);
      return;
    }
    this.#state = 'gated';
    void decision.then((later) => {
      // The client may have gone in the meantime.
      if (this.#first !== first) return;
      this.#decided(later, first);
      this.#onReady();
    });
  }

  #decided(decision: GateDecision, { last }: Piece<ClientHead>): void {
    if (decision.kind === 'answer') {
      this.#reply(decision.answer, !last);
      return;
    }
    this.#changes = decision.changes;
    this.#route(this.#request!, 1);
  }

  /** Finds an upstream that accepts the request. Only a request of which nothing was sent gets a second attempt. */
  #route(request: RoutedRequest, attempt: number): void {
    const { policy, upstreams } = this.#routing;
    const chosen = attempt > upstreams.length ? NONE : policy.choose(request);
    if (chosen === NONE) {
      this.#reply(errorAnswer(502, 'no upstream accepts connections'), !this.#first!.last);
      return;
    }
    const upstream = upstreams[chosen]!;
    this.#upstream = upstream;
    upstream.inFlight += 1;
    const idle = upstream.take();
    if (idle === undefined) this.#connect(upstream, request, attempt);
    else this.#dispatch(upstream, idle);
  }

  #connect(upstream: Upstream, request: RoutedRequest, attempt: number): void {
    this.#state = 'connecting';
    upstream.connect((connection) => {
      if (this.#state !== 'connecting') {
        if (connection !== undefined) upstream.freed(connection, undefined);
        return;
      }
      if (connection === undefined) {
        upstream.failures += 1;
        upstream.inFlight -= 1;
        this.#upstream = undefined;
        this.#route(request, attempt + 1);
      } else this.#dispatch(upstream, connection);
      this.#onReady();
    });
  }

  #dispatch(upstream: Upstream, connection: UpstreamConnection): void {
    const first = this.#first!;
    const { startLine, fields } = first.head!;
    this.#first = undefined;
    upstream.requests += 1;
    this.#connection = connection;
    connection.begin(this);
    const changes = this.#changes;
    const text =
      changes === undefined
        ? fields.text
        : `${withoutFields(fields.text, (name) => changes.removed.has(name))}${changes.added}`;
    const flowing =
      fields.untouched && changes === undefined
        ? writeVerbatim(connection, first)
        : writeRenewed(connection, `${startLine}${text}\r\n`, first);
    this.#follow(first.last, flowing);
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

  /** Answers in place of an upstream, and ends what is under way. */
  #reply(answer: OwnAnswer, close: boolean): void {
    this.#leave();
    this.#routing.counts.ownAnswers += 1;
    // To HEAD the body would be read as the next answer.
    if (close || this.method === 'HEAD') this.#closing.announce();
    const last = this.#closing.announced;
    this.#socket.write(answerText(answer, last));
    if (last) this.#closing.hangUp();
  }

  /** The exchange has ended, one way or another: nothing of it stays in the counts. */
  #leave(): void {
    if (this.#upstream !== undefined) this.#upstream.inFlight -= 1;
    this.#state = 'idle';
    this.#upstream = undefined;
    this.#connection = undefined;
    this.#answer = undefined;
    this.#first = undefined;
    this.#changes = undefined;
  }
}
