/** @module A worker thread that makes a share of a load, seen from the main thread. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compiledModule } from '../../units/compiled.ts';
import { UserError } from '../../units/user-error.ts';
import type { FromWorker, ToWorker, WorkerPlan } from './plan.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import { tuneV8 } from './v8-flags.ts';

/** A thread that nobody has asked for yet. */
let ahead: Thread | undefined;

/**
 * Starts a thread for the next {@link startThread}, so that it loads its code while this one does something else. Without a second core
 * it has no effect. A thread that is not needed ends with the process.
 */
export function startThreadAhead(): void {
  if (availableParallelism() > 1) ahead ??= startThread();
}

/** Starts a thread that loads its code and waits for a plan. */
export function startThread(): Thread {
  const started = ahead;
  ahead = undefined;
  if (started !== undefined) return started;
  tuneV8();
  return new Thread();
}

type Done = Extract<FromWorker, { kind: 'done' }>;

/** A thread and the messages received from it. It does not keep the process alive until it has been given work. */
export class Thread {
  readonly ready: Promise<void>;
  readonly result: Promise<Done>;
  progress: Progress = NO_PROGRESS;
  onProgress: () => void = () => undefined;
  readonly #worker: Worker;

  constructor() {
    this.#worker = new Worker(compiledModule(import.meta.url, './worker'));
    this.ready = this.#answer('ready').then(() => undefined);
    this.result = this.#answer('done');
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'progress') this.#advance(message);
    });
    // A caller may wait for one of the two only: the failure of the other must not become an unhandled rejection.
    this.ready.catch(() => undefined);
    this.result.catch(() => undefined);
    // After the listeners: each of them would hold the process again.
    this.#worker.unref();
  }

  /** Gives the thread its share of a load; the thread prepares it and then reports that it is ready. */
  assign(plan: WorkerPlan): void {
    this.#worker.ref();
    this.post({ kind: 'plan', plan });
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** The thread's message of `kind`; fails when the thread reports a fault, crashes or ends before it. */
  #answer<Kind extends FromWorker['kind']>(kind: Kind): Promise<Extract<FromWorker, { kind: Kind }>> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.kind === kind) resolve(message as Extract<FromWorker, { kind: Kind }>);
        else if (message.kind === 'fault') reject(new UserError(message.problems));
      });
      this.#worker.on('error', reject);
      this.#worker.on('exit', (code) => reject(new Error(`a load thread ended early with code ${code}`)));
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #advance(progress: Progress): void {
    this.progress = progress;
    this.onProgress();
  }
}
