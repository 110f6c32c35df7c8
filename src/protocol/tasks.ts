/** @module Tasks on the wire: names, and what a server says of one. Source: MCP Tasks (`io.modelcontextprotocol/tasks`), 2026-07-28. */
import type { Millis } from '../units/time.ts';
import { type Message, readMessage } from './answer.ts';
import { isObject, type JsonObject } from './json-object.ts';

/** The name of the extension. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** What a client declares that takes tasks, and a server that makes them. */
export const TASKS_CAPABILITY = { extensions: { [TASKS_EXTENSION]: {} } } as const;

const TASK_STATUSES = ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

const TERMINAL: ReadonlySet<TaskStatus> = new Set(['completed', 'failed', 'cancelled']);

/** Whether a task with `status` never changes again. */
export const isTerminal = (status: TaskStatus): boolean => TERMINAL.has(status);

/** The notification that tells of a task, without `notifications/`. */
export const TASKS_NOTIFICATION = 'tasks';

/** What a server says of a task: in place of a result, as the answer to `tasks/get`, or in a notification. */
export interface TaskView {
  readonly taskId: string;
  readonly status: TaskStatus;
  /** On the epoch; undefined where the server's text is no time. */
  readonly createdAtMs: Millis | undefined;
  readonly lastUpdatedAtMs: Millis | undefined;
  /** From its creation; undefined: it is kept for ever. */
  readonly ttlMs: Millis | undefined;
  readonly pollIntervalMs: Millis | undefined;
  /** Of a completed task: what the call would have been answered with; undefined for others. */
  readonly result: JsonObject | undefined;
  /** Of a failed task. */
  readonly errorCode: number | undefined;
  /** What the server asks for; empty when that is nothing. */
  readonly inputRequests: Message;
}

/** The task in the JSON text of an answer; undefined when there is none, or when it lacks what the extension requires. */
export function taskInAnswer(body: string): TaskView | undefined {
  const message = readMessage(body);
  return typeof message === 'string' ? undefined : taskIn(message['result']);
}

/** The task in the JSON text of a notification; undefined when it is none of a task. */
export function taskInNotification(text: string): TaskView | undefined {
  const message = readMessage(text);
  if (typeof message === 'string' || message['method'] !== `notifications/${TASKS_NOTIFICATION}`)
    return undefined;
  return taskIn(message['params']);
}

function taskIn(value: unknown): TaskView | undefined {
  if (!isObject(value)) return undefined;
  const { taskId, ttlMs, result, error, inputRequests } = value;
  const status = TASK_STATUSES.find((each) => each === value['status']);
  if (typeof taskId !== 'string' || status === undefined) return undefined;
  if (ttlMs !== null && typeof ttlMs !== 'number') return undefined;
  const { code } = isObject(error) ? error : {};
  return {
    taskId,
    status,
    createdAtMs: timeOf(value['createdAt']),
    lastUpdatedAtMs: timeOf(value['lastUpdatedAt']),
    ttlMs: ttlMs ?? undefined,
    pollIntervalMs: typeof value['pollIntervalMs'] === 'number' ? value['pollIntervalMs'] : undefined,
    result: status === 'completed' && isObject(result) ? result : undefined,
    errorCode: typeof code === 'number' ? code : undefined,
    inputRequests: isObject(inputRequests) ? inputRequests : {},
  };
}

/** A time of day as our servers write it: ISO 8601 with six digits of the second, where a `Date` has three. */
export function isoTime(atMs: Millis): string {
  const us = Math.round(atMs * 1000);
  const whole = Math.floor(us / 1000);
  return `${new Date(whole).toISOString().slice(0, -1)}${String(us - whole * 1000).padStart(3, '0')}Z`;
}

/** The time in an ISO 8601 text; undefined when it is none. `Date.parse` ignores all but three digits of the second. */
export function timeOf(text: unknown): Millis | undefined {
  if (typeof text !== 'string') return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const further = /\.\d{3}(\d+)/.exec(text)?.[1];
  return further === undefined ? ms : ms + Number(`0.${further}`);
}
