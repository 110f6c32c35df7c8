/** @module A task as it lies in a store, and what is said of it on the wire. Source: MCP Tasks, 2026-07-28. */

import type { JsonObject } from '../../protocol/json-object.ts';
import { isoTime, isTerminal, type TaskStatus } from '../../protocol/tasks.ts';
import type { Millis } from '../../units/time.ts';
import type { TaskWork } from './work.ts';

/** A task. Every instance that can read it can serve it, and go on with its work. */
export interface TaskRecord {
  readonly taskId: string;
  /** Who created it: nobody else is told that it exists. */
  readonly owner: string;
  /** The tool that goes on with it. */
  readonly tool: string;
  readonly work: TaskWork;
  readonly status: TaskStatus;
  /** On the epoch, in whole microseconds. */
  readonly createdAtMs: Millis;
  readonly updatedAtMs: Millis;
  readonly ttlMs: Millis;
  readonly pollIntervalMs: Millis;
  /** What it has asked for and not been given. */
  readonly asked: JsonObject;
  /** What it has been given, by the key that it was asked for under. */
  readonly answers: JsonObject;
  /** Of a completed task its `result`, of a failed one its `error`. */
  readonly end?: JsonObject;
}

/** Whether the time of `record` is over at `nowMs`. */
export const isOver = ({ createdAtMs, ttlMs }: TaskRecord, nowMs: Millis): boolean =>
  nowMs > createdAtMs + ttlMs;

/** `record` with `changes` made at `nowMs`; undefined once its status is terminal, which never changes. */
export function changed(
  record: TaskRecord,
  changes: Partial<Pick<TaskRecord, 'status' | 'asked' | 'answers' | 'end'>>,
  nowMs: Millis,
): TaskRecord | undefined {
  return isTerminal(record.status) ? undefined : { ...record, ...changes, updatedAtMs: nowMs };
}

/** The members that every shape of a task has. */
export function taskMembers({
  taskId,
  status,
  createdAtMs,
  updatedAtMs,
  ttlMs,
  pollIntervalMs,
}: TaskRecord): JsonObject {
  return {
    taskId,
    status,
    createdAt: isoTime(createdAtMs),
    lastUpdatedAt: isoTime(updatedAtMs),
    ttlMs,
    pollIntervalMs,
  };
}

/** The members of the answer to `tasks/get`, and of a notification. */
export function detailMembers(record: TaskRecord): JsonObject {
  const { status, asked, end } = record;
  return {
    ...taskMembers(record),
    ...(status === 'input_required' && { inputRequests: asked }),
    // The extension does not say whether this is needed; its official client takes no result without it.
    ...(status === 'completed' && { result: { resultType: 'complete', ...end } }),
    ...(status === 'failed' && { error: end, statusMessage: end?.['message'] }),
  };
}
