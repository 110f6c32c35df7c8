/** @module One call through autocannon, from `send` to its reply. */
import type { Classified } from '../../protocol/classify.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import type { Micros } from '../../units/time.ts';
import { withRareFields } from '../answer-fields.ts';
import type { Asked } from '../call-answer.ts';
import { Deadline } from '../deadlines.ts';
import type { DriverOptions, Reply } from '../driver.ts';
import { timedOut } from '../failure.ts';
import type { CannonHead } from './head.ts';

/** The driver, as its calls see it. */
export interface CallOwner {
  readonly options: DriverOptions;
  /** The call has its reply. `expired`: by its deadline, which is no longer listed. */
  ended(call: CannonCall, expired: boolean): void;
}

/** What carries a call. */
interface Carrier {
  /** The deadline of the call has passed. */
  expire(): void;
}

/** How a call ended, beyond its outcome. */
interface Ending {
  readonly head?: CannonHead | undefined;
  readonly text?: string | undefined;
  readonly resume?: StreamPosition | undefined;
  /** By its deadline, which is no longer listed. */
  readonly expired?: boolean;
}

/** A call that has no reply yet. */
export class CannonCall extends Deadline {
  readonly asked: Asked;
  readonly #owner: CallOwner;
  readonly #onReply: (reply: Reply) => void;
  /** The connection that has the call; `undefined` while it waits for one. */
  connection: Carrier | undefined = undefined;
  sentUs: Micros | undefined = undefined;
  firstByteUs: Micros | undefined = undefined;
  /** When the answer arrived, if its event stream was still open then. */
  arrivedUs: Micros | undefined = undefined;
  /** When the driver got it. */
  readonly handedUs: Micros;
  settled = false;

  constructor(owner: CallOwner, asked: Asked, onReply: (reply: Reply) => void) {
    super();
    this.#owner = owner;
    this.asked = asked;
    this.#onReply = onReply;
    this.handedUs = owner.options.clock.now();
  }

  override expire(nowUs: Micros): void {
    if (this.connection !== undefined) this.connection.expire();
    else this.settle(timedOut('waiting', this.#owner.options.timeoutUs), nowUs, { expired: true });
  }

  settle(classified: Classified, doneUs: Micros, { head, text, resume, expired = false }: Ending = {}): void {
    if (this.settled) return;
    this.settled = true;
    this.#owner.ended(this, expired);
    const sentUs = this.sentUs ?? doneUs;
    const reply: Reply = {
      outcome: classified.outcome,
      detail: classified.detail,
      status: head?.status ?? 0,
      sentUs,
      firstByteUs: this.firstByteUs ?? doneUs,
      doneUs,
      servedBy: head?.instance(this.#owner.options.instanceHeader),
      sessionId: head?.value('mcp-session-id'),
      serverTiming: head?.value(this.#owner.options.timingHeader ?? 'server-timing'),
      body: text,
      connectionWaitUs: sentUs - this.handedUs,
    };
    this.#onReply(withRareFields(reply, head, resume, classified));
  }
}
