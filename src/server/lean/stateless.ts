/** @module The lean server of the stateless era: implements MCP 2026-07-28 with minimal work per request, so that the server is not the bottleneck. */
import type { Guard } from '../../guard/guard.ts';
import { serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import type { InstanceInput } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import type { Caller } from '../queue.ts';
import type { Handler } from './connection.ts';
import { type Answer, answerTools, createDesk, type Desk, type LeanContext } from './desk.ts';
import { diagnose } from './diagnostics.ts';
import { answerMetadata, passGuard, type ReadRequest } from './gate.ts';
import { type LeanRequest, type Notified, type Refusal, readHead, refusal } from './message.ts';
import { statelessResults } from './results.ts';
import { serveLean } from './serve.ts';
import { readStateless, STATELESS_METHODS } from './stateless-message.ts';

serveParent(async (input: InstanceInput) => {
  const guard = await guardOf(input);
  return serveLean(createHandler(input, guard), guard);
});

function createHandler(input: InstanceInput, guard: Guard | undefined): Handler {
  const desk = createDesk(input, guard, {
    methods: STATELESS_METHODS,
    resultsOf: statelessResults,
    unlisted: diagnose,
  });
  const { answers } = desk;
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const metadata = guard && answerMetadata(guard, answers, head, startedUs);
      if (metadata !== undefined) return metadata;
      const turnedAway = readHead(head, STATELESS_METHODS);
      const asked = turnedAway ?? readStateless(head, body);
      const context = { startedUs, readUs: systemClock.now() - startedUs };
      if (guard === undefined || turnedAway !== undefined) return serve(asked, context, desk, caller);
      return serveChecked(guard, { head, asked, context, caller }, desk);
    },
  };
}

type Message = LeanRequest | Notified | Refusal;

/** Apart from the handler: with a function in it, every request would allocate memory for what that uses, also without a guard. */
function serveChecked(guard: Guard, request: ReadRequest<Message>, desk: Desk): Answer {
  const { asked, caller } = request;
  return passGuard(guard, desk.answers, request, (checked) => serve(asked, checked, desk, caller));
}

function serve(message: Message, context: LeanContext, desk: Desk, caller: Caller): Answer {
  const { answers, results } = desk;
  if (message.kind === 'refusal') return answers.refusal(message, context);
  if (message.kind === 'notification') return answers.empty(202, context);
  const { id, method } = message;
  if (method === 'server/discover') return answers.result(id, results.opening, context);
  return (
    answerTools(message, context, desk, caller) ??
    answers.refusal({ ...refusal(404, -32601, `Method not found: ${method}`), id }, context)
  );
}
