/** @module The load of a trial, from what the testbed offers to what was measured. */
import { declaredBy } from '../generator/agent/capabilities.ts';
import { type LoadResult, runLoad } from '../generator/engine/engine.ts';
import { isResident, type LoadPlan } from '../generator/engine/plan.ts';
import type { Progress } from '../generator/engine/progress.ts';
import type { Thread } from '../generator/engine/thread.ts';
import type { Settings } from '../profile/settings.ts';
import { isCacheable } from '../protocol/caching/methods.ts';
import type { Recording } from '../recording/recording.ts';
import { plannedChanges } from '../testbed/events/catalogue-timeline.ts';
import { createTimeline } from '../testbed/events/timeline.ts';
import type { Preparation } from '../testbed/preparation.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { systemClock } from '../units/clock.ts';
import { inspectBefore, NOT_INSPECTED } from './inspect-before.ts';
import type { Trial } from './plan/plan.ts';
import type { Measured } from './summarise-trial.ts';
import { trialChecks } from './trial-checks.ts';
import { workersFor } from './workers.ts';

export interface TrialHooks {
  onProgress?(progress: Progress): void;
  /** Is told how far the start of the testbed is with what takes long. */
  onPreparing?(preparation: Preparation): void;
  readonly signal?: AbortSignal;
  /** An existing folder to keep generated configuration and the output of processes in. Absent: neither is kept. */
  readonly keep?: string | undefined;
}

/** What the generator is to do. */
export function loadPlan(
  settings: Settings,
  { endpoint, credentials }: Testbed,
  seed: number,
  { tls }: TlsOptions,
): LoadPlan {
  const { url, era, headers, proxy, foreign, caFile } = endpoint;
  return {
    load: settings.load,
    calls: settings.calls,
    ...(settings.flows && { flows: settings.flows }),
    url,
    era,
    headers,
    seed,
    instanceHeader: settings.endpoint.instanceHeader,
    tls: caFile === undefined ? tls : { ...tls, caFile },
    ...(proxy !== undefined && { proxy }),
    ...(foreign && { foreign, cookies: settings.agents.cookies }),
    ...(settings.endpoint.kind === 'fleet' && settings.endpoint.state && { keepsState: true }),
    ...(settings.agents.answers && { answers: settings.agents.answers }),
    capabilities: declaredBy(settings.agents, settings.tasks),
    fine: settings.faults !== undefined || hasCacheable(settings),
    ...(credentials && { auth: credentials.auth }),
    ...(settings.tasks && { tasks: settings.tasks }),
    ...cacheOf(settings),
  };
}

/** Nothing, where no call of the mix has a result that can be kept. */
function cacheOf(settings: Settings): Pick<LoadPlan, 'cache'> {
  const { cache, catalogueEvents } = settings;
  if (!hasCacheable(settings)) return {};
  return { cache: { settings: cache, keepsLookupLog: true, changes: plannedChanges(catalogueEvents) } };
}

const hasCacheable = ({ calls }: Settings): boolean => calls.some(({ method }) => isCacheable(method));

interface LoadHooks extends TrialHooks {
  readonly thread: Thread;
}

/** Asks the server what it says of keeping its results, then loads it. */
export async function inspectAndLoad(
  trial: Trial,
  testbed: Testbed,
  plan: LoadPlan,
  hooks: LoadHooks,
): Promise<Measured> {
  const { inspection, notes } = trial.index === 0 ? await inspectBefore(plan) : NOT_INSPECTED;
  const measured = await load(testbed, trial.variant.settings, plan, hooks);
  return { ...measured, inspection, notes: [...notes, ...measured.notes] };
}

/** Loads the testbed and injects the faults of the settings during the load. */
async function load(
  testbed: Testbed,
  settings: Settings,
  plan: LoadPlan,
  hooks: LoadHooks,
): Promise<Measured> {
  const { faults = [] } = settings;
  const { controls } = testbed;
  const instances = testbed.instances.map(({ id }) => id);
  const timeline = createTimeline({ faults, seed: plan.seed, clock: systemClock, controls, instances });
  const checks = await trialChecks(testbed, settings, instances);
  const workers = workersFor(settings, isResident(plan));
  const loading = runLoad(plan, workers, {
    ...hooks,
    updates: checks,
    onStart(startUs) {
      const measureUs = startUs + settings.load.warmupUs;
      timeline.start(measureUs);
      checks.start(measureUs);
    },
  });
  // Also when the load fails, so that no event begins after it.
  await Promise.allSettled([loading.finally(() => timeline.end()), loading.finally(() => checks.end())]);
  const loaded = await loading;
  const measures = await checks.measures(loaded, plan);
  const injected = timeline.injected();
  const complete = !(hooks.signal?.aborted ?? false);
  const notes = [...testbed.notes(), ...injected.notes, ...checks.notes()];
  return { loaded: withMeasures(loaded, measures), workers, injected, notes, complete };
}

/** What was loaded, with counts that were not made by the generator. */
function withMeasures(loaded: LoadResult, measures: Recording['measures']): LoadResult {
  const { recording } = loaded;
  return { ...loaded, recording: { ...recording, measures: { ...recording.measures, ...measures } } };
}
