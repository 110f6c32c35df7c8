/** @module The thread in which a share of the load runs. Its parent is `engine.ts`. */
import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../units/clock.ts';
import { UserFault } from '../units/fault.ts';
import type { FromWorker, ToWorker, WorkerPlan } from './plan.ts';
import { createShare, type Share } from './share.ts';

const PROGRESS_EVERY_MS = 250;

const say = (message: FromWorker): void => parentPort!.postMessage(message);

async function main(): Promise<void> {
  const share = createShare(workerData as WorkerPlan, systemClock);
  const start = listen(share);
  await share.prepare();
  say({ kind: 'ready' });
  const atEpochMs = await start;
  const ticker = setInterval(() => say({ kind: 'progress', ...share.progress() }), PROGRESS_EVERY_MS);
  const result = await share.run((atEpochMs - performance.timeOrigin) * 1000);
  clearInterval(ticker);
  say({ kind: 'progress', ...share.progress() });
  say({ kind: 'done', ...result });
  parentPort!.close();
}

function listen(share: Share): Promise<number> {
  return new Promise((resolve) => {
    parentPort!.on('message', (message: ToWorker) => {
      if (message.kind === 'start') resolve(message.atEpochMs);
      else share.stop();
    });
  });
}

main().catch((error: unknown) => {
  if (!(error instanceof UserFault)) throw error;
  say({ kind: 'fault', faults: error.faults });
  parentPort!.close();
});
