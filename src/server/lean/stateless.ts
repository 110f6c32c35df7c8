/** @module The lean server of the stateless era: implements MCP 2026-07-28 with minimal work per request, so that the server is not the bottleneck. */
import { serveParent } from '../../process/serve.ts';
import { systemClock } from '../../units/clock.ts';
import type { InstanceInput } from '../instance.ts';
import type { Handler } from './connection.ts';
import { answerTools, createDesk } from './desk.ts';
import { diagnose } from './diagnostics.ts';
import { refusal } from './message.ts';
import { statelessResults } from './results.ts';
import { serveLean } from './serve.ts';
import { readStateless, STATELESS_METHODS } from './stateless-message.ts';

serveParent((input: InstanceInput) => serveLean(createHandler(input)));

function createHandler(input: InstanceInput): Handler {
  const desk = createDesk(input, {
    methods: STATELESS_METHODS,
    resultsOf: statelessResults,
    unlisted: diagnose,
  });
  const { answers, results } = desk;
  return {
    refuse: ({ status, message }) =>
      answers.refusal(refusal(status, -32600, message), { startedUs: systemClock.now(), readUs: 0 }),
    answer(head, body, startedUs, caller) {
      const message = readStateless(head, body);
      const context = { startedUs, readUs: systemClock.now() - startedUs };
      if (message.kind === 'refusal') return answers.refusal(message, context);
      if (message.kind === 'notification') return answers.empty(202, context);
      const { id, method } = message;
      if (method === 'server/discover') return answers.result(id, results.opening, context);
      return (
        answerTools(message, context, desk, caller) ??
        answers.refusal({ ...refusal(404, -32601, `Method not found: ${method}`), id }, context)
      );
    },
  };
}
