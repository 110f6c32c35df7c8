/** @module The lean server of the sessions era: implements MCP 2025-11-25 with sessions in memory and, beyond them, exactly the work of the stateless one. */
import { serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import type { InstanceInput } from '../instance.ts';
import type { Caller } from '../queue.ts';
import { STREAM_END } from './answers.ts';
import type { Handler, LongAnswer } from './connection.ts';
import { type Answer, answerTools, createDesk, type Desk, type LeanContext } from './desk.ts';
import { type LeanRequest, refusal } from './message.ts';
import { sessionResults } from './results.ts';
import { serveLean } from './serve.ts';
import { readInSession, SESSION_METHODS } from './session-message.ts';
import { Sessions } from './session-store.ts';

serveParent((input: InstanceInput) => serveLean(createHandler(input)));

function createHandler(input: InstanceInput): Handler {
  const desk = createDesk(input, { methods: SESSION_METHODS, resultsOf: sessionResults });
  const { answers } = desk;
  const sessions = new Sessions();
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller): ReturnType<Handler['answer']> {
      const message = readInSession(head, body, sessions);
      const context = { startedUs, readUs: systemClock.now() - startedUs, sessionId: message.sessionId };
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
    },
  };
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
  const { answers, results } = desk;
  const { id, method } = message;
  switch (method) {
    case 'initialize':
      return answers.result(id, results.opening, { ...context, sessionId: sessions.open() });
    case 'ping':
      return answers.result(id, '{}', context);
    default:
      return (
        answerTools(message, context, desk, caller) ??
        answers.refusal({ ...refusal(200, -32601, `Method not found: ${method}`), id }, context)
      );
  }
}
