/** @module One autocannon client and the call it has under way. */
import { answerText } from '../../protocol/answer.ts';
import { type Classified, classify } from '../../protocol/classify.ts';
import type { Request, RequestHead } from '../../protocol/request.ts';
import type { Micros } from '../../units/time.ts';
import { Deadline } from '../deadlines.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { BODY_LIMIT, bodyTooLarge, type Failure, failureOf, timedOut, withChallenge } from '../failure.ts';
import { type CannonClient, type CannonHead, type CannonRequest, startCannon } from './client.ts';

/** The driver, as its calls and connections see it. */
export interface CannonOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  /** Whatever has a reply is listed no more. `expired`: by its deadline, which took it off the list itself. */
  ended(call: CannonCall, expired: boolean): void;
  /** The next call that waits. */
  next(): CannonCall | undefined;
  /** The connection has no client any more. */
  gone(connection: CannonConnection): void;
}

/** A call that has no reply yet. */
export class CannonCall extends Deadline {
  readonly request: Request;
  readonly keepBody: boolean;
  readonly #owner: CannonOwner;
  readonly #onReply: (reply: Reply) => void;
  connection: CannonConnection | undefined = undefined;
  sentUs: Micros | undefined = undefined;
  firstByteUs: Micros | undefined = undefined;
  settled = false;

  constructor(owner: CannonOwner, request: Request, onReply: (reply: Reply) => void, keepBody: boolean) {
    super();
    this.#owner = owner;
    this.request = request;
    this.keepBody = keepBody;
    this.#onReply = onReply;
  }

  override expire(nowUs: Micros): void {
    const { connection } = this;
    const stage =
      this.sentUs === undefined ? 'waiting' : connection?.head === undefined ? 'sent' : 'answering';
    const head = connection?.head;
    connection?.stop();
    this.settle(timedOut(stage, this.#owner.options.timeoutUs), nowUs, head, undefined, true);
    connection?.leave();
  }

  settle(
    { outcome, detail }: Classified,
    doneUs: Micros,
    head: CannonHead | undefined,
    body: string | undefined,
    expired = false,
  ): void {
    if (this.settled) return;
    this.settled = true;
    this.#owner.ended(this, expired);
    const named = (name: string): string | undefined => head && headerOf(head, name);
    this.#onReply({
      outcome,
      detail,
      status: head?.statusCode ?? 0,
      sentUs: this.sentUs ?? doneUs,
      firstByteUs: this.firstByteUs ?? doneUs,
      doneUs,
      servedBy: named(this.#owner.options.instanceHeader),
      sessionId: named('mcp-session-id'),
      serverTiming: named('server-timing'),
      body,
    });
  }
}

/**
 * Feeds one client. autocannon pulls: it sends the next request as soon as the answer to the last one has been handed
 * out. So the reply goes out within that moment, the closed loop makes its next call within the reply, and the call is
 * set as what is sent next. When no call was made, the client is stopped, because it cannot wait.
 */
export class CannonConnection {
  readonly #owner: CannonOwner;
  #client: CannonClient | undefined;
  #call: CannonCall;
  #connected = false;
  #stopped = false;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Of the answer under way. */
  head: CannonHead | undefined = undefined;

  constructor(owner: CannonOwner, call: CannonCall) {
    this.#owner = owner;
    this.#call = call;
    call.connection = this;
    startCannon(owner.endpoint, requestOf(call), (client) => this.#listen(client));
  }

  /** Stops the client. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#client?.destroy();
  }

  /** Makes room for another connection. */
  leave(): void {
    this.#owner.gone(this);
  }

  /** Ends the call under way without an answer. */
  abandon(ending: Classified): void {
    this.stop();
    this.#call.settle(ending, this.#now(), this.head, undefined);
    this.leave();
  }

  #listen(client: CannonClient): void {
    this.#client = client;
    // Its own way to join a body, text by text, breaks characters that are split over two reads.
    client.pipelinedRequests.addBody = (data) => this.#keep(data);
    client.on('request', () => this.#onRequest(client));
    client.on('headers', (head: CannonHead) => {
      this.head = head;
    });
    client.on('response', () => this.#onResponse(client));
    client.on('connError', (error: Error) => this.#onError(error));
  }

  /** The bytes are handed to the socket next. */
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
    // What its parser makes of the bytes, autocannon does not look at; it would wait without end.
    conn.on('data', () => {
      if (parser.hadError) this.#fail({ outcome: 'malformed', detail: 'not an HTTP response' });
    });
    // Before autocannon's own listener, which would send the same call again.
    conn.prependListener('end', () => this.#onEnd(parser));
  }

  #keep(data: Buffer): void {
    this.#bytes += data.length;
    if (this.#bytes <= BODY_LIMIT) this.#parts.push(data);
    else this.#parts = [];
  }

  #onResponse(client: CannonClient): void {
    if (this.#stopped) return;
    const head = this.head!;
    const call = this.#call;
    this.#answer(call, head);
    this.head = undefined;
    this.#parts = [];
    this.#bytes = 0;
    const next = head.shouldKeepAlive && !this.#stopped ? this.#owner.next() : undefined;
    if (next === undefined) {
      this.stop();
      this.leave();
      return;
    }
    this.#call = next;
    next.connection = this;
    client.setRequests([requestOf(next)]);
  }

  #answer(call: CannonCall, head: CannonHead): void {
    const { options } = this.#owner;
    const doneUs = this.#now();
    if (this.#bytes > BODY_LIMIT) {
      call.settle(bodyTooLarge(this.#bytes), doneUs, head, undefined);
      return;
    }
    const answer = {
      status: head.statusCode,
      statusText: head.statusMessage,
      contentType: headerOf(head, 'content-type'),
      body: this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts),
    };
    const verdict = withChallenge(
      classify(answer, call.request, options.checkIds),
      headerOf(head, 'www-authenticate'),
    );
    const text = call.keepBody ? answerText(answer, call.request, options.checkIds) : undefined;
    call.settle(verdict, doneUs, head, text);
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

function requestOf({ request: { head, body } }: CannonCall): CannonRequest {
  let headers = headersOf.get(head);
  if (headers === undefined) {
    const pairs: Record<string, string> = {};
    for (let i = 0; i < head.headers.length; i += 2) pairs[head.headers[i]!] = head.headers[i + 1]!;
    headers = pairs;
    headersOf.set(head, headers);
  }
  return { method: head.method, headers, body };
}

function headerOf({ headers }: CannonHead, name: string): string | undefined {
  let found: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]!.length !== name.length || headers[i]!.toLowerCase() !== name) continue;
    found = found === undefined ? headers[i + 1]! : `${found}, ${headers[i + 1]!}`;
  }
  return found;
}
