/** @module The requests about a task. Source: MCP Tasks, 2026-07-28. */
import { LISTEN } from '../../protocol/caching/subscriptions.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { type InputRules, inputCapabilities } from '../../protocol/rounds/input-answer.ts';
import { statelessEncoder } from '../../protocol/stateless.ts';
import { TASKS_CAPABILITY } from '../../protocol/tasks.ts';
import type { CallContext } from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';

/** What agents answer when a task asks for input: forms by their defaults, and visits. */
export const TASK_ANSWERS: InputRules = { kinds: ['form', 'url'], roots: [], text: '' };

/** What agents that take tasks declare: the extension, and what they answer. */
export const TASK_CAPABILITIES = {
  ...inputCapabilities(TASK_ANSWERS.kinds),
  ...TASKS_CAPABILITY,
} as const;

/** What the requests of all agents have in common. */
export interface TaskRequestOptions {
  /** The user's, sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What agents declare that they can do. */
  readonly capabilities: JsonObject;
}

/** Makes the requests about the tasks of one agent. */
export class TaskRequests {
  readonly #options: TaskRequestOptions;
  readonly #ids: OwnIds;

  constructor(options: TaskRequestOptions, ids: OwnIds) {
    this.#options = options;
    this.#ids = ids;
  }

  /** `more`: the params beside the id. */
  about(
    method: `tasks/${'get' | 'update' | 'cancel'}`,
    taskId: string,
    context: CallContext,
    more: JsonObject = {},
  ): OwnRequest {
    return this.#request({ method, name: taskId, params: { taskId, ...more } }, context);
  }

  /** A stream on which the server tells of the task. */
  listen(taskId: string, context: CallContext): OwnRequest {
    return this.#request({ method: LISTEN, params: { notifications: { taskIds: [taskId] } } }, context);
  }

  #request(plain: Parameters<typeof statelessEncoder>[0], context: CallContext): OwnRequest {
    const { headers, capabilities } = this.#options;
    const encode = statelessEncoder(plain, headers, capabilities);
    const { method, name } = plain;
    return new OwnRequest({ method, name }, context, (fields) => encode(this.#ids.next(), fields));
  }
}
