/** @module The layer that goes on with an event stream which the server has closed before the answer. Source: MCP 2025-11-25, Resumability and Redelivery; SEP-1699. */
import type { Reply } from '../../driver/driver.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { resumeStream } from '../../protocol/sessions.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import type { After, Cancel } from '../../units/clock.ts';
import { formatMicros, type Micros } from '../../units/time.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  PassingCaller,
} from './caller.ts';
import { OwnRequest } from './own-request.ts';
import type { SessionLog } from './session-log.ts';

export interface ResumingOptions {
  /** The user's, sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly now: () => Micros;
  readonly after: After;
  /** How long a call may take, with all of its reconnections. */
  readonly timeoutUs: Micros;
  readonly log: SessionLog;
}

/** How long a client waits before it reconnects when the server does not say it: the delay of the official SDK. */
const RECONNECT_AFTER: Micros = 1e6;

/** The delay before a stream is continued at `position`, or opened anew. */
export function reconnectDelay(position: StreamPosition | undefined): Micros {
  return position?.retryMs === undefined ? RECONNECT_AFTER : position.retryMs * 1000;
}

/** `position`, if its id can be sent in a header field. */
export function sendable(position: StreamPosition | undefined): StreamPosition | undefined {
  return position !== undefined && /^[\x21-\x7e]+$/.test(position.lastEventId) ? position : undefined;
}

/** Reconnects with GET and `Last-Event-ID` until the answer is there. The call stays one call. Below the session, whose fields its requests carry. */
export function resumingLayer(options: ResumingOptions): Layer {
  return (next) => new ResumingCaller(next, options);
}

class ResumingCaller extends PassingCaller {
  readonly #options: ResumingOptions;

  constructor(next: Caller, options: ResumingOptions) {
    super(next);
    this.#options = options;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean): void {
    const onReply = (end: CallEnd): void => {
      const position = sendable(end.resume);
      if (position === undefined) onEnd(end);
      else new Resumption(this.next, this.#options, { request, onEnd, keepBody }, end).goOn(position);
    };
    this.next.send(request, onReply, keepBody);
  }
}

interface Resumed {
  readonly request: AgentRequest;
  readonly onEnd: OnEnd;
  readonly keepBody: boolean | undefined;
}

/** Refusals of the GET request itself. They say nothing of the call or of its session. */
const REFUSED: ReadonlySet<Outcome> = new Set(['http-error', 'session-lost', 'unauthorized', 'forbidden']);

/** One call whose stream was closed before its answer. */
class Resumption {
  readonly #next: Caller;
  readonly #options: ResumingOptions;
  readonly #call: Resumed;
  /** The reply to the call itself. */
  readonly #first: CallEnd;
  readonly #cancelDeadline: Cancel;
  #cancelDelay: Cancel = () => undefined;
  #over = false;

  constructor(next: Caller, options: ResumingOptions, call: Resumed, first: CallEnd) {
    this.#next = next;
    this.#options = options;
    this.#call = call;
    this.#first = { ...first };
    const left = first.sentUs + options.timeoutUs - options.now();
    this.#cancelDeadline = options.after(Math.max(0, left), () => this.#timeOut());
  }

  /** Reconnects at `position` after the delay that the server has asked for. */
  goOn(position: StreamPosition): void {
    this.#cancelDelay = this.#options.after(reconnectDelay(position), () => this.#reconnect(position));
  }

  #reconnect({ lastEventId }: StreamPosition): void {
    const { headers, log } = this.#options;
    const { request, keepBody } = this.#call;
    const { expected } = request.encode();
    if (expected.kind !== 'result') return;
    log.streamResumed();
    const get = new OwnRequest(
      { method: 'GET' },
      request.context,
      (fields) => resumeStream(lastEventId, expected.id, headers, fields),
      request.fields,
    );
    this.#next.send(get, (reply) => this.#onReply(reply), keepBody);
  }

  #onReply(reply: Reply): void {
    if (this.#over) return;
    const position = sendable(reply.resume);
    if (position !== undefined) this.goOn(position);
    else if (REFUSED.has(reply.outcome))
      this.#end({ ...this.#first, doneUs: reply.doneUs, detail: this.#refusal(reply) });
    else this.#end({ ...reply, sentUs: this.#first.sentUs, firstByteUs: this.#first.firstByteUs });
  }

  #refusal({ detail, outcome }: Reply): string {
    return `${this.#first.detail}; GET to continue it: ${detail ?? outcome}`;
  }

  #timeOut(): void {
    const { now, timeoutUs } = this.#options;
    const detail = `no answer within ${formatMicros(timeoutUs)}, on a stream that was closed and continued`;
    this.#end({ ...this.#first, outcome: 'timeout', detail, doneUs: now() });
  }

  #end(end: CallEnd): void {
    this.#over = true;
    this.#cancelDelay();
    this.#cancelDeadline();
    this.#call.onEnd(end);
  }
}
