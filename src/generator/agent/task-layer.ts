/** @module The layer that follows tasks: a call that becomes one ends with the result of its task. Source: MCP Tasks, 2026-07-28. */
import type { TaskSettings } from '../../profile/settings.ts';
import { taskInAnswer } from '../../protocol/tasks.ts';
import type { TaskTally } from '../../recording/measure/tasks.ts';
import { randomAt } from '../../units/random.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';
import { type FollowingOptions, TaskFollowing } from './task-following.ts';

export interface TaskLayerOptions extends FollowingOptions {
  readonly settings: TaskSettings;
  readonly tally: TaskTally;
  readonly seed: number;
}

/** Above the layers that every request of an agent passes, because the requests about a task do as well. */
export function taskLayer(options: TaskLayerOptions): Layer {
  return (next) => new TaskCaller(next, options);
}

class TaskCaller extends PassingCaller {
  readonly #options: TaskLayerOptions;

  constructor(next: Caller, options: TaskLayerOptions) {
    super(next);
    this.#options = options;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody = false, onMessage?: OnMessage): void {
    if (request.operation.method !== 'tools/call') {
      this.next.send(request, onEnd, keepBody, onMessage);
      return;
    }
    const { context, arrival } = request;
    const seq = arrival?.seq ?? 0;
    const onAnswer = (end: CallEnd): void => {
      const { tally, settings, seed } = this.#options;
      if (end.outcome !== 'task') {
        if (end.outcome === 'ok') tally.immediate(context.measured);
        onEnd(end);
        return;
      }
      const task = taskInAnswer(end.body ?? '');
      if (task === undefined) {
        onEnd({ ...end, outcome: 'malformed', detail: 'a task without an id, a status or a ttlMs' });
        return;
      }
      const cancels = settings.cancel > 0 && randomAt(seed, 'cancel', seq).next() < settings.cancel;
      // An end is valid until it is told; the task goes on.
      const following = new TaskFollowing(
        this.next,
        this.#options,
        { ...end },
        { task, context, cancels, keepBody, onEnd },
      );
      following.begin();
    };
    this.next.send(request, onAnswer, true, onMessage);
  }
}
