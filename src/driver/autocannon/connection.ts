/** @module One autocannon client and its call in progress. */
import type { Classified } from '../../protocol/classify.ts';
import type { RequestHead } from '../../protocol/request.ts';
import type { Micros } from '../../units/time.ts';
import { AnswerBody } from '../answer-body.ts';
import { CallAnswer } from '../call-answer.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Failure, failureOf, type TimedOut, timedOut } from '../failure.ts';
import type { CallOwner, CannonCall } from './call.ts';
import { type CannonClient, type CannonRequest, startCannon } from './client.ts';
import { CannonHead, type ParsedHead } from './head.ts';

/** The driver, as its connections see it. */
export interface CannonOwner extends CallOwner {
  readonly endpoint: Endpoint;
  /** The answer to the call has arrived, and its event stream is still open. */
  arrived(call: CannonCall, nowUs: Micros): void;
  /** The next call that waits. */
  next(): CannonCall | undefined;
  /** The connection has no client any more. */
  gone(connection: CannonConnection): void;
}

/**
 * Feeds one client. autocannon sends its next request as soon as it has handed out an answer. So the reply is delivered at that
 * moment, the closed loop makes its next call within the reply, and that call is set as the next request. When no call was
 * made, the client is stopped, because it cannot wait.
 */
export class CannonConnection {
  readonly #owner: CannonOwner;
  #client: CannonClient | undefined;
  #call: CannonCall;
  #connected = false;
  #stopped = false;
  #body = new AnswerBody();
  readonly #answer: CallAnswer;
  /** The head of the answer that is being read. */
  #head: CannonHead | undefined = undefined;

  constructor(owner: CannonOwner, call: CannonCall) {
    this.#owner = owner;
    this.#call = call;
    this.#answer = new CallAnswer(owner.options.checkIds);
    call.connection = this;
    startCannon(owner.endpoint, requestOf(call), (client) => this.#listen(client));
  }

  /** Ends the call in progress without an answer, unless its answer has arrived. */
  abandon(ending: Classified, expired = false): void {
    const { arrivedUs } = this.#call;
    this.#stop();
    if (arrivedUs !== undefined) this.#settle(arrivedUs, expired);
    else {
      const resume = ending.outcome === 'reset' ? this.#answer.resume : undefined;
      this.#call.settle(ending, this.#now(), { head: this.#head, resume, expired });
    }
    this.#owner.gone(this);
  }

  /** The call in progress has timed out, or its answer has arrived and the stream has not ended in time. */
  expire(): void {
    const { sentUs, handedUs } = this.#call;
    const waitedUs = (sentUs ?? handedUs) - handedUs;
    this.abandon(timedOut(this.#progress(), this.#owner.options.timeoutUs, waitedUs), true);
  }

  #progress(): TimedOut {
    if (this.#call.sentUs === undefined) return 'waiting';
    if (this.#head === undefined) return 'sent';
    return this.#answer.inEvent ? 'in-event' : 'answering';
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#client?.destroy();
  }

  #listen(client: CannonClient): void {
    this.#client = client;
    // autocannon joins a body as text, which breaks characters that are split over two reads.
    client.pipelinedRequests.addBody = (data) => this.#keep(data);
    client.on('request', () => this.#onRequest(client));
    client.on('headers', (head: ParsedHead) => {
      this.#head = new CannonHead(head);
      this.#look();
    });
    client.on('response', () => this.#onResponse(client));
    client.on('connError', (error: Error) => this.#onError(error));
  }

  /** The bytes are passed to the socket next. */
  #onRequest({ conn, parser }: CannonClient): void {
    if (this.#stopped) return;
    if (this.#connected) {
      this.#call.sentUs = this.#now();
      return;
    }
    conn.once(this.#owner.endpoint.secure ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
      this.#call.sentUs = this.#now();
    });
    conn.prependListener('data', () => {
      this.#call.firstByteUs ??= this.#now();
    });
    // autocannon ignores the errors of its parser and would wait without end.
    conn.on('data', () => {
      if (parser.hadError)
        this.#fail({ outcome: 'malformed', detail: 'not an HTTP response', cause: 'not-http' });
    });
    // Before autocannon's own listener, which would send the same call again.
    conn.prependListener('end', () => this.#onEnd(parser));
  }

  #keep(data: Buffer): void {
    if (this.#stopped) return;
    this.#body.append(data, 0, data.length);
    this.#look();
  }

  /** Looks for the answer in what has come so far. */
  #look(): void {
    const call = this.#call;
    if (this.#stopped || call.arrivedUs !== undefined) return;
    if (!this.#answer.read(call.asked, this.#head!, this.#body)) return;
    // A message may have made its receiver close the driver.
    if (call.settled) return;
    call.arrivedUs = this.#now();
    this.#owner.arrived(call, call.arrivedUs);
  }

  #onResponse(client: CannonClient): void {
    if (this.#stopped) return;
    const call = this.#call;
    const { keepAlive } = this.#head!;
    const doneUs = call.arrivedUs ?? this.#now();
    if (call.arrivedUs === undefined) this.#answer.end(call.asked, this.#head!, this.#body);
    this.#settle(doneUs, false);
    this.#head = undefined;
    this.#body = new AnswerBody();
    this.#answer.clear();
    const next = keepAlive && !this.#stopped ? this.#owner.next() : undefined;
    if (next === undefined) {
      this.#stop();
      this.#owner.gone(this);
      return;
    }
    this.#call = next;
    next.connection = this;
    client.setRequests([requestOf(next)]);
  }

  #settle(doneUs: Micros, expired: boolean): void {
    const { classified, text, resume } = this.#answer;
    this.#call.settle(classified, doneUs, { head: this.#head, text, resume, expired });
  }

  #onError(error: Error): void {
    const { address, secure } = this.#owner.endpoint;
    this.#fail(failureOf(error, this.#connected ? 'connected' : 'connecting', address, secure));
  }

  #onEnd(parser: CannonClient['parser']): void {
    if (this.#stopped) return;
    // A body without a length is complete now; autocannon does not tell its parser.
    parser.finish();
    const { address } = this.#owner.endpoint;
    const what =
      this.#call.firstByteUs === undefined ? 'closed without an answer' : 'closed during the answer';
    this.#fail({ outcome: 'reset', detail: `${what} ${address}` });
  }

  #fail(failure: Failure): void {
    if (!this.#stopped) this.abandon(failure);
  }

  #now(): Micros {
    return this.#owner.options.clock.now();
  }
}

/** Headers as autocannon wants them, made once for all requests with this head. */
const headersOf = new WeakMap<RequestHead, Readonly<Record<string, string>>>();

function requestOf({ asked: { request } }: CannonCall): CannonRequest {
  const { head, body } = request;
  let headers = headersOf.get(head);
  if (headers === undefined) {
    const pairs: Record<string, string> = {};
    for (let i = 0; i < head.headers.length; i += 2) pairs[head.headers[i]!] = head.headers[i + 1]!;
    headers = pairs;
    headersOf.set(head, headers);
  }
  return { method: head.method, headers, body };
}
