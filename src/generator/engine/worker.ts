/** @module The thread in which a share of the load runs. Its parent is `thread.ts`. */
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { loadDriver } from '../../driver/drivers.ts';
import type { LookupLog } from '../../recording/lookup-log.ts';
import type { SentLog } from '../../recording/sent-log.ts';
import { startAlarmClock } from '../../units/alarm.ts';
import { type Clock, systemClock } from '../../units/clock.ts';
import { storeCompiled } from '../../units/code-cache.ts';
import type { PerSecond } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import { collectNow } from './collection.ts';
import type { LoadUpdate } from './load-update.ts';
import { type FromWorker, ratesOf, type ToWorker, type WorkerPlan } from './plan.ts';
import { takePrecedence } from './precedence.ts';
import { rehearseRecording } from './rehearsal.ts';
import { createShare, type Share } from './share.ts';
import { compileEarly } from './v8-flags.ts';

const PROGRESS_EVERY_MS = 250;

/** Up to this rate there is time to sleep between calls. */
const SLEEPS_UP_TO: PerSecond = 2000;

const port = parentPort!;
const post = (message: FromWorker, transferred: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transferred);

async function work(plan: WorkerPlan): Promise<void> {
  // Before the clock, whose thread gets the same priority.
  const checkPrecedence = hasTime(plan) ? takePrecedence() : undefined;
  const share = await createShare(plan, clockFor(plan), undefined, performance.timeOrigin);
  const start = listen(share);
  await share.prepare();
  collectNow('latest');
  post({ kind: 'ready' });
  const atEpochMs = await start;
  const compileAsUsual = compileEarly();
  const ticker = setInterval(() => {
    post({ kind: 'progress', ...share.progress() });
    checkPrecedence?.();
  }, PROGRESS_EVERY_MS);
  const result = await share.run((atEpochMs - performance.timeOrigin) * 1000).finally(compileAsUsual);
  clearInterval(ticker);
  post({ kind: 'progress', ...share.progress() });
  storeCompiled('run');
  post({ kind: 'done', ...result }, [...buffersOf(result.sent), ...lookupBuffersOf(result.lookups)]);
  port.close();
}

/**
 * Whether a thread sleeps between calls throughout its load. It gets a core as soon as it wakes up, before V8's helper threads, which compile its code for a long
 * time at low rates. One that sleeps at times only would take all time from them at the others.
 */
const hasTime = ({ load, workers }: WorkerPlan): boolean =>
  ratesOf(load.shape).highest / workers <= SLEEPS_UP_TO;

/** A thread that never sleeps has no use for an alarm. */
function clockFor({ load, workers }: WorkerPlan): Clock {
  return ratesOf(load.shape).lowest / workers > SLEEPS_UP_TO ? systemClock : startAlarmClock(workers);
}

/** Resolves on the message to start; the others may arrive at any time, also before the share is created. */
function listen(share: Share): Promise<number> {
  if (stopped) share.stop();
  for (const change of early) update(share, change);
  return new Promise((resolve) => {
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'start') resolve(message.atEpochMs);
      else if (message.kind === 'update') update(share, message.update);
      else if (message.kind === 'stop') share.stop();
    });
    listening = true;
  });
}

/** A token that is not legal ends the load. */
function update(share: Share, change: LoadUpdate): void {
  try {
    share.update(change);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  post({ kind: 'fault', problems: error.problems });
  port.close();
}

/** Moved to the parent, not copied. */
function buffersOf(log: SentLog | undefined): readonly ArrayBuffer[] {
  return log === undefined ? [] : [log.outcomes.buffer, log.instances.buffer];
}

function lookupBuffersOf(log: LookupLog | undefined): readonly ArrayBuffer[] {
  return log === undefined ? [] : [log.at10Us.buffer, log.agents.buffer, log.keys.buffer];
}

// Most loads use it. It is there, recording is rehearsed, and what both left is collected, when the plan comes, which takes longer.
void loadDriver('wire').then(() => {
  rehearseRecording();
  collectNow('all');
});

let stopped = false;
let listening = false;
/** Changes that arrived before the share was created. */
const early: LoadUpdate[] = [];

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') stopped = true;
  if (message.kind === 'update' && !listening) early.push(message.update);
  if (message.kind !== 'plan') return;
  work(message.plan).catch(report);
});
