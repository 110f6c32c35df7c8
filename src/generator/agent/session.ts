/** @module The session layer of MCP 2025-11-25: every call is made in a session of its agent, and waits until there is one. */
import type { OpenStream, Reply, StreamListener } from '../../driver/driver.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import type { Micros } from '../../units/time.ts';
import {
  type AgentRequest,
  type CallContext,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  UNMEASURED,
} from './caller.ts';
import { type OwnSessions, SessionLife, type SessionOptions } from './session-life.ts';

/** Gives an agent its sessions. */
export function sessionLayer(options: SessionOptions, own: OwnSessions): Layer {
  return (next) => new SessionCaller(next, options, own);
}

/**
 * Makes calls in the sessions of its agent: one object with their life cycle, because a load may have a hundred thousand agents, and what
 * a call of another one reads is rarely in a cache of the processor.
 *
 * A 404 to a call, or a 400 that reports the same, means that the session is lost (transports, Session
 * Management 3-4; docs/decisions/0007-lost-session-400.md): the call has failed, and a new session is opened at once.
 */
class SessionCaller extends SessionLife implements Caller {
  async open(): Promise<void> {
    await this.next.open();
    await new Promise<void>((resolve) => this.ready(UNMEASURED, () => resolve()));
  }

  send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean): void {
    const { fields } = this;
    if (fields === undefined) this.#sendLater(request, onEnd, keepBody);
    else this.#sendIn(fields, request, onEnd, keepBody);
  }

  listen(request: AgentRequest, listener: StreamListener): OpenStream {
    const { fields } = this;
    return this.next.listen(fields === undefined ? request : request.plus(fields), listener);
  }

  async close(): Promise<void> {
    await this.end(UNMEASURED);
    await this.next.close();
  }

  #sendLater(request: AgentRequest, onEnd: OnEnd, keepBody: boolean | undefined): void {
    const { now, log } = this.options;
    const begunUs = now();
    this.ready(request.context, (opened) => {
      log.waited(now() - begunUs, request.context);
      if (opened.kind === 'failed') onEnd(failedEnd(opened.reply, begunUs));
      else this.#sendIn(opened.fields, request, (end) => onEnd({ ...end, begunUs }), keepBody);
    });
  }

  /** Sends in the open session, which has `fields`. */
  #sendIn(fields: HeaderFields, request: AgentRequest, onEnd: OnEnd, keepBody: boolean | undefined): void {
    const { owner } = this;
    const first = !this.used;
    if (first) this.used = true;
    const onAnswer = (end: CallEnd): void => {
      if (owner !== undefined && end.servedBy !== undefined)
        this.#countOwner(end.servedBy === owner, first, request.context);
      const lost = end.outcome === 'session-lost' && this.lose(fields, request.context);
      onEnd(lost ? { ...end, lostSession: true } : end);
    };
    this.next.send(request.plus(fields), onAnswer, keepBody);
  }

  #countOwner(onOwner: boolean, first: boolean, context: CallContext): void {
    const { log } = this.options;
    if (first) log.firstCall(onOwner);
    log.call(onOwner, context);
  }
}

/** The end of a call for which no session could be opened. */
function failedEnd(reply: Reply, begunUs: Micros): CallEnd {
  return { ...reply, detail: `initialize: ${reply.detail ?? reply.outcome}`, begunUs, unsent: true };
}
