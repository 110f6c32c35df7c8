/** @module One request after the other on its way to an upstream, and its answer on the way back. */
import type { Socket } from 'node:net';
import type { RoutedRequest } from '../policy/policy.ts';
import { Admission, type Deciders, type Verdict } from './admission.ts';
import type { Fetch } from './cache/fetch.ts';
import type { Given } from './cache/kept-answer.ts';
import { ClientAnswers } from './client-answers.ts';
import type { Closing } from './closing.ts';
import { type ClientHead, routedRequest, type UpstreamHead } from './heads.ts';
import { OutgoingRequest } from './outgoing-request.ts';
import { errorAnswer, type OwnAnswer } from './own-answer.ts';
import { keptPiece, type Piece } from './piece.ts';
import type { Reject } from './reject.ts';
import { type Destinations, Route, type RouteListener } from './route.ts';
import type { Tap, TappedExchange } from './tap.ts';
import type { Repeat, UpstreamCarrier, UpstreamExchange } from './upstream-exchange.ts';

/** What all client connections of a proxy share. */
export interface Routing extends Deciders, Destinations {
  readonly counts: { ownAnswers: number; cancelled: number };
  /** Absent: nobody looks at what passes. */
  readonly tap?: Tap | undefined;
}

/**
 * - `idle`: between requests.
 * - `asked`: the gate or the cache has not decided yet. `connecting`: the upstream connection is being made. Nothing has been sent.
 * - `sending`: the request is being passed on. `stalled`: so it is, but the upstream takes no more for now.
 * - `waiting`: the request is with the upstream, the answer is not complete.
 */
type State = 'idle' | 'asked' | 'connecting' | 'sending' | 'stalled' | 'waiting';

/** Forwards the requests of one client connection. */
export class Forwarding implements UpstreamExchange, RouteListener {
  readonly #answers: ClientAnswers;
  readonly #routing: Routing;
  readonly #closing: Closing;
  /** Called when reading may go on, except from within {@link take}. */
  readonly #onReady: () => void;
  /** Absent: every request is forwarded. */
  readonly #admission: Admission | undefined;
  readonly #route: Route;
  readonly #address: string;
  readonly #connection: number;
  #state: State = 'idle';
  #request: RoutedRequest | undefined;
  /** Of the last request; a client mostly repeats it. */
  #head: ClientHead | undefined;
  readonly #outgoing = new OutgoingRequest();
  /** Whether an upstream returned the request, and may not do so again. */
  #wasReturned = false;
  /** Takes its answer for the cache. */
  #fetch: Fetch | undefined;
  /** Looks at the request under way. */
  #tapped: TappedExchange | undefined;
  /** Head of the final answer passed on. */
  #answer: UpstreamHead | undefined;

  /** @param connection - the number of the client's connection. */
  constructor(socket: Socket, routing: Routing, connection: number, closing: Closing, onReady: () => void) {
    this.#connection = connection;
    this.#answers = new ClientAnswers(socket, closing);
    this.#routing = routing;
    this.#closing = closing;
    this.#onReady = onReady;
    this.#address = socket.remoteAddress ?? '';
    this.#route = new Route(routing, this, onReady);
    if (routing.gate === undefined && routing.cache === undefined) return;
    this.#admission = new Admission(routing, (verdict) => this.#judged(verdict), onReady);
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
    return this.#state === 'sending' || (this.#state === 'asked' && this.#admission!.reads);
  }

  /** Takes the next piece of a request; not to be called unless idle or sending. */
  take(piece: Piece<ClientHead>): void {
    if (piece.head === undefined) this.#tapped?.request(piece);
    if (piece.head !== undefined) this.#begin(piece, piece.head);
    else if (this.#state === 'asked') this.#admission!.take(keptPiece(piece));
    else {
      this.#outgoing.follow(piece);
      this.#follow(piece.last, this.#route.carrier!.send(piece));
    }
  }

  answer(piece: Piece<UpstreamHead>): boolean {
    const { head } = piece;
    if (head === undefined) {
      this.#fetch?.take(piece);
      this.#tapped?.answer(piece);
      return this.#answers.follow(piece);
    }
    if (head.status < 200) return this.#answers.interim(head);
    this.#tapped?.answer(piece);
    const spare = this.#fetch?.begin(piece, head);
    if (spare !== undefined) {
      this.#route.carrier!.abandon();
      this.#give(spare);
      this.#onReady();
      return true;
    }
    this.#answer = head;
    this.#outgoing.drop();
    this.#route.learn(this.#request!, head);
    if (head.body === 'close' || !this.sent) this.#closing.announce();
    return this.#answers.begin(piece, head, `${this.#outgoing.addedToAnswer}${this.#fetch?.field ?? ''}`);
  }

  answered(): void {
    const unsent = !this.sent;
    this.#fetch?.end();
    this.#tapped?.answered();
    this.#tapped = undefined;
    this.#leave();
    if (this.#closing.announced || unsent) this.#closing.hangUp();
    else this.#onReady();
  }

  failed(reason: string): void {
    this.#fail(`gave no answer, the request may have been executed: ${reason}`);
  }

  returned(reason: string, repeat: Repeat): void {
    if (!this.#outgoing.held || (repeat === 'once' && this.#wasReturned)) {
      this.#fail(`did not process the request: ${reason}`);
      return;
    }
    if (repeat === 'once') this.#wasReturned = true;
    this.#route.findAgain(this.#request!);
    this.#onReady();
  }

  /** The exchange ended without an answer, or within it; `what` the upstream did. */
  #fail(what: string): void {
    const id = this.#route.failed();
    this.#tapped?.broken('reset');
    this.#tapped = undefined;
    const begun = this.#answer;
    if (begun !== undefined) {
      this.#fetch?.fail();
      this.#leave();
      this.#closing.breakOff(begun.body === 'close');
    } else {
      this.#answerFailure(`upstream ${id} ${what}`, !this.sent);
      this.#onReady();
    }
  }

  connecting(): void {
    this.#state = 'connecting';
    this.#outgoing.keep();
  }

  routed(carrier: UpstreamCarrier): void {
    const isWhole = this.#outgoing.whole;
    this.#follow(isWhole, this.#outgoing.send(carrier, this));
  }

  unroutable(): void {
    this.#tapped?.broken('refused');
    this.#answerFailure('no upstream accepts connections', !this.#outgoing.whole);
  }

  drained(): void {
    if (this.#state !== 'stalled') return;
    this.#state = 'sending';
    this.#onReady();
  }

  /** The client takes answer bytes again. */
  resume(): void {
    this.#route.carrier?.resume();
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
    this.#route.carrier?.abandon();
    this.#tapped?.broken('aborted');
    this.#leave();
  }

  #begin(piece: Piece<ClientHead>, head: ClientHead): void {
    if (head !== this.#head) this.#request = routedRequest(head, this.#address);
    this.#head = head;
    if (head.close) this.#closing.announce();
    this.#tapped = this.#routing.tap?.begin(head, this.#connection);
    this.#tapped?.request(piece);
    this.#outgoing.begin(piece);
    if (this.#admission === undefined) this.#route.find(this.#request!);
    else {
      this.#state = 'asked';
      this.#admission.begin(this.#outgoing.keep());
    }
  }

  #judged(verdict: Verdict): void {
    switch (verdict.kind) {
      case 'answer':
        this.#reply(verdict.answer, !this.#outgoing.whole);
        break;
      case 'give':
        this.#give(verdict.given, verdict.added);
        break;
      case 'forward':
        this.#outgoing.admit(verdict.rest, verdict.changes);
        this.#fetch = verdict.fetch;
        this.#route.find(this.#request!);
    }
  }

  #follow(last: boolean, flowing: boolean): void {
    this.#state = last ? 'waiting' : flowing ? 'sending' : 'stalled';
  }

  /** Answers in place of an upstream that gave no answer: with what the cache may give then, or with an error. */
  #answerFailure(message: string, close: boolean): void {
    this.#fetch?.fail();
    const spare = this.#fetch?.spare();
    if (spare === undefined) this.#reply(errorAnswer(502, message), close);
    else this.#give(spare);
  }

  /** Answers in place of an upstream, and ends what is under way. */
  #reply(answer: OwnAnswer, close: boolean): void {
    this.#routing.counts.ownAnswers += 1;
    // To HEAD the body would be read as the next answer.
    if (close || this.method === 'HEAD') this.#closing.announce();
    this.#leave();
    this.#answers.own(answer);
  }

  /** Answers from the cache, and ends what is under way. */
  #give(given: Given, added = this.#outgoing.addedToAnswer): void {
    this.#leave();
    this.#answers.give(given, added);
  }

  /** The exchange has ended, one way or another: nothing of it stays in the counts. */
  #leave(): void {
    this.#route.leave();
    this.#state = 'idle';
    this.#answer = undefined;
    this.#outgoing.clear();
    this.#wasReturned = false;
    this.#fetch?.drop();
    this.#fetch = undefined;
    this.#tapped = undefined;
    this.#admission?.abandon();
  }
}
