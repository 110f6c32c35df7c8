/** @module One trial: starts, loads and stops the testbed, and summarises the recording. What follows the start of the testbed is loaded meanwhile. */
import { setImmediate } from 'node:timers/promises';
import { startThread, type Thread } from '../generator/engine/thread.ts';
import type { ReplayedCall } from '../generator/schedule/replay.ts';
import type { Settings } from '../profile/settings.ts';
import { partsOf } from '../testbed/parts.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import { startTestbed } from '../testbed/testbed.ts';
import type { DataFiles } from './data-files.ts';
import type { TrialHooks } from './load-trial.ts';
import { repetitionSeed, type Trial, type TrialResult } from './plan/plan.ts';

/** What all trials of an experiment share. */
interface TrialMeans extends TlsOptions {
  /** The files of the data, read when they are first needed. */
  readonly dataFiles: DataFiles;
}

/** In one the connection is made, in the next one the request is sent. */
const TURNS_TO_REQUEST = 2;

type NextSteps = { readonly thread: Thread } & typeof import('./load-trial.ts');

/** Runs `trial`. Throws a `UserError` when it cannot begin; later failures are recorded as data. Leaves no process behind. */
export async function runTrial(
  trial: Trial,
  seed: number,
  { dataFiles, ...tls }: TrialMeans,
  hooks: TrialHooks,
): Promise<TrialResult> {
  const { settings } = trial.variant;
  const loadSeed = repetitionSeed(seed, trial.index);
  const data = await dataFiles.rowsOf(settings);
  const replay = await replayOf(settings);
  const [testbed, { thread, loadPlan, inspectAndLoad }] = await Promise.all([
    startTestbed(partsOf(settings, loadSeed, tls), hooks),
    nextSteps(),
  ]);
  const plan = {
    ...loadPlan(settings, testbed, loadSeed, tls),
    ...(data.length > 0 && { data }),
    ...(replay && { replay }),
  };
  const loading = inspectAndLoad(trial, testbed, plan, { ...hooks, thread });
  const measured = await loading.finally(() => testbed.stop());
  // Loaded only now, so that the load begins sooner.
  const { summariseTrial } = await import('./summarise-trial.ts');
  return summariseTrial(trial, measured, plan.era);
}

/** The calls of a trace, for settings that replay one. */
async function replayOf(settings: Settings): Promise<readonly ReplayedCall[] | undefined> {
  if (settings.load.shape.kind !== 'replay') return undefined;
  return (await import('./replayed-trace.ts')).replayedCalls(settings);
}

/**
 * What follows the start of the testbed: its code, and a thread that loads code of its own; the thread ends with the process when there is
 * no load. Both would delay the first request to a target, which has been sent after these turns of the event loop if a connection takes
 * no longer than on this machine.
 */
async function nextSteps(): Promise<NextSteps> {
  for (let turn = 0; turn < TURNS_TO_REQUEST; turn += 1) await setImmediate();
  return { thread: startThread(), ...(await import('./load-trial.ts')) };
}
