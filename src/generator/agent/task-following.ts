/** @module One task, followed by its agent from its creation to its end. Source: MCP Tasks, 2026-07-28. */
import type { OpenStream } from '../../driver/driver.ts';
import type { TaskSettings } from '../../profile/settings.ts';
import { readMessage } from '../../protocol/answer.ts';
import { type InputRules, inputAnswer } from '../../protocol/rounds/input-answer.ts';
import { isTerminal, type TaskView, taskInAnswer, taskInNotification } from '../../protocol/tasks.ts';
import type { FollowedEnd, TaskTally } from '../../recording/measure/tasks.ts';
import type { After, Cancel } from '../../units/clock.ts';
import type { Micros, Millis } from '../../units/time.ts';
import type { CallContext, CallEnd, Caller, OnEnd } from './caller.ts';
import { endOfTask, type TaskEnd } from './task-end.ts';
import type { FollowedTask, TaskLimit } from './task-limit.ts';
import type { TaskRequests } from './task-requests.ts';

/** What the tasks of an agent have in common. */
export interface FollowingOptions {
  readonly settings: TaskSettings;
  readonly requests: TaskRequests;
  readonly limit: TaskLimit;
  readonly tally: TaskTally;
  readonly now: () => Micros;
  readonly after: After;
  /** The time of day at a time of {@link now}. */
  readonly epochMsOf: (us: Micros) => Millis;
  /** What is answered when a task asks for input. */
  readonly rules: InputRules;
}

/** What one task has of its own. */
export interface NewTask {
  readonly task: TaskView;
  readonly context: CallContext;
  /** Whether the agent cancels it. */
  readonly cancels: boolean;
  /** Whether the end of the call has the JSON text of an answer with the result of the task. */
  readonly keepBody: boolean;
  readonly onEnd: OnEnd;
}

/** Where the server says nothing: as often as the official client, and never more often than that. */
const DEFAULT_INTERVAL_MS: Millis = 1000;
const SHORTEST_INTERVAL_MS: Millis = 10;

/** JSON-RPC "invalid params": the server knows no such task. */
const UNKNOWN = -32602;

/** Polls a task, or listens to what the server tells of it, answers what it asks for, and tells how its call has ended. */
export class TaskFollowing implements FollowedTask {
  readonly #next: Caller;
  readonly #options: FollowingOptions;
  readonly #created: CallEnd;
  readonly #new: NewTask;
  #task: TaskView;
  /** When the latest request was sent whose answer showed that the task had not ended. */
  #unendedUs: Micros;
  /** When its time is over at the latest. */
  readonly #overUs: Micros;
  readonly #answered = new Set<string>();
  #cancels: boolean;
  #timer: Cancel | undefined = undefined;
  #stream: OpenStream | undefined = undefined;
  /** Whether the server tells of the task. */
  #isTold = false;
  /** Whether the poll under way learns what happened before the server told of the task. */
  #catchesUp = false;
  #isOver = false;

  constructor(next: Caller, options: FollowingOptions, created: CallEnd, task: NewTask) {
    this.#next = next;
    this.#options = options;
    this.#created = created;
    this.#new = task;
    this.#task = task.task;
    this.#cancels = task.cancels;
    this.#unendedUs = created.sentUs;
    this.#overUs = created.doneUs + (task.task.ttlMs ?? Number.POSITIVE_INFINITY) * 1000;
  }

  begin(): void {
    const { tally, limit, settings } = this.#options;
    tally.created(this.#created.doneUs - this.#created.sentUs, this.#measured);
    limit.begun(this);
    if (isTerminal(this.#task.status)) this.#ask('get');
    else if (settings.via === 'listen' && !this.#cancels) this.#listen();
    else this.#wait();
  }

  giveUp(): void {
    if (this.#timer !== undefined) this.#finish({ outcome: 'aborted' }, 'unfinished');
  }

  get #measured(): boolean {
    return this.#new.context.measured;
  }

  /** Until the next poll; a task that the server tells of is only given up when its time is over. */
  #wait(): void {
    const { after, now, limit } = this.#options;
    const intervalMs = Math.max(SHORTEST_INTERVAL_MS, this.#task.pollIntervalMs ?? DEFAULT_INTERVAL_MS);
    const nowUs = now();
    const nextUs = this.#isTold ? Number.POSITIVE_INFINITY : nowUs + intervalMs * 1000;
    const wakeUs = Math.min(nextUs, this.#overUs, limit.untilUs);
    this.#timer?.();
    this.#timer = after(Math.min(Math.max(0, wakeUs - nowUs), LONGEST_TIMER), () => this.#woken(nextUs));
  }

  #woken(nextUs: Micros): void {
    const { now, limit } = this.#options;
    this.#timer = undefined;
    const nowUs = now();
    // A timer may end a little before its time.
    if (nowUs + 1000 >= this.#overUs) this.#finish({ outcome: 'timeout', detail: ORPHANED }, 'orphaned');
    else if (nowUs + 1000 >= limit.untilUs)
      this.#finish({ outcome: 'timeout', detail: UNFINISHED }, 'unfinished');
    else if (nowUs + 1000 < nextUs) this.#wait();
    else this.#ask(this.#cancels ? 'cancel' : 'get');
  }

  #ask(what: 'get' | 'cancel'): void {
    const { requests, tally } = this.#options;
    if (what === 'cancel') tally.cancel(this.#measured);
    const request = requests.about(`tasks/${what}`, this.#task.taskId, this.#new.context);
    const onAnswer = what === 'get' ? this.#onPoll : this.#onCancelled;
    this.#next.send(request, onAnswer, true);
  }

  readonly #onPoll = (end: CallEnd): void => {
    if (this.#isOver) return;
    const { tally } = this.#options;
    const catchesUp = this.#catchesUp;
    this.#catchesUp = false;
    const task = end.outcome === 'ok' ? taskInAnswer(end.body ?? '') : undefined;
    if (task === undefined || task.taskId !== this.#task.taskId) {
      tally.pollFailed(end.code === UNKNOWN, this.#measured);
      this.#failed(end);
      return;
    }
    const foundAsItWas = task.status === this.#task.status && !isTerminal(task.status);
    tally.poll(foundAsItWas && !catchesUp, this.#measured);
    this.#see(task, end);
  };

  readonly #onCancelled = (end: CallEnd): void => {
    if (this.#isOver) return;
    this.#cancels = false;
    if (end.outcome === 'ok') this.#finish({ outcome: 'ok' }, 'cancelled', end);
    else this.#failed(end);
  };

  /** A task that the server does not know is lost, if its time cannot have been over when it said so; anything else may pass. */
  #failed(end: CallEnd): void {
    const { outcome, detail, code } = end;
    if (outcome === 'aborted') this.#finish({ outcome }, 'unfinished', end);
    else if (code !== UNKNOWN) this.#wait();
    else {
      const keptUs = this.#created.sentUs + (this.#task.ttlMs ?? Number.POSITIVE_INFINITY) * 1000;
      const what = end.doneUs < keptUs ? 'lost' : 'orphaned';
      this.#finish({ outcome, code, ...(detail !== undefined && { detail }) }, what, end);
    }
  }

  /** `end`: of the poll; what the server tells comes without one. */
  #see(task: TaskView, end: CallEnd | undefined): void {
    const { tally, now, epochMsOf } = this.#options;
    this.#task = task;
    const seenUs = end?.doneUs ?? now();
    if (isTerminal(task.status)) {
      const reachedMs = task.lastUpdatedAtMs;
      const [fromMs, toMs] = [epochMsOf(this.#unendedUs), epochMsOf(seenUs)];
      // Outside of these times, the server's clock is another one than ours.
      const isKnown = reachedMs !== undefined && reachedMs >= fromMs - CLOCK_STEP_MS && reachedMs <= toMs;
      tally.detected(isKnown ? (toMs - reachedMs) * 1000 : undefined, this.#measured);
      const { how, what } = endOfTask(task);
      this.#finish(how, what, end);
      return;
    }
    if (end !== undefined) this.#unendedUs = end.sentUs;
    if (task.status === 'input_required') this.#answer(task);
    this.#wait();
  }

  /** Answers what has not been answered; what is asked under the same key again is the same question. */
  #answer({ taskId, inputRequests }: TaskView): void {
    const { requests, rules, tally } = this.#options;
    const responses: Record<string, unknown> = {};
    for (const [key, request] of Object.entries(inputRequests)) {
      const answer = this.#answered.has(key) ? undefined : inputAnswer(request, rules);
      if (answer !== undefined) responses[key] = answer;
    }
    const keys = Object.keys(responses);
    if (keys.length === 0) return;
    for (const key of keys) this.#answered.add(key);
    tally.update(this.#measured);
    const request = requests.about('tasks/update', taskId, this.#new.context, { inputResponses: responses });
    this.#next.send(request, ({ outcome }) => {
      // The question is still there, and answered again.
      if (outcome !== 'ok') for (const key of keys) this.#answered.delete(key);
    });
  }

  /** Holds a stream for the task. What happened before it was there is learnt by one poll, which is not wasted; without a stream, the agent polls. */
  #listen(): void {
    const { requests, tally } = this.#options;
    this.#stream = this.#next.listen(requests.listen(this.#task.taskId, this.#new.context), {
      onOpen: () => undefined,
      onMessage: (text) => {
        if (this.#isOver) return;
        const told = taskInNotification(text);
        if (told?.taskId === this.#task.taskId) {
          tally.notification(this.#measured);
          this.#see(told, undefined);
        } else if (!this.#isTold && isAcknowledged(text, this.#task.taskId)) {
          this.#isTold = true;
          this.#catchesUp = true;
          this.#ask('get');
        }
      },
      onEnd: () => this.#unheard(),
    });
    this.#wait();
  }

  /** The stream has ended, or was not opened. */
  #unheard(): void {
    if (this.#isOver) return;
    this.#isTold = false;
    this.#wait();
  }

  #finish(how: TaskEnd, end: FollowedEnd, last?: CallEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.();
    this.#stream?.close();
    const { tally, limit, now } = this.#options;
    limit.ended(this);
    const doneUs = last?.doneUs ?? now();
    const { sentUs, servedBy: firstServedBy } = this.#created;
    tally.ended(end, doneUs - sentUs, this.#measured);
    const { servedBy, serverTiming } = last ?? this.#created;
    const { result } = this.#task;
    this.#new.onEnd({
      ...this.#created,
      detail: undefined,
      code: undefined,
      // As a server answers that makes no task of the call.
      body: this.#new.keepBody && result !== undefined ? JSON.stringify({ result }) : undefined,
      ...how,
      doneUs,
      servedBy,
      firstServedBy,
      serverTiming,
    });
  }
}

/** A timer cannot be set for longer. */
const LONGEST_TIMER: Micros = 2 ** 31 * 1000 - 1000;
/** A server whose times have whole milliseconds may be earlier by one. */
const CLOCK_STEP_MS: Millis = 1;

const ORPHANED = 'the end of the task was not seen before its time was over';
const UNFINISHED = 'the task had not ended in time after the load';

/** Whether `text` says that the server will tell of the task. */
function isAcknowledged(text: string, taskId: string): boolean {
  const message = readMessage(text);
  if (typeof message === 'string' || message['method'] !== 'notifications/subscriptions/acknowledged')
    return false;
  const { notifications } = (message['params'] ?? {}) as {
    readonly notifications?: { readonly taskIds?: unknown };
  };
  const ids = notifications?.taskIds;
  return Array.isArray(ids) && ids.includes(taskId);
}
