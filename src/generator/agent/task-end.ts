/** @module What the end of a task makes of the call that created it. */
import type { Outcome } from '../../protocol/outcome.ts';
import type { TaskView } from '../../protocol/tasks.ts';
import type { FollowedEnd } from '../../recording/measure/tasks.ts';

/** What happened to a call by the end of its task. */
export interface TaskEnd {
  readonly outcome: Outcome;
  readonly detail?: string;
  readonly code?: number;
}

/** How the call of a task has ended that has reached its end at the server, and as what it counts. */
export function endOfTask({ status, result, errorCode: code }: TaskView): {
  readonly how: TaskEnd;
  readonly what: FollowedEnd;
} {
  if (status === 'completed') {
    return result?.['isError'] === true
      ? { how: { outcome: 'tool-error', detail: 'the tool of the task has failed' }, what: 'toolErrors' }
      : { how: { outcome: 'ok' }, what: 'completed' };
  }
  if (status === 'failed') {
    const detail = `${code ?? ''} the task has failed`.trim();
    return { how: { outcome: 'rpc-error', detail, ...(code !== undefined && { code }) }, what: 'failed' };
  }
  return { how: { outcome: 'tool-error', detail: 'the server has cancelled the task' }, what: 'cancelled' };
}
