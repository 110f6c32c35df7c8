/** @module What the tool behind a task does: work for a while, then ask for something or end. Any instance can do the next step. */

import type { JsonObject } from '../../protocol/json-object.ts';
import type { Millis } from '../../units/time.ts';

/** What is to be done, as plain data that is kept with the task. */
export interface TaskWork {
  /** How long it works before each {@link TaskSteps.next}. */
  readonly workMs: Millis;
  readonly [more: string]: unknown;
}

/** What comes after a stretch of work. */
export type Next =
  /** The user is asked, each request under a key that the task has not used before. */
  | { readonly kind: 'ask'; readonly requests: JsonObject }
  /** The tool has a result, which may say that it has failed. */
  | { readonly kind: 'completed'; readonly result: JsonObject }
  /** The call could not be carried out: a JSON-RPC error. */
  | { readonly kind: 'failed'; readonly code: number; readonly message: string };

/** The steps of a tool: a function of the work and of what the user has answered. */
export interface TaskSteps {
  next(work: TaskWork, answers: JsonObject): Next;
}

/** A result whose content is `text`. */
export function textResult(text: string, isError = false): JsonObject {
  return { content: [{ type: 'text', text }], ...(isError && { isError: true }) };
}
