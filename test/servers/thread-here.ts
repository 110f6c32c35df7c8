/** @module A load thread in the process of the test: a real one takes longer to start than these loads last. */
import { performance } from 'node:perf_hooks';
import type { FromWorker, ToWorker, WorkerPlan } from '../../src/generator/engine/plan.ts';
import { NO_PROGRESS, type Progress } from '../../src/generator/engine/progress.ts';
import { createShare, type Share } from '../../src/generator/engine/share.ts';
import { systemClock } from '../../src/units/clock.ts';

type Done = Extract<FromWorker, { kind: 'done' }>;

class ThreadHere {
  readonly ready: Promise<void>;
  readonly result: Promise<Done>;
  readonly progress: Progress = NO_PROGRESS;
  onProgress: () => void = () => undefined;
  readonly #share: Promise<Share>;
  #assign: (plan: WorkerPlan) => void = () => undefined;
  #start: (atEpochMs: number) => void = () => undefined;

  constructor() {
    const plan = new Promise<WorkerPlan>((resolve) => {
      this.#assign = resolve;
    });
    const start = new Promise<number>((resolve) => {
      this.#start = resolve;
    });
    this.#share = plan.then((given) => createShare(given, systemClock, undefined, performance.timeOrigin));
    this.ready = this.#share.then((share) => share.prepare());
    this.result = this.#run(start);
    // A caller may wait for one of the two only.
    this.ready.catch(() => undefined);
    this.result.catch(() => undefined);
  }

  /** What is told is cloned, as between threads. */
  assign(plan: WorkerPlan): void {
    this.#assign(structuredClone(plan));
  }

  post(message: ToWorker): void {
    if (message.kind === 'start') this.#start(message.atEpochMs);
    else if (message.kind === 'update') void this.#share.then((share) => share.update(message.update));
    else if (message.kind === 'stop') void this.#share.then((share) => share.stop());
  }

  async end(): Promise<void> {
    // It ends with the load.
  }

  async #run(start: Promise<number>): Promise<Done> {
    const share = await this.#share;
    await this.ready;
    const result = await share.run(((await start) - performance.timeOrigin) * 1000);
    return { kind: 'done', ...structuredClone(result) };
  }
}

export const startThread = (): ThreadHere => new ThreadHere();
