/** @module One call through undici, from `send` to its reply. */
import type { Client, Dispatcher } from 'undici';
import { answerText } from '../../protocol/answer.ts';
import { type Classified, classify } from '../../protocol/classify.ts';
import type { Request } from '../../protocol/request.ts';
import type { Micros } from '../../units/time.ts';
import { Deadline } from '../deadlines.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { BODY_LIMIT, bodyTooLarge, timedOut, withChallenge } from '../failure.ts';
import { undiciFailure } from './failure.ts';

/** The driver, as its calls see it. */
export interface CallOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  /** The call has its reply. `expired`: by its deadline, which is no longer listed. */
  ended(call: UndiciCall, expired: boolean): void;
  /** The client takes a call again. */
  released(client: Client): void;
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** A handler of undici's; one object per call. */
export class UndiciCall extends Deadline implements Dispatcher.DispatchHandler {
  readonly #owner: CallOwner;
  readonly #request: Request;
  readonly #onReply: (reply: Reply) => void;
  readonly #keepBody: boolean;
  #client: Client | undefined = undefined;
  #controller: Dispatcher.DispatchController | undefined = undefined;
  #sentUs: Micros | undefined = undefined;
  #firstByteUs: Micros | undefined = undefined;
  #status = 0;
  #statusText = '';
  #headers: Headers = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #inDispatch = false;
  settled = false;

  constructor(owner: CallOwner, request: Request, onReply: (reply: Reply) => void, keepBody: boolean) {
    super();
    this.#owner = owner;
    this.#request = request;
    this.#onReply = onReply;
    this.#keepBody = keepBody;
  }

  /** Hands the call to a free client; `last`: its connection is not used again after this call. */
  dispatch(client: Client, multiplexed: boolean, last: boolean): void {
    this.#client = client;
    const { head, body } = this.#request;
    this.#inDispatch = true;
    client.dispatch(
      {
        path: this.#owner.endpoint.path,
        method: head.method,
        headers: head.headers as string[],
        body: body === '' ? null : body,
        blocking: false,
        reset: last,
        // Undici runs only idempotent requests side by side. It may then start one anew, which onRequestStart refuses.
        idempotent: multiplexed,
      },
      this,
    );
    this.#inDispatch = false;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) throw new Error('the call has ended before it was sent');
    if (this.#sentUs !== undefined) throw new Error('the connection ended; the call is not sent twice');
    this.#controller = controller;
    this.#sentUs = this.#owner.options.clock.now();
  }

  onResponseStarted(): void {
    this.#firstByteUs ??= this.#owner.options.clock.now();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers, text?: string): void {
    if (status < 200) return;
    this.#firstByteUs ??= this.#owner.options.clock.now();
    this.#status = status;
    this.#statusText = text ?? '';
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= BODY_LIMIT) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  onResponseEnd(): void {
    if (!this.settled) this.#answer();
    this.#release();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.settled) this.#lost(error);
    // Undici requires that no request is dispatched to a client while it reports an error.
    queueMicrotask(() => this.#release());
  }

  override expire(nowUs: Micros): void {
    const stage = this.#sentUs === undefined ? 'waiting' : this.#status === 0 ? 'sent' : 'answering';
    this.#settle(timedOut(stage, this.#owner.options.timeoutUs), undefined, nowUs, true);
    this.#controller?.abort(new Error('timeout'));
  }

  /** Ends the call without an answer. */
  fail(ending: Classified): void {
    this.#settle(ending, undefined);
    this.#controller?.abort(new Error(ending.outcome));
  }

  #lost(error: Error): void {
    const stage = this.#sentUs === undefined ? 'connecting' : this.#status === 0 ? 'connected' : 'answering';
    const failure = undiciFailure(error, stage, this.#owner.endpoint);
    // Undici reports what it finds at once from within dispatch; a reply never comes from within send.
    if (this.#inDispatch) setImmediate(() => this.settled || this.#settle(failure, undefined));
    else this.#settle(failure, undefined);
  }

  #answer(): void {
    if (this.#bytes > BODY_LIMIT) {
      this.#settle(bodyTooLarge(this.#bytes), undefined);
      return;
    }
    const { clock, checkIds, onAnswer } = this.#owner.options;
    const doneUs = clock.now();
    const answer = {
      status: this.#status,
      statusText: this.#statusText,
      contentType: this.#header('content-type'),
      body: this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks),
    };
    onAnswer?.(this.#request, { ...answer, headers: this.#headers });
    const verdict = withChallenge(
      classify(answer, this.#request, checkIds),
      this.#header('www-authenticate'),
    );
    this.#settle(verdict, this.#keepBody ? answerText(answer, this.#request, checkIds) : undefined, doneUs);
  }

  #settle(
    ending: Classified,
    body: string | undefined,
    doneUs = this.#owner.options.clock.now(),
    expired = false,
  ): void {
    if (this.settled) return;
    this.settled = true;
    this.#owner.ended(this, expired);
    this.#onReply({
      outcome: ending.outcome,
      detail: ending.detail,
      status: this.#status,
      sentUs: this.#sentUs ?? doneUs,
      firstByteUs: this.#firstByteUs ?? doneUs,
      doneUs,
      servedBy: this.#header(this.#owner.options.instanceHeader),
      sessionId: this.#header('mcp-session-id'),
      serverTiming: this.#header('server-timing'),
      body,
    });
    this.#chunks = [];
  }

  #header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  #release(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) this.#owner.released(client);
  }
}
