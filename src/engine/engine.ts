/** @module A load over worker threads: one seeded schedule, dealt out by arrival index, merged without loss. */
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { mergeRecordings, type Recording } from '../recording/recording.ts';
import { compiledModule } from '../units/compiled.ts';
import { UserFault } from '../units/fault.ts';
import type { Millis } from '../units/time.ts';
import { type Health, worstOf } from './health.ts';
import type { Progress } from './loop.ts';
import type { FromWorker, LoadPlan, ToWorker, WorkerPlan } from './plan.ts';

/** Time between "all threads are ready" and the first due call, for the message to reach every thread. */
const LEAD_MS: Millis = 20;

/** What a load came to. */
export interface LoadResult {
  readonly recording: Recording;
  readonly health: Health;
  /** When the load began, warm-up included. */
  readonly startedAt: Date;
}

export interface LoadHooks {
  /** Counts over all threads, a few times a second. */
  onProgress?(progress: Progress): void;
  /** Ends the load early; what was measured is still returned. */
  readonly signal?: AbortSignal;
}

/** Runs `plan` on `workers` threads. Throws a `UserFault` when it cannot be run; a call that fails is data. */
export async function runLoad(plan: LoadPlan, workers: number, hooks: LoadHooks = {}): Promise<LoadResult> {
  const threads = Array.from({ length: workers }, (_, worker) => new Thread({ ...plan, worker, workers }));
  const report = (): void => hooks.onProgress?.(sum(threads.map((thread) => thread.progress)));
  for (const thread of threads) thread.onProgress = report;
  const stop = (): void => {
    for (const thread of threads) thread.tell({ kind: 'stop' });
  };
  hooks.signal?.addEventListener('abort', stop);
  if (hooks.signal?.aborted) stop();
  try {
    await Promise.all(threads.map((thread) => thread.ready));
    const atEpochMs = performance.timeOrigin + performance.now() + LEAD_MS;
    for (const thread of threads) thread.tell({ kind: 'start', atEpochMs });
    const results = await Promise.all(threads.map((thread) => thread.result));
    return {
      recording: mergeRecordings(results.map(({ recording }) => recording)),
      health: worstOf(results.map(({ health }) => health)),
      startedAt: new Date(atEpochMs),
    };
  } finally {
    hooks.signal?.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

function sum(parts: readonly Progress[]): Progress {
  return {
    due: parts.reduce((total, part) => total + part.due, 0),
    done: parts.reduce((total, part) => total + part.done, 0),
    failed: parts.reduce((total, part) => total + part.failed, 0),
  };
}

type Done = Extract<FromWorker, { kind: 'done' }>;

class Thread {
  readonly ready: Promise<void>;
  readonly result: Promise<Done>;
  progress: Progress = { due: 0, done: 0, failed: 0 };
  onProgress: () => void = () => undefined;
  readonly #worker: Worker;

  constructor(plan: WorkerPlan) {
    this.#worker = new Worker(compiledModule(import.meta.url, './worker'), { workerData: plan });
    this.ready = this.#answer('ready').then(() => undefined);
    this.result = this.#answer('done');
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'progress') this.#advance(message);
    });
    // Whoever does not wait for one of the two must not be told of its failure as an unhandled rejection.
    this.ready.catch(() => undefined);
    this.result.catch(() => undefined);
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** The thread's message of `kind`; fails when the thread reports a fault, crashes or ends before it. */
  #answer<Kind extends FromWorker['kind']>(kind: Kind): Promise<Extract<FromWorker, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === kind) resolve(message as Extract<FromWorker, { kind: Kind }>);
        else if (message.kind === 'fault') reject(new UserFault(message.faults));
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', (code) => reject(new Error(`a load thread ended early with code ${code}`)));
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #advance({ due, done, failed }: Progress): void {
    this.progress = { due, done, failed };
    this.onProgress();
  }
}
