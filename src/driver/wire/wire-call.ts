/** @module One call over the wire, from `send` to its reply. */
import type { Cause } from '../../protocol/cause.ts';
import type { Classified } from '../../protocol/classify.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { Request } from '../../protocol/request.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import { type Micros, UNSET } from '../../units/time.ts';
import type { AnswerFields } from '../answer-fields.ts';
import { Deadline } from '../deadlines.ts';
import type { Reply } from '../driver.ts';

/** What the head of an answer adds to a reply. */
export interface ReplyFields extends AnswerFields {
  readonly servedBy: string | undefined;
  readonly sessionId: string | undefined;
  readonly serverTiming: string | undefined;
}

const NOTHING: Request = {
  head: { method: 'GET', headers: [], text: '' },
  body: '',
  ascii: true,
  expected: { kind: 'accepted' },
  inSession: false,
};
/** Of an exchange without an answer. */
const NO_HEAD = {
  status: 0,
  servedBy: undefined,
  sessionId: undefined,
  serverTiming: undefined,
  setCookies: undefined,
  location: undefined,
};

/** A reply whose fields are set anew for each exchange. It has every field, so that its shape never changes. */
class ReusedReply implements Reply {
  outcome: Outcome = 'aborted';
  detail: string | undefined = undefined;
  status = 0;
  sentUs: Micros = UNSET;
  firstByteUs: Micros = UNSET;
  doneUs: Micros = UNSET;
  servedBy: string | undefined = undefined;
  sessionId: string | undefined = undefined;
  serverTiming: string | undefined = undefined;
  body: string | undefined = undefined;
  connectionWaitUs: Micros = UNSET;
  setCookies: readonly string[] | undefined = undefined;
  resume: StreamPosition | undefined = undefined;
  repeats: object | undefined = undefined;
  cause: Cause | undefined = undefined;
  code: number | undefined = undefined;
  location: string | undefined = undefined;
}

const NO_LISTENER = (): void => undefined;

/**
 * A call in progress on a `Connection`. The driver reuses the object for a later call, which saves two hundred bytes of garbage
 * per call.
 */
export class WireCall<Connection> extends Deadline {
  readonly #onExpiry: (call: WireCall<Connection>, nowUs: Micros) => void;
  readonly #reply = new ReusedReply();
  request: Request;
  keepBody: boolean;
  onReply: (reply: Reply) => void;
  /** Receives the other messages of the answer's event stream. */
  onMessage: ((text: string) => void) | undefined;
  /** The connection that has the call; `undefined` while it waits for one. */
  connection: Connection | undefined = undefined;
  /** When the driver got it. */
  handedUs: Micros = UNSET;
  /** -1 until it is passed to the socket. */
  sentUs: Micros = UNSET;
  /** -1 until the answer begins. */
  firstByteUs: Micros = UNSET;
  /** When the answer arrived, if its event stream was still open then; otherwise -1. */
  arrivedUs: Micros = UNSET;
  /** It timed out while it waited. It is still queued, and is skipped when its turn comes. */
  expired = false;
  /** It was refused without being processed, and may not be a second time. */
  again = false;

  constructor(
    onExpiry: (call: WireCall<Connection>, nowUs: Micros) => void,
    request: Request,
    keepBody: boolean,
    onReply: (reply: Reply) => void,
    onMessage?: (text: string) => void,
  ) {
    super();
    this.#onExpiry = onExpiry;
    this.request = request;
    this.keepBody = keepBody;
    this.onReply = onReply;
    this.onMessage = onMessage;
    this.renew(request, keepBody, onReply, onMessage);
  }

  /** Reuses the object for another call. Only after the reply, when nothing refers to it any more. */
  renew(
    request: Request,
    keepBody: boolean,
    onReply: (reply: Reply) => void,
    onMessage?: (text: string) => void,
  ): void {
    this.request = request;
    this.keepBody = keepBody;
    this.onReply = onReply;
    this.onMessage = onMessage;
    this.connection = undefined;
    this.sentUs = -1;
    this.firstByteUs = -1;
    this.arrivedUs = -1;
    this.again = false;
  }

  /** Forgets that it was sent: it was not, or the server has not processed it. */
  unsend(): void {
    this.connection = undefined;
    this.sentUs = -1;
    this.firstByteUs = -1;
  }

  /** Releases the request, the listener and the texts of the reply, so that a reused object does not keep them in memory. */
  forget(): void {
    this.request = NOTHING;
    this.onReply = NO_LISTENER;
    this.onMessage = undefined;
    this.#reply.body = undefined;
    this.#reply.repeats = undefined;
  }

  override expire(nowUs: Micros): void {
    this.#onExpiry(this, nowUs);
  }

  /**
   * The reply, which is the same object for every call that this one is reused for. `head`: what is known of the answer, which changes
   * with the next one. `resume`: where its event stream broke off.
   */
  reply(
    classified: Classified,
    doneUs: Micros,
    head: ReplyFields | undefined,
    body: string | undefined,
    resume?: StreamPosition,
    repeats?: object,
  ): Reply {
    const reply = this.#reply;
    const { status, servedBy, sessionId, serverTiming, setCookies, location } = head ?? NO_HEAD;
    const sentUs = this.sentUs < 0 ? doneUs : this.sentUs;
    reply.outcome = classified.outcome;
    reply.detail = classified.detail;
    reply.cause = classified.cause;
    reply.code = classified.code;
    reply.status = status;
    reply.sentUs = sentUs;
    reply.firstByteUs = this.firstByteUs < 0 ? doneUs : this.firstByteUs;
    reply.doneUs = doneUs;
    reply.servedBy = servedBy;
    reply.sessionId = sessionId;
    reply.serverTiming = serverTiming;
    reply.setCookies = setCookies;
    reply.location = location;
    reply.body = body;
    reply.connectionWaitUs = sentUs - this.handedUs;
    reply.resume = resume;
    reply.repeats = repeats;
    return reply;
  }
}
