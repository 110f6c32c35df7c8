/** @module Runs a load on worker threads: one seeded schedule, distributed by arrival index, and recordings merged without loss. */
import { performance } from 'node:perf_hooks';
import { type LookupLog, mergeLookupLogs } from '../../recording/lookup-log.ts';
import { mergeRecordings, type Recording } from '../../recording/recording.ts';
import { mergeSentLogs, type SentLog } from '../../recording/sent-log.ts';
import type { Micros, Millis } from '../../units/time.ts';
import { type Health, worstOf } from './health.ts';
import type { LoadUpdate } from './load-update.ts';
import type { LoadPlan } from './plan.ts';
import { type Progress, sumOf } from './progress.ts';
import { startThread, type Thread } from './thread.ts';

/** Time between "all threads are ready" and the first due call, for the message to reach every thread. */
const LEAD_MS: Millis = 10;

/** The result of a load. */
export interface LoadResult {
  readonly recording: Recording;
  readonly health: Health;
  /** The most connections that the pools of all threads had at the same time. */
  readonly connections: number;
  /** What became of each call, warm-up included; present when the plan asks for it. */
  readonly sent?: SentLog;
  /** The calls whose results can be kept, warm-up included; present when the plan asks for it. */
  readonly lookups?: LookupLog;
  /** When the load began, warm-up included. */
  readonly startedAt: Date;
}

export interface LoadHooks {
  /** Counts over all threads, a few times a second. */
  onProgress?(progress: Progress): void;
  /** Called when every thread is ready: the load begins at `startUs` on the system's clock, warm-up included. */
  onStart?(startUs: Micros): void;
  /** Ends the load early; what was measured is still returned. */
  readonly signal?: AbortSignal;
  /** Passes on what changes of the credentials that the plan has, and of the catalogue. */
  readonly updates?: { subscribe(listener: (update: LoadUpdate) => void): void } | undefined;
  /** A thread that was started in advance, during other preparations. */
  readonly thread?: Thread | undefined;
}

/** Runs `plan` on `workers` threads. Throws a `UserError` when it cannot be run; a call that fails is data. */
export async function runLoad(plan: LoadPlan, workers: number, hooks: LoadHooks = {}): Promise<LoadResult> {
  const threads = Array.from(
    { length: workers },
    (_, worker) => (worker === 0 && hooks.thread) || startThread(),
  );
  for (const [worker, thread] of threads.entries()) thread.assign({ ...plan, worker, workers });
  const report = (): void => hooks.onProgress?.(sumOf(threads.map((thread) => thread.progress)));
  for (const thread of threads) thread.onProgress = report;
  const stop = (): void => {
    for (const thread of threads) thread.post({ kind: 'stop' });
  };
  hooks.signal?.addEventListener('abort', stop);
  if (hooks.signal?.aborted) stop();
  let over = false;
  hooks.updates?.subscribe((update) => {
    if (!over) for (const thread of threads) thread.post({ kind: 'update', update });
  });
  try {
    await Promise.all(threads.map((thread) => thread.ready));
    const atEpochMs = performance.timeOrigin + performance.now() + LEAD_MS;
    for (const thread of threads) thread.post({ kind: 'start', atEpochMs });
    hooks.onStart?.((atEpochMs - performance.timeOrigin) * 1000);
    const results = await Promise.all(threads.map((thread) => thread.result));
    const logs = results.flatMap(({ sent }) => sent ?? []);
    const lookups = results.flatMap((result) => result.lookups ?? []);
    return {
      recording: mergeRecordings(results.map(({ recording }) => recording)),
      health: worstOf(results.map(({ health }) => health)),
      connections: results.reduce((total, result) => total + result.connections, 0),
      ...(logs.length > 0 && { sent: mergeSentLogs(logs) }),
      ...(lookups.length > 0 && { lookups: mergeLookupLogs(lookups) }),
      startedAt: new Date(atEpochMs),
    };
  } finally {
    over = true;
    hooks.signal?.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.end()));
  }
}
