/** @module The key `tasks`: whether agents take tasks in place of results, and how they learn that one has ended. Source: MCP Tasks, 2026-07-28. */
import { namesOf, SERVERS, serverOf } from '../kinds.ts';
import { eraOf } from './endpoint.ts';
import { driverOf } from './load.ts';
import { variantSection } from './section.ts';
import {
  choice,
  isMapping,
  type Mapping,
  mapping,
  meanings,
  type RuleProblem,
  share,
  violationAt,
} from './values.ts';

const WAYS = {
  poll: {
    means:
      'by `tasks/get`, as often as the server says (`pollIntervalMs`; where it says nothing, every second)',
  },
  listen: {
    means:
      'by `notifications/tasks` on a stream `subscriptions/listen` for each task, after one `tasks/get`; by polling where a server of your own does not honour it. Not with `fleet.server` sdk, whose streams tell nothing of tasks',
  },
} as const;

/** How agents follow tasks. */
export interface TaskSettings {
  readonly via: keyof typeof WAYS;
  /** Share of the tasks that agents cancel in place of the first poll, 0 to 1. */
  readonly cancel: number;
}

export const tasks = variantSection({
  schema: mapping({
    via: choice(['poll', 'listen'])
      .default('poll')
      .describe(`How agents learn that a task has ended: ${meanings(WAYS)}.`),
    cancel: share().default(0).describe('Share of the tasks that agents cancel (`tasks/cancel`), 0 to 1.'),
  })
    .optional()
    .describe(
      'With this key, agents declare in every `tools/call` that they take tasks, and follow each task to its end: the call ends with the result of its task. Without it, a call that becomes a task has ended as `task`. Only in the era `stateless`.',
    ),
  rule(profile) {
    const { era, setBy } = eraOf(profile);
    const { tasks: given } = profile;
    if (!isMapping(given)) return [];
    const listens = given['via'] === 'listen';
    return [
      ...violationAt(['tasks'], era === 'sessions' ? withoutTasks(setBy) : undefined),
      ...violationAt(
        ['tasks', 'via'],
        listens && driverOf(profile) === 'autocannon' ? NO_LONG_STREAM : undefined,
      ),
      ...violationAt(['tasks', 'via'], listens && era !== 'sessions' ? untold(profile) : undefined),
    ];
  },
  docs: `
## Tasks

A server of the era \`stateless\` may answer a \`tools/call\` with a task (extension \`io.modelcontextprotocol/tasks\`). With the key \`tasks\`, agents declare
that they take tasks, and a call that becomes one ends with the result of its task: its response time spans all of it. An agent waits
\`pollIntervalMs\` after each answer, sends \`tasks/get\` to whatever instance the balancer chooses, answers \`input_required\` with the defaults of the forms
(\`tasks/update\`), and gives a task up when its time (\`ttlMs\`) is over. After the end of the load, tasks are followed for \`load.timeout\` at most.

A built-in server offers the tool \`slow_report\`, whose calls become tasks, with \`fleet.tasks\`. It keeps them as \`fleet.state.kind\` says: \`store\`, in the store that
all instances share; otherwise in the memory of the instance that created them, where no other instance finds them; with \`node-encoded\` the id names that
instance. A task changes after its id was handed out, so the kind \`signed\` is an error. The instance that creates a task works on it: when it is killed, the task stays \`working\` until its time is over.

\`\`\`yaml
calls: [{ tool: slow_report }]
tasks: { via: poll }
fleet:
  tasks: { work: { uniform: { min: 1s, max: 3s } }, ttl: 30s, pollInterval: 500ms }
  state: { kind: store }
\`\`\`

The report counts the tasks by their end, those that were lost (the server did not know them in their time) and those that never ended, the polls, and
the delay from the end of a task to the moment in which its agent knew of it. That delay needs a clock that the server shares: built-in servers date to
the microsecond. Of other servers \`lastUpdatedAt\` is taken where it lies between the sending of the last poll that found the task working and the
answer that shows its end; elsewhere the clocks differ, and the end is not counted.
`,
  complete: (given): { readonly tasks?: TaskSettings } => (given === undefined ? {} : { tasks: given }),
});

const withoutTasks = (setBy: string) => ({
  what: 'has no effect in the era sessions, whose tasks were another protocol',
  expected: `${setBy} stateless`,
  todo: 'leave tasks out; if other variants need it, set it in those',
});

/** What is wrong with listening to a built-in server that would tell nothing: every agent would poll. */
function untold({ fleet }: Mapping): RuleProblem | undefined {
  const server = isMapping(fleet) ? serverOf(fleet['server']) : undefined;
  if (server === undefined || SERVERS[server].tellsOfTasks !== 'no') return undefined;
  const others = namesOf(SERVERS).filter((name) => SERVERS[name].tellsOfTasks === 'yes');
  return {
    what: `needs streams that tell of tasks; those of fleet.server ${server} (the official SDK 2.x) tell of changed lists and resources only`,
    expected: `fleet.server ${others.join(' or ')}`,
    todo: 'set tasks.via poll, or use that server',
  };
}

const NO_LONG_STREAM = {
  what: 'needs a driver that holds streams open, which autocannon cannot',
  expected: 'load.driver wire or undici',
};
