/** @module An agent of MCP 2025-11-25: initialize, a session id on everything, a standalone stream, and starting over when the session is lost. */
import type { Driver, OpenStream, Reply } from '../../driver/driver.ts';
import type { CallEncoder } from '../../protocol/call.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import {
  endSession,
  initialize,
  initialized,
  isSessionId,
  openStream,
  parseInitialize,
  type SessionContext,
  sessionFields,
} from '../../protocol/sessions.ts';
import { clampTime } from '../../recording/histogram.ts';
import type { SessionTally } from '../../recording/measure/sessions.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';
import type { Agent, AgentOptions, CallEnd } from './agent.ts';
import type { CallText } from './call-text.ts';

/** A session as its agent sees it. */
interface Session {
  readonly context: SessionContext;
  /** The instance that minted it, when it named itself. */
  readonly owner: string | undefined;
  /** What every request in it carries. */
  readonly fields: HeaderFields;
  stream: OpenStream | undefined;
  /** Whether its first call has been made. */
  used: boolean;
}

type State =
  | { readonly kind: 'closed' }
  | { readonly kind: 'opening'; readonly waiting: ((opened: Session | Reply) => void)[] }
  | { readonly kind: 'open'; readonly session: Session };

/**
 * One caller. A 404 to a *call*, or a 400 that means it, tells that the session is gone (transports, Session Management 3-4;
 * docs/decisions/0007-lost-session-400.md): the call is lost, and a new session is opened at once. Such an answer to `notifications/initialized` or to the GET stream is counted apart and the
 * session is kept, since the instance that minted it would still serve it.
 */
export class SessionsAgent implements Agent {
  readonly #options: AgentOptions;
  readonly #text: CallText;
  readonly #encoders: readonly CallEncoder[];
  readonly #counts: SessionTally;
  readonly #name: string;
  #state: State = { kind: 'closed' };
  #handshakes = 0;

  constructor(
    index: number,
    options: AgentOptions,
    text: CallText,
    encoders: readonly CallEncoder[],
    counts: SessionTally,
  ) {
    this.#name = `a${index}`;
    this.#options = options;
    this.#text = text;
    this.#encoders = encoders;
    this.#counts = counts;
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.#withSession(() => resolve(), false));
  }

  call(arrival: Arrival, onEnd: (end: CallEnd) => void): void {
    if (this.#state.kind === 'open') {
      this.#send(this.#state.session, arrival, undefined, onEnd);
      return;
    }
    const begunUs = this.#options.now();
    const measured = this.#isMeasured(arrival);
    this.#withSession((opened) => {
      if (measured) this.#counts.handshakes.waitedUs += clampTime(this.#options.now() - begunUs);
      if ('context' in opened) this.#send(opened, arrival, begunUs, onEnd);
      else
        onEnd({
          reply: { ...opened, detail: `initialize: ${opened.detail ?? opened.outcome}` },
          sentUs: begunUs,
        });
    }, measured);
  }

  async close(): Promise<void> {
    if (this.#state.kind !== 'open') return;
    const { session } = this.#state;
    this.#state = { kind: 'closed' };
    session.stream?.close();
    if (session.context.id === undefined) return;
    await new Promise<void>((resolve) => this.#driver.send(endSession(session.context), () => resolve()));
  }

  get #driver(): Driver {
    return this.#options.driver;
  }

  #isMeasured({ dueUs }: Arrival): boolean {
    return dueUs >= this.#options.measureFromUs;
  }

  #send(
    session: Session,
    arrival: Arrival,
    begunUs: Micros | undefined,
    onEnd: (end: CallEnd) => void,
  ): void {
    const { call, seq } = arrival;
    const request = this.#encoders[call]!(
      seq,
      this.#text.argumentsOf(arrival),
      this.#text.ascii(call),
      session.fields,
    );
    const first = !session.used;
    session.used = true;
    this.#driver.send(request, (reply) => {
      this.#countOwner(session, arrival, reply, first);
      const lostSession = reply.outcome === 'session-lost' && this.#lose(session, this.#isMeasured(arrival));
      onEnd({ reply, sentUs: begunUs ?? reply.sentUs, lostSession });
    });
  }

  #countOwner({ context, owner }: Session, arrival: Arrival, reply: Reply, first: boolean): void {
    if (context.id === undefined || owner === undefined || reply.servedBy === undefined) return;
    const hit = reply.servedBy === owner ? 1 : 0;
    if (first) {
      this.#counts.ownerCalls += 1;
      this.#counts.ownerHits += hit;
    }
    if (!this.#isMeasured(arrival)) return;
    this.#counts.callsInSession += 1;
    this.#counts.callsOnOwner += hit;
  }

  /** Of several calls under way in a lost session only the first one starts a new one: true for that one. */
  #lose(session: Session, measured: boolean): boolean {
    if (this.#state.kind !== 'open' || this.#state.session !== session) return false;
    session.stream?.close();
    this.#counts.lost += 1;
    this.#state = { kind: 'closed' };
    const lostUs = this.#options.now();
    this.#withSession((opened) => {
      if (!('context' in opened)) return;
      this.#counts.reinitialised += 1;
      if (measured) this.#counts.handshakes.reopen.record(clampTime(this.#options.now() - lostUs));
    }, measured);
    return true;
  }

  /**
   * Calls `use` with the session, opening one first when there is none; with the failed reply when that does not work.
   * `measured`: the call that it is opened for is.
   */
  #withSession(use: (opened: Session | Reply) => void, measured: boolean): void {
    if (this.#state.kind === 'open') {
      use(this.#state.session);
      return;
    }
    if (this.#state.kind === 'opening') {
      this.#state.waiting.push(use);
      return;
    }
    const waiting = [use];
    this.#state = { kind: 'opening', waiting };
    const settle = (opened: Session | Reply): void => {
      this.#state = 'context' in opened ? { kind: 'open', session: opened } : { kind: 'closed' };
      for (const next of waiting) next(opened);
    };
    this.#handshakes += 1;
    const request = initialize(`${this.#name}.${this.#handshakes}`, this.#options.headers);
    this.#driver.send(request, (reply) => this.#minted(reply, settle, measured), true);
  }

  #tax({ sentUs, doneUs }: Reply, measured: boolean): void {
    const tally = measured ? this.#counts.handshakes : this.#counts.handshakes.before;
    tally.requests += 1;
    tally.timeUs += clampTime(doneUs - sentUs);
  }

  #minted(reply: Reply, settle: (opened: Session | Reply) => void, measured: boolean): void {
    this.#tax(reply, measured);
    const answer = reply.outcome === 'ok' ? parseInitialize(reply.body ?? '') : undefined;
    const usableId = reply.sessionId === undefined || isSessionId(reply.sessionId);
    if (answer === undefined || !usableId) {
      this.#counts.failed += 1;
      const why = usableId ? 'no usable result' : 'Mcp-Session-Id is not visible ASCII';
      settle(reply.outcome === 'ok' ? { ...reply, outcome: 'malformed', detail: why } : reply);
      return;
    }
    this.#counts.opened += 1;
    const { headers } = this.#options;
    const context: SessionContext = { id: reply.sessionId, protocolVersion: answer.protocolVersion, headers };
    const fields = sessionFields(context);
    const session: Session = { context, owner: reply.servedBy, fields, stream: undefined, used: false };
    this.#driver.send(initialized(context), (accepted) => {
      this.#tax(accepted, measured);
      if (accepted.outcome !== 'ok') this.#counts.handshakesBroken += 1;
      settle(session);
      session.stream = this.#openStream(context);
    });
  }

  #openStream(context: SessionContext): OpenStream {
    return this.#driver.open(openStream(context), {
      onOpen: (status) => {
        if (status >= 200 && status < 300) this.#counts.streamsOpened += 1;
        // 405 is a server that offers no stream (transports, Listening for Messages 4): nothing was refused.
        else if (status !== 405) this.#counts.streamsRefused += 1;
      },
      onEnd: () => undefined,
    });
  }
}
