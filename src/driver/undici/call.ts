/** @module One call through undici, from `send` to its reply. */
import type { Client, Dispatcher } from 'undici';
import type { Classified } from '../../protocol/classify.ts';
import type { RepeatedAnswers } from '../../protocol/repeated-answers.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import type { Micros } from '../../units/time.ts';
import { AnswerBody } from '../answer-body.ts';
import { withRareFields } from '../answer-fields.ts';
import { type Asked, CallAnswer, decoded } from '../call-answer.ts';
import { Deadline } from '../deadlines.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import type { Endpoint } from '../endpoint.ts';
import { type TimedOut, timedOut } from '../failure.ts';
import { undiciFailure } from './failure.ts';
import { UndiciHead, type UndiciHeaders } from './head.ts';

/** The driver, as its calls see it. */
export interface CallOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly repeated: RepeatedAnswers;
  /** The answer to the call has arrived, and its event stream is still open. */
  arrived(call: UndiciCall, nowUs: Micros): void;
  /** The call has its reply. `expired`: by its deadline, which is no longer listed. */
  ended(call: UndiciCall, expired: boolean): void;
  /** The client takes a call again. */
  released(client: Client): void;
}

/** How a call ended, beyond its outcome. */
interface Ending {
  readonly text?: string | undefined;
  readonly resume?: StreamPosition | undefined;
  readonly repeats?: object | undefined;
  /** By its deadline, which is no longer listed. */
  readonly expired?: boolean;
}

/** A handler of undici's; one object per call. */
export class UndiciCall extends Deadline implements Dispatcher.DispatchHandler {
  readonly #owner: CallOwner;
  readonly #asked: Asked;
  readonly #onReply: (reply: Reply) => void;
  readonly #answer: CallAnswer;
  readonly #body = new AnswerBody();
  #client: Client | undefined = undefined;
  #controller: Dispatcher.DispatchController | undefined = undefined;
  #sentUs: Micros | undefined = undefined;
  #firstByteUs: Micros | undefined = undefined;
  #head: UndiciHead | undefined = undefined;
  #inDispatch = false;
  /** When the answer arrived, if its event stream was still open then. */
  arrivedUs: Micros | undefined = undefined;
  /** When the driver got it. */
  readonly handedUs: Micros;
  settled = false;

  constructor(owner: CallOwner, asked: Asked, onReply: (reply: Reply) => void) {
    super();
    this.#owner = owner;
    this.#asked = asked;
    this.#onReply = onReply;
    this.#answer = new CallAnswer(owner.options.checkIds, owner.repeated);
    this.handedUs = owner.options.clock.now();
  }

  /** Hands the call to a free client; `last`: its connection is not used again after this call. */
  dispatch(client: Client, multiplexed: boolean, last: boolean): void {
    this.#client = client;
    const { head, body } = this.#asked.request;
    this.#inDispatch = true;
    client.dispatch(
      {
        path: this.#owner.endpoint.path,
        method: head.method,
        headers: head.headers as string[],
        body: body === '' ? null : body,
        blocking: false,
        reset: last,
        // Undici runs only idempotent requests concurrently. It may then send one again, which onRequestStart refuses.
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

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: UndiciHeaders,
    text?: string,
  ): void {
    if (status < 200) return;
    this.#firstByteUs ??= this.#owner.options.clock.now();
    this.#head = new UndiciHead(status, text ?? '', headers);
    if (!this.settled) this.#look(this.#head);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled || this.#head === undefined) return;
    this.#body.append(chunk, 0, chunk.length);
    if (this.arrivedUs === undefined) this.#look(this.#head);
  }

  onResponseEnd(): void {
    if (!this.settled) this.#complete();
    this.#release();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.settled) this.#lost(error);
    // Undici requires that no request is dispatched to a client while it reports an error.
    queueMicrotask(() => this.#release());
  }

  override expire(nowUs: Micros): void {
    if (this.arrivedUs !== undefined) this.#settleAnswered(this.arrivedUs, true);
    else {
      const waitedUs = (this.#sentUs ?? this.handedUs) - this.handedUs;
      const ending = timedOut(this.#progress(), this.#owner.options.timeoutUs, waitedUs);
      this.#settle(ending, nowUs, { expired: true });
    }
    this.#controller?.abort(new Error('the call has ended'));
  }

  /** Ends the call without an answer, unless its answer has arrived. */
  fail(ending: Classified): void {
    if (this.arrivedUs !== undefined) this.#settleAnswered(this.arrivedUs, false);
    else this.#settle(ending, this.#owner.options.clock.now());
    this.#controller?.abort(new Error(ending.outcome));
  }

  /** Looks for the answer in what has come so far. */
  #look(head: UndiciHead): void {
    if (!this.#answer.read(this.#asked, head, this.#body)) return;
    // A message may have made its receiver close the driver.
    if (this.settled) return;
    this.arrivedUs = this.#owner.options.clock.now();
    this.#owner.arrived(this, this.arrivedUs);
  }

  #progress(): TimedOut {
    if (this.#sentUs === undefined) return 'waiting';
    if (this.#head === undefined) return 'sent';
    return this.#answer.inEvent ? 'in-event' : 'answering';
  }

  #lost(error: Error): void {
    if (this.arrivedUs !== undefined) {
      this.#settleAnswered(this.arrivedUs, false);
      return;
    }
    const answering = this.#head === undefined ? 'connected' : 'answering';
    const stage = this.#sentUs === undefined ? 'connecting' : answering;
    const failure = undiciFailure(error, stage, this.#owner.endpoint);
    const resume = failure.outcome === 'reset' ? this.#answer.resume : undefined;
    const settle = (): void => this.#settle(failure, this.#owner.options.clock.now(), { resume });
    // Undici reports some errors from within dispatch. A reply never comes from within send.
    if (this.#inDispatch) setImmediate(settle);
    else settle();
  }

  /** The body has ended. */
  #complete(): void {
    const doneUs = this.arrivedUs ?? this.#owner.options.clock.now();
    if (this.arrivedUs === undefined) this.#answer.end(this.#asked, this.#head!, this.#body);
    this.#settleAnswered(doneUs, false);
  }

  #settleAnswered(doneUs: Micros, expired: boolean): void {
    this.#show(this.#head!);
    const { classified, text, resume, repeats } = this.#answer;
    this.#settle(classified, doneUs, { text, resume, repeats, expired });
  }

  #show(head: UndiciHead): void {
    const { onAnswer } = this.#owner.options;
    if (onAnswer === undefined) return;
    const { status, statusText, headers } = head;
    const body = decoded(head, this.#body.bytes(), false);
    const readable = typeof body === 'string' ? Buffer.alloc(0) : body;
    onAnswer(this.#asked.request, { status, statusText, headers, body: readable });
  }

  #settle(classified: Classified, doneUs: Micros, ending: Ending = {}): void {
    const { text, resume, repeats, expired = false } = ending;
    if (this.settled) return;
    this.settled = true;
    this.#owner.ended(this, expired);
    const head = this.#head;
    const sentUs = this.#sentUs ?? doneUs;
    const reply: Reply = {
      outcome: classified.outcome,
      detail: classified.detail,
      status: head?.status ?? 0,
      sentUs,
      firstByteUs: this.#firstByteUs ?? doneUs,
      doneUs,
      servedBy: head?.instance(this.#owner.options.instanceHeader),
      sessionId: head?.value('mcp-session-id'),
      serverTiming: head?.value(this.#owner.options.timingHeader ?? 'server-timing'),
      body: text,
      connectionWaitUs: sentUs - this.handedUs,
      repeats,
    };
    this.#onReply(withRareFields(reply, head, resume, classified));
  }

  #release(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) this.#owner.released(client);
  }
}
