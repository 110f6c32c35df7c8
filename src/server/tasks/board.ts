/** @module The tasks of one instance, in a store that it may share with others: created, read, changed in one step, and worked on. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../protocol/json-object.ts';
import { isTerminal } from '../../protocol/tasks.ts';
import type { Store } from '../../state/store.ts';
import { type After, after, epochMs } from '../../units/clock.ts';
import type { Millis } from '../../units/time.ts';
import { changed, isOver, type TaskRecord } from './record.ts';
import type { TaskSteps, TaskWork } from './work.ts';

/** How long tasks are kept after their creation, and how often clients are to ask for them. */
export interface TaskTimes {
  readonly ttlMs: Millis;
  readonly pollIntervalMs: Millis;
}

export interface TaskBoardOptions extends TaskTimes {
  readonly store: () => Promise<Store>;
  /** What stands before the random part of every id: with it, an id names the instance that created it. */
  readonly prefix?: string;
  /** What does the work of each tool. */
  readonly steps: ReadonlyMap<string, TaskSteps>;
  /** The time of day; @default that of the machine */
  readonly now?: () => Millis;
  readonly after?: After;
}

/** A store keeps a task longer than its time, so that it is never lost before, whatever its clock says. */
const SLACK_MS: Millis = 1000;
/** How often the end of a task is written again while the store cannot be reached. */
const AGAIN_MS: Millis = 100;
/** How often a task that is watched is read, because another instance may have changed it. */
const WATCH_MS: Millis = 20;

type Watcher = (record: TaskRecord) => void;
type Change = (record: TaskRecord, nowMs: Millis) => TaskRecord | undefined;

/**
 * Creates tasks and goes on with them. The instance that creates a task does its work until it ends or asks for something; the instance
 * that gets the answer goes on. A task whose instance has died stays as it is until its time is over.
 */
export class TaskBoard {
  readonly #options: TaskBoardOptions;
  readonly #now: () => Millis;
  readonly #after: After;
  #store: Promise<Store> | undefined = undefined;
  readonly #watchers = new Map<string, Set<Watcher>>();

  constructor(options: TaskBoardOptions) {
    this.#options = options;
    this.#now = options.now ?? epochMs;
    this.#after = options.after ?? after;
  }

  /** A new task, which is in the store, and whose work has begun. Rejects when the store cannot be reached. */
  async create(
    tool: string,
    work: TaskWork,
    owner: string,
    times: Partial<TaskTimes> = {},
  ): Promise<TaskRecord> {
    const { prefix = '', ttlMs, pollIntervalMs } = this.#options;
    const nowMs = this.#time();
    const record: TaskRecord = {
      taskId: `${prefix}${randomUUID()}`,
      owner,
      tool,
      work,
      status: 'working',
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      ttlMs,
      pollIntervalMs,
      ...times,
      asked: {},
      answers: {},
    };
    const store = await this.#open();
    await store.set(keyOf(record.taskId), JSON.stringify(record), record.ttlMs + SLACK_MS);
    this.#work(record);
    return record;
  }

  /** The task; undefined when there is none, its time is over, or it is somebody else's. */
  async get(taskId: string, owner: string): Promise<TaskRecord | undefined> {
    return (await this.#read(taskId, owner))?.record;
  }

  /**
   * Gives a task what it has asked for; keys that it has not asked for, or that are answered, are ignored. Once it has been given
   * everything it goes on. Resolves with whether there is such a task.
   */
  async update(taskId: string, owner: string, responses: JsonObject): Promise<boolean> {
    let goesOn: TaskRecord | undefined;
    const known = await this.#change(taskId, owner, (record, nowMs) => {
      goesOn = undefined;
      const given = Object.keys(record.asked).filter((key) => Object.hasOwn(responses, key));
      if (record.status !== 'input_required' || given.length === 0) return undefined;
      const asked = Object.fromEntries(Object.entries(record.asked).filter(([key]) => !given.includes(key)));
      const answers = { ...record.answers, ...Object.fromEntries(given.map((key) => [key, responses[key]])) };
      const isAnswered = Object.keys(asked).length === 0;
      const next = changed(record, { asked, answers, ...(isAnswered && { status: 'working' }) }, nowMs);
      if (isAnswered) goesOn = next;
      return next;
    });
    if (goesOn !== undefined) this.#work(goesOn);
    return known;
  }

  /** Cancels a task that has not ended. Resolves with whether there is such a task. */
  cancel(taskId: string, owner: string): Promise<boolean> {
    return this.#change(taskId, owner, (record, nowMs) =>
      changed(record, { status: 'cancelled', asked: {} }, nowMs),
    );
  }

  /** Tells `watcher` of every change of a task from now on, also of those that other instances make. Returns what ends that. */
  watch(record: TaskRecord, watcher: Watcher): () => void {
    const { taskId, owner } = record;
    let seenMs = record.updatedAtMs;
    let ended = false;
    const tell: Watcher = (next) => {
      if (ended || next.updatedAtMs <= seenMs) return;
      seenMs = next.updatedAtMs;
      watcher(next);
    };
    const look = (): void => {
      if (ended) return;
      void this.get(taskId, owner)
        .then((next) => next && tell(next))
        // The next look may find the store again.
        .catch(() => undefined)
        .finally(() => this.#after(WATCH_MS * 1000, look));
    };
    const all = this.#watchers.get(taskId) ?? new Set();
    this.#watchers.set(taskId, all.add(tell));
    this.#after(WATCH_MS * 1000, look);
    return () => {
      ended = true;
      all.delete(tell);
      if (all.size === 0) this.#watchers.delete(taskId);
    };
  }

  /** Whole microseconds, as the wire has them. */
  #time(): Millis {
    return Math.round(this.#now() * 1000) / 1000;
  }

  #open(): Promise<Store> {
    this.#store ??= this.#options.store();
    return this.#store;
  }

  async #read(
    taskId: string,
    owner: string,
  ): Promise<{ readonly text: string; readonly record: TaskRecord } | undefined> {
    const text = await (await this.#open()).get(keyOf(taskId));
    if (text === undefined) return undefined;
    const record = JSON.parse(text) as TaskRecord;
    return record.owner === owner && !isOver(record, this.#now()) ? { text, record } : undefined;
  }

  /** Replaces a task by what `change` makes of it; undefined: nothing is to be changed. Begins again where another instance was faster. */
  async #change(taskId: string, owner: string, change: Change): Promise<boolean> {
    const store = await this.#open();
    for (;;) {
      const read = await this.#read(taskId, owner);
      if (read === undefined) return false;
      const nowMs = this.#time();
      const next = change(read.record, nowMs);
      if (next === undefined) return true;
      const left = next.createdAtMs + next.ttlMs - nowMs;
      if (await store.replace(keyOf(taskId), read.text, JSON.stringify(next), left + SLACK_MS)) {
        for (const watcher of this.#watchers.get(taskId) ?? []) watcher(next);
        return true;
      }
    }
  }

  #work(record: TaskRecord): void {
    this.#after(record.work.workMs * 1000, () => void this.#step(record));
  }

  /** Ends the task or asks for something, unless it has been cancelled meanwhile. */
  async #step(task: TaskRecord): Promise<void> {
    const { taskId, owner, tool, work, answers } = task;
    const next = this.#options.steps.get(tool)!.next(work, answers);
    try {
      await this.#change(taskId, owner, (record, nowMs) => {
        if (isTerminal(record.status)) return undefined;
        if (next.kind === 'ask')
          return changed(record, { status: 'input_required', asked: next.requests }, nowMs);
        const { kind, ...end } = next;
        return changed(record, { status: kind, end: next.kind === 'completed' ? next.result : end }, nowMs);
      });
    } catch {
      // Without its store the task cannot end; it is as late as that.
      this.#after(AGAIN_MS * 1000, () => void this.#step(task));
    }
  }
}

const keyOf = (taskId: string): string => `task:${taskId}`;
