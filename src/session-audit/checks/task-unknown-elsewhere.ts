/** @module Check: a task that only the instance that made it knows. Source: MCP extension Tasks 2026-07-28, `tasks/get`. */

import { CAPABILITIES } from '../capabilities.ts';
import type { Check, CheckContext } from '../check.ts';
import { bothEnds, findingsElsewhere, flowsWith, type HandedOver, placeOf } from '../elsewhere.ts';
import type { Flow } from '../flow.ts';

/** The id of the task that the last call of the flow becomes. */
const taskOf = (flow: Flow, context: CheckContext): HandedOver<string> => ({
  async make(client, place) {
    const answer = (await context.run(flow, client, () => place)).at(-1)?.answer;
    const taskId = answer?.outcome === 'task' ? answer.result?.['taskId'] : undefined;
    return typeof taskId === 'string' ? taskId : undefined;
  },
  use: (taskId, client, place) =>
    client.ask({ method: 'tasks/get', name: taskId, params: { taskId }, capabilities: CAPABILITIES }, place),
});

export const taskUnknownElsewhere: Check = {
  name: 'task-unknown-elsewhere',
  title: 'A task is known only to the instance that made it',
  severity: 'bad',
  fix: 'keep tasks in a store that all instances share: tasks/get must find a task on each of them as soon as its id is given out (MCP extension Tasks)',
  nothingToAsk: 'no call became a task',
  notApplicable: ({ pinned, era }) => (era === 'sessions' ? 'other-era' : pinned ? undefined : 'not-pinned'),
  run: (context) =>
    findingsElsewhere(
      context,
      flowsWith(context, ({ answer }) => answer.outcome === 'task').map((flow) => ({
        subject: flow.tool,
        handed: taskOf(flow, context),
      })),
      (here, there) => `asked by tasks/get for a task of ${placeOf(here)}, ${bothEnds(here, there)}`,
    ),
};
