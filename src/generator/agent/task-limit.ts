/** @module Until when agents follow tasks: beyond the end of the load they do so for a bounded time. */
import type { Micros } from '../../units/time.ts';

/** A task that an agent follows. */
export interface FollowedTask {
  /** The run has been stopped: nobody waits for the task any more. */
  giveUp(): void;
}

/** One for all agents of a worker. */
export class TaskLimit {
  /** No task is followed beyond this time. */
  untilUs: Micros = Number.POSITIVE_INFINITY;
  readonly #followed = new Set<FollowedTask>();

  begun(task: FollowedTask): void {
    this.#followed.add(task);
  }

  ended(task: FollowedTask): void {
    this.#followed.delete(task);
  }

  /** Gives up every task. */
  stop(): void {
    this.untilUs = Number.NEGATIVE_INFINITY;
    for (const task of this.#followed) task.giveUp();
  }
}
