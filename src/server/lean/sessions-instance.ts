/** @module The lean server of the sessions era: implements MCP 2025-11-25 with sessions in memory or in a shared store and, beyond them, exactly the work of the stateless one. */
import type { Guard } from '../../guard/guard.ts';
import type { Served } from '../../process/serve.ts';
import { METHOD_NOT_FOUND } from '../../protocol/error-codes.ts';
import { openSessionIds } from '../../state/open-handles.ts';
import { systemClock } from '../../units/clock.ts';
import { openBaskets } from '../baskets.ts';
import type { InstanceInput, InstanceReady } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import type { Caller } from '../queue.ts';
import { STREAM_END } from './answers.ts';
import type { Handler, LongAnswer } from './connection.ts';
import { type Answer, answerOffered, createDesk, type Desk, type LeanContext } from './desk.ts';
import { answerMetadata, passGuard, type ReadRequest } from './gate.ts';
import { type LeanRequest, type Refusal, readHead, refusal } from './message.ts';
import { SESSION_FORM } from './results.ts';
import { type LeanServer, serveLean } from './serve.ts';
import { type InSession, readInSession, SESSION_METHODS, UNKNOWN_SESSION } from './session-message.ts';
import { MemorySessions, type Sessions } from './session-store.ts';
import { SharedSessions } from './shared-sessions.ts';

/** Starts an instance in this process. */
export async function sessionsInstance(input: InstanceInput): Promise<Served<InstanceReady>> {
  const guard = await guardOf(input);
  const baskets = await openBaskets(input, guard);
  const sessions = await openSessions(input);
  const desk = createDesk(input, guard, {
    methods: SESSION_METHODS,
    form: SESSION_FORM,
    added: baskets.tools,
  });
  const server: LeanServer = {
    handler: createHandler(desk, sessions),
    change: (change) => void desk.change(change),
    async end() {
      await sessions.close();
      await baskets.close();
    },
  };
  return serveLean(server, guard);
}

async function openSessions({ state }: InstanceInput): Promise<Sessions> {
  if (state?.settings.sessions !== 'store') return new MemorySessions();
  return new SharedSessions(await openSessionIds(state), state.settings.ttlMs);
}

type Answered = ReturnType<Handler['answer']>;

function createHandler(desk: Desk, sessions: Sessions): Handler {
  const { answers, guard } = desk;
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const metadata = guard && answerMetadata(guard, answers, head, startedUs);
      if (metadata !== undefined) return metadata;
      const turnedAway = readHead(head, SESSION_METHODS);
      const asked: InSession = turnedAway ?? readInSession(head, body);
      const { sessionId } = asked;
      const context = { startedUs, readUs: systemClock.now() - startedUs, sessionId };
      if (guard === undefined || turnedAway !== undefined) {
        return serve(asked, context, desk, sessions, caller);
      }
      return serveChecked(guard, { head, asked, context, caller }, desk, sessions);
    },
  };
}

/** Apart from the handler: with a function in it, every request would allocate memory for what that uses, also without a guard. */
function serveChecked(
  guard: Guard,
  request: ReadRequest<InSession>,
  desk: Desk,
  sessions: Sessions,
): Answered {
  const { asked, caller } = request;
  return passGuard(guard, desk.answers, request, (checked) => serve(asked, checked, desk, sessions, caller));
}

/** Serves what is asked for in a session that is known, or outside of one. */
function serve(
  asked: InSession,
  context: LeanContext,
  desk: Desk,
  sessions: Sessions,
  caller: Caller,
): Answered {
  const { sessionId } = asked;
  if (sessionId === undefined) return serveKnown(asked, context, desk, sessions, caller);
  const known = sessions.has(sessionId, context.allowance?.identity);
  if (known === true) return serveKnown(asked, context, desk, sessions, caller);
  if (known === false) return unknown(desk, context);
  return serveFound(known, { asked, context, caller }, desk, sessions);
}

/** Apart from {@link serve} for the same reason. The time that the store took is the answer's `session`. */
async function serveFound(
  known: Promise<boolean>,
  { asked, context, caller }: Omit<ReadRequest<InSession>, 'head'>,
  desk: Desk,
  sessions: Sessions,
): Promise<Awaited<Answered>> {
  const askedUs = systemClock.now();
  const isKnown = await known.catch(() => undefined);
  const found = { ...context, sessionUs: systemClock.now() - askedUs };
  if (isKnown === undefined) return desk.answers.refusal(WITHOUT_STORE, { ...found, sessionId: undefined });
  return isKnown ? serveKnown(asked, found, desk, sessions, caller) : unknown(desk, found);
}

const unknown = ({ answers }: Desk, context: LeanContext): string =>
  answers.refusal(UNKNOWN_SESSION, { ...context, sessionId: undefined });

const WITHOUT_STORE: Refusal = refusal(
  503,
  -32603,
  'Internal error: the store of the sessions cannot be reached',
);

function serveKnown(
  message: InSession,
  context: LeanContext,
  desk: Desk,
  sessions: Sessions,
  caller: Caller,
): Answered {
  const { answers } = desk;
  switch (message.kind) {
    case 'refusal':
      return answers.refusal(message, context);
    case 'notification':
      return answers.empty(202, context);
    case 'listen':
      return openStream(sessions, message.sessionId, context, answers.stream(context));
    case 'end':
      return endSession(sessions, message.sessionId, context, desk);
    case 'request':
      return dispatch(message, context, desk, sessions, caller);
  }
}

/** A stream that sends nothing and ends with its session. */
function openStream(sessions: Sessions, id: string, context: LeanContext, opening: string): LongAnswer {
  return { opening, rest: sessions.ended(id, context.allowance?.identity).then(() => STREAM_END) };
}

function endSession(sessions: Sessions, id: string, context: LeanContext, { answers }: Desk): Answer {
  const done = (): string => answers.empty(200, context);
  const ended = sessions.end(id, context.allowance?.identity);
  return ended === undefined ? done() : ended.then(done, () => answers.refusal(WITHOUT_STORE, context));
}

function openSession(id: LeanRequest['id'], context: LeanContext, desk: Desk, sessions: Sessions): Answer {
  const { answers, catalogue, guard } = desk;
  const welcome = (sessionId: string): string => {
    if (context.allowance !== undefined) guard?.opened?.(sessionId, context.allowance);
    return answers.result(id, catalogue.opening, { ...context, sessionId });
  };
  const opened = sessions.open(context.allowance?.identity);
  if (typeof opened === 'string') return welcome(opened);
  return opened.then(welcome, () => answers.refusal({ ...WITHOUT_STORE, id }, context));
}

function dispatch(
  message: LeanRequest,
  context: LeanContext,
  desk: Desk,
  sessions: Sessions,
  caller: Caller,
): Answer {
  const { answers } = desk;
  const { id, method } = message;
  switch (method) {
    case 'initialize':
      return openSession(id, context, desk, sessions);
    case 'ping':
      return answers.result(id, '{}', context);
    default:
      return (
        answerOffered(message, context, desk, caller) ??
        answers.refusal({ ...refusal(200, METHOD_NOT_FOUND, `Method not found: ${method}`), id }, context)
      );
  }
}
