/** @module One call on a stream of HTTP/2: its answer, and its reply. */
import type { Loss } from '../../../http/http2/loss.ts';
import type { Classified } from '../../../protocol/classify.ts';
import type { Micros } from '../../../units/time.ts';
import { AnswerBody } from '../../answer-body.ts';
import type { CallAnswer } from '../../call-answer.ts';
import type { Reply } from '../../driver.ts';
import type { TimedOut } from '../../failure.ts';
import type { PooledCall } from '../pool.ts';
import type { ChosenNames } from './answer-head.ts';
import type { WireSession } from './session.ts';
import { Http2Stream } from './stream.ts';

/** What an exchange tells; it is over after `onAnswered` and `onLost`, and may be used for another call. */
export interface ExchangeListener {
  /** The answer to the call has arrived, and its event stream is still open. */
  onArrived(exchange: Exchange): void;
  onAnswered(exchange: Exchange, reply: Reply): void;
  onLost(exchange: Exchange, loss: Loss): void;
}

/** Carries one call after the other, each on a stream of its own. */
export class Exchange extends Http2Stream {
  readonly #listener: ExchangeListener;
  readonly #body = new AnswerBody();
  readonly #answer: CallAnswer;
  /** The session that has the stream. */
  session: WireSession | undefined = undefined;
  call: PooledCall | undefined = undefined;

  constructor(listener: ExchangeListener, names: ChosenNames, answer: CallAnswer) {
    super(names);
    this.#listener = listener;
    this.#answer = answer;
  }

  /** Sends `call` over `session`. */
  send(call: PooledCall, session: WireSession, nowUs: Micros): void {
    this.call = call;
    this.session = session;
    this.#body.clear();
    this.#answer.clear();
    call.sentUs = nowUs;
    session.http2.start(this, call.request);
  }

  /** How far the call has come. */
  get progress(): TimedOut {
    if (this.call!.firstByteUs < 0) return 'sent';
    return this.#answer.inEvent ? 'in-event' : 'answering';
  }

  /** The reply to a call that failed, with what is known of its answer; or to one whose answer has arrived. */
  failure(classified: Classified, nowUs: Micros): Reply {
    const call = this.call!;
    if (call.arrivedUs >= 0) return this.#reply(call.arrivedUs);
    const resume = classified.outcome === 'reset' ? this.#answer.resume : undefined;
    return call.reply(classified, nowUs, this.head, undefined, resume);
  }

  /** Releases the call, so that it is not kept in memory. */
  forget(): void {
    this.call = undefined;
    this.session = undefined;
  }

  override onBlock(): void {
    super.onBlock();
    const call = this.call!;
    if (call.firstByteUs < 0) call.firstByteUs = this.session!.nowUs;
  }

  override onData(bytes: Buffer, from: number, to: number): void {
    this.#body.append(bytes, from, to);
  }

  override onReadEnd(): void {
    const call = this.call!;
    this.#body.hold();
    if (call.arrivedUs >= 0 || this.head === undefined) return;
    // A message may have made its receiver close the driver.
    if (!this.#answer.read(call, this.head, this.#body) || this.call !== call) return;
    call.arrivedUs = this.session!.nowUs;
    this.#listener.onArrived(this);
  }

  override onEnd(): void {
    const call = this.call!;
    const { nowUs } = this.session!;
    if (call.arrivedUs < 0) this.#answer.end(call, this.head!, this.#body);
    if (this.call !== call) return;
    this.#listener.onAnswered(this, this.#reply(call.arrivedUs < 0 ? nowUs : call.arrivedUs));
  }

  override onLoss(loss: Loss): void {
    this.#listener.onLost(this, loss);
  }

  /** The reply to the call, whose answer arrived at `doneUs`. */
  #reply(doneUs: Micros): Reply {
    const { classified, text, resume, repeats } = this.#answer;
    return this.call!.reply(classified, doneUs, this.head, text, resume, repeats);
  }
}
