/** @module One trial: fleet up, load, fleet down. */
import { runLoad } from '../engine/engine.ts';
import type { Progress } from '../engine/loop.ts';
import type { LoadPlan } from '../engine/plan.ts';
import type { Era } from '../profile/settings.ts';
import { type Recording, withInstances } from '../recording/recording.ts';
import type { Repetition } from '../result/document.ts';
import { summarise } from '../summary/summarise.ts';
import { generatorNotes, judgeGenerator } from './generator.ts';
import { repetitionSeed, type Trial } from './plan.ts';
import { raiseRig, type Wire } from './rig.ts';
import { workersFor } from './workers.ts';

export interface TrialHooks {
  onProgress?(progress: Progress): void;
  readonly signal?: AbortSignal;
}

/** What a trial came to. */
export interface TrialResult {
  readonly repetition: Repetition;
  /** The raw counts, for the variant's summary over repetitions. */
  readonly recording: Recording;
  readonly era: Era;
}

/** Runs `trial`. Throws a `UserFault` when it cannot begin; what happens after that is data. Leaves no process behind. */
export async function runTrial(
  trial: Trial,
  seed: number,
  wire: Wire,
  hooks: TrialHooks,
): Promise<TrialResult> {
  const { settings } = trial.variant;
  const loadSeed = repetitionSeed(seed, trial.index);
  const rig = await raiseRig(settings, loadSeed, wire, hooks.signal);
  try {
    const { url, era, headers } = rig;
    const { instanceHeader } = settings.endpoint;
    const plan: LoadPlan = {
      load: settings.load,
      calls: settings.calls,
      url,
      era,
      headers,
      seed: loadSeed,
      instanceHeader,
      tls: wire.tls,
    };
    const workers = workersFor(settings, era);
    const { recording: recorded, health, startedAt } = await runLoad(plan, workers, hooks);
    // An instance that answered nothing is part of the balance too.
    const recording = withInstances(
      recorded,
      rig.instances.map(({ id }) => id),
    );
    const summary = summarise(recording);
    const generator = judgeGenerator(summary, health, settings.load, workers);
    const complete = !(hooks.signal?.aborted ?? false);
    const { index, order } = trial;
    const repetition = {
      index,
      order,
      startedAt: startedAt.toISOString(),
      complete,
      ...summary,
      generator,
      notes: [...rig.notes, ...generatorNotes(summary, health, settings.load)],
    };
    return { repetition, recording, era };
  } finally {
    await rig.stop();
  }
}
