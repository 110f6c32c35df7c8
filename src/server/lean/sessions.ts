/** @module The lean server of the sessions era: implements MCP 2025-11-25 with sessions in memory and, beyond them, exactly the work of the stateless one. */
import type { Guard } from '../../guard/guard.ts';
import { serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import { openBaskets } from '../baskets.ts';
import type { InstanceInput } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import type { Caller } from '../queue.ts';
import { STREAM_END } from './answers.ts';
import type { Handler, LongAnswer } from './connection.ts';
import { type Answer, answerOffered, createDesk, type Desk, type LeanContext } from './desk.ts';
import { answerMetadata, passGuard, type ReadRequest } from './gate.ts';
import { type LeanRequest, readHead, refusal } from './message.ts';
import { SESSION_FORM } from './results.ts';
import { type LeanServer, serveLean } from './serve.ts';
import { type InSession, readInSession, SESSION_METHODS } from './session-message.ts';
import { Sessions } from './session-store.ts';

serveParent(async (input: InstanceInput) => {
  const guard = await guardOf(input);
  const baskets = await openBaskets(input, guard);
  const desk = createDesk(input, guard, {
    methods: SESSION_METHODS,
    form: SESSION_FORM,
    added: baskets.tools,
  });
  const server: LeanServer = {
    handler: createHandler(desk),
    change: (change) => void desk.change(change),
    end: () => baskets.close(),
  };
  return serveLean(server, guard);
});

function createHandler(desk: Desk): Handler {
  const { answers, guard } = desk;
  const sessions = new Sessions();
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const metadata = guard && answerMetadata(guard, answers, head, startedUs);
      if (metadata !== undefined) return metadata;
      const turnedAway = readHead(head, SESSION_METHODS);
      const asked: InSession = turnedAway ?? readInSession(head, body, sessions);
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
): ReturnType<Handler['answer']> {
  const { asked, caller } = request;
  return passGuard(guard, desk.answers, request, (checked) => serve(asked, checked, desk, sessions, caller));
}

function serve(
  message: InSession,
  context: LeanContext,
  desk: Desk,
  sessions: Sessions,
  caller: Caller,
): ReturnType<Handler['answer']> {
  const { answers } = desk;
  switch (message.kind) {
    case 'refusal':
      return answers.refusal(message, context);
    case 'notification':
      return answers.empty(202, context);
    case 'listen':
      return openStream(sessions, message.sessionId, answers.stream(context));
    case 'end':
      sessions.end(message.sessionId);
      return answers.empty(200, context);
    case 'request':
      return dispatch(message, context, desk, sessions, caller);
  }
}

/** A stream that sends nothing and ends with its session. */
function openStream(sessions: Sessions, sessionId: string, opening: string): LongAnswer {
  return { opening, rest: sessions.ended(sessionId).then(() => STREAM_END) };
}

function dispatch(
  message: LeanRequest,
  context: LeanContext,
  desk: Desk,
  sessions: Sessions,
  caller: Caller,
): Answer {
  const { answers, catalogue } = desk;
  const { id, method } = message;
  switch (method) {
    case 'initialize': {
      const sessionId = sessions.open();
      if (context.allowance !== undefined) desk.guard?.opened?.(sessionId, context.allowance);
      return answers.result(id, catalogue.opening, { ...context, sessionId });
    }
    case 'ping':
      return answers.result(id, '{}', context);
    default:
      return (
        answerOffered(message, context, desk, caller) ??
        answers.refusal({ ...refusal(200, -32601, `Method not found: ${method}`), id }, context)
      );
  }
}
