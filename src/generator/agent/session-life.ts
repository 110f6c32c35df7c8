/** @module The life cycle of an agent's session: opened when needed, reopened when lost, and closed at the end. */
import type { OpenStream, Reply, StreamListener } from '../../driver/driver.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import {
  endSession,
  initialize,
  initialized,
  isSessionId,
  type OpenedSession,
  openStream,
  parseInitialize,
  type SessionContext,
  sessionFields,
} from '../../protocol/sessions.ts';
import type { After } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { CallContext, Caller } from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';
import type { SessionLog } from './session-log.ts';
import { SessionStream } from './session-stream.ts';

/** What the sessions of all agents have in common. */
export interface SessionOptions {
  /** The user's, sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly now: () => Micros;
  readonly after: After;
  readonly log: SessionLog;
}

/** What one agent's sessions have of their own. */
export interface OwnSessions {
  readonly ids: OwnIds;
  /** A session to take over instead of opening the first one. It lacks the end of its handshake. */
  readonly opened?: OpenedSession | undefined;
}

/** A session as the handshake gives it. */
export interface Session {
  readonly kind: 'open';
  /** The data that every request in the session carries. They are what tells it from another one. */
  readonly fields: HeaderFields;
  /** The instance that created it, if the answer contained a session id and the name of the instance. */
  readonly owner: string | undefined;
}

/** A session, or the reply of the handshake that failed. */
export type Opened = Session | { readonly kind: 'failed'; readonly reply: Reply };

/**
 * The sessions of one agent, one at a time. A refused `notifications/initialized` or GET stream does not end a session, since the
 * instance that created it would still serve it: that is counted, and calls decide.
 */
export abstract class SessionLife {
  protected readonly next: Caller;
  protected readonly options: SessionOptions;
  /** The open session lies in its agent, because a call of one of very many agents finds little of it in a cache of the processor. */
  protected fields: HeaderFields | undefined = undefined;
  protected owner: string | undefined = undefined;
  /** Whether the first call in the session has been made. */
  protected used = false;
  #stream: OpenStream | undefined = undefined;
  /** What waits for the session that is being opened. */
  #waiting: ((opened: Opened) => void)[] | undefined = undefined;
  readonly #ids: OwnIds;
  #opened: OpenedSession | undefined;

  /** @param next - makes the requests of the handshake, the stream and the end. */
  constructor(next: Caller, options: SessionOptions, { ids, opened }: OwnSessions) {
    this.#ids = ids;
    this.#opened = opened;
    this.next = next;
    this.options = options;
  }

  /** Calls `use` once a session is open, or with the failure if none can be opened. `context`: the context of the call that needs it. */
  protected ready(context: CallContext, use: (opened: Opened) => void): void {
    const { fields, owner } = this;
    if (fields !== undefined) use({ kind: 'open', fields, owner });
    else if (this.#waiting !== undefined) this.#waiting.push(use);
    else this.#open(context, use);
  }

  /** A call of `context` has found the session with `fields` lost. Of several calls in flight in it only the first opens a new one: true for that one. */
  protected lose(fields: HeaderFields, context: CallContext): boolean {
    if (this.fields !== fields) return false;
    const { now, log } = this.options;
    this.#leave();
    log.lost();
    const lostUs = now();
    this.#open(context, (opened) => {
      if (opened.kind === 'open') log.reopened(now() - lostUs, context);
    });
    return true;
  }

  /** Ends the session that is open, if there is one. */
  protected async end(context: CallContext): Promise<void> {
    const { fields } = this;
    this.#leave();
    if (fields?.inSession !== true) return;
    const { headers } = this.options;
    const encode = (all: HeaderFields): Request => endSession(headers, all);
    const request = new OwnRequest({ method: 'DELETE' }, context, encode, fields);
    await new Promise<void>((resolve) => this.next.send(request, () => resolve()));
  }

  #open(context: CallContext, use: (opened: Opened) => void): void {
    const waiting = [use];
    this.#waiting = waiting;
    this.#shakeHands(context, (opened) => {
      this.#waiting = undefined;
      if (opened.kind === 'open') this.#enter(opened);
      for (const next of waiting) next(opened);
    });
  }

  #enter({ fields, owner }: Session): void {
    this.fields = fields;
    this.owner = owner;
    this.used = false;
  }

  #leave(): void {
    this.fields = undefined;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #shakeHands(context: CallContext, settle: (opened: Opened) => void): void {
    const { headers, log } = this.options;
    const opened = this.#opened;
    if (opened !== undefined) {
      this.#opened = undefined;
      const { id, protocolVersion, servedBy } = opened;
      log.opened(id, context);
      const session = sessionIn({ id, protocolVersion, headers }, servedBy);
      this.#confirm(session, context, () => settle(session));
      return;
    }
    const id = this.#ids.next();
    const request = new OwnRequest({ method: 'initialize' }, context, (fields) =>
      initialize(id, headers, fields),
    );
    const onAnswer = (reply: Reply): void => {
      log.handshake(reply, context);
      const opened = sessionOf(reply, headers);
      if (opened.kind === 'open') {
        log.opened(reply.sessionId, context);
        this.#confirm(opened, context, () => settle(opened));
      } else {
        log.failed();
        settle(opened);
      }
    };
    this.next.send(request, onAnswer, true);
  }

  /** Ends the handshake; the stream is opened once the session is in use. */
  #confirm(session: Session, context: CallContext, settle: () => void): void {
    const { headers, log } = this.options;
    const encode = (fields: HeaderFields): Request => initialized(headers, fields);
    const operation = { method: 'notifications/initialized' };
    const request = new OwnRequest(operation, context, encode, session.fields);
    this.next.send(request, (accepted) => {
      log.handshake(accepted, context);
      if (accepted.outcome !== 'ok') log.handshakeBroken(context);
      settle();
      this.#stream = this.#listen(session, context);
    });
  }

  #listen(session: Session, context: CallContext): OpenStream {
    const open = (lastEventId: string | undefined, listener: StreamListener): OpenStream => {
      const { headers } = this.options;
      const encode = (fields: HeaderFields): Request => openStream(headers, fields, lastEventId);
      const request = new OwnRequest({ method: 'GET' }, context, encode, session.fields);
      return this.next.listen(request, listener);
    };
    return new SessionStream(open, this.options);
  }
}

/** The session that an answer to `initialize` creates, or why it creates none. */
function sessionOf(reply: Reply, headers: SessionContext['headers']): Opened {
  const { outcome, sessionId: id, servedBy } = reply;
  if (outcome !== 'ok') return { kind: 'failed', reply };
  if (id !== undefined && !isSessionId(id)) return malformed(reply, 'Mcp-Session-Id is not visible ASCII');
  const answer = parseInitialize(reply.body ?? '');
  if (answer === undefined) return malformed(reply, 'no usable result');
  return sessionIn({ id, protocolVersion: answer.protocolVersion, headers }, servedBy);
}

function sessionIn(context: SessionContext, servedBy: string | undefined): Session {
  return {
    kind: 'open',
    fields: sessionFields(context),
    owner: context.id === undefined ? undefined : servedBy,
  };
}

function malformed(reply: Reply, detail: string): Opened {
  return { kind: 'failed', reply: { ...reply, outcome: 'malformed', detail } };
}
