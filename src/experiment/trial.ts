/** @module One trial: fleet up, load, fleet down. */
import { runLoad } from '../generator/engine/engine.ts';
import type { Progress } from '../generator/engine/loop.ts';
import type { LoadPlan } from '../generator/engine/plan.ts';
import { startThread, type Thread } from '../generator/engine/thread.ts';
import type { Settings } from '../profile/settings.ts';
import { withInstances } from '../recording/recording.ts';
import { faultEffects } from '../result/summary/fault-effects.ts';
import { summarise } from '../result/summary/summarise.ts';
import type { FaultEvent } from '../testbed/events/event.ts';
import { type FaultTimeline, playFaults } from '../testbed/events/timeline.ts';
import { type Rig, raiseRig, type TlsOptions } from '../testbed/testbed.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { judgeGenerator } from './generator.ts';
import { repetitionSeed, type Trial, type TrialResult } from './plan/plan.ts';
import { workersFor } from './workers.ts';

export interface TrialHooks {
  onProgress?(progress: Progress): void;
  readonly signal?: AbortSignal;
  /** A thread that was started ahead. */
  readonly thread?: Thread | undefined;
}

/** Runs `trial`. Throws a `UserError` when it cannot begin; what happens after that is data. Leaves no process behind. */
export async function runTrial(
  trial: Trial,
  seed: number,
  wire: TlsOptions,
  hooks: TrialHooks,
): Promise<TrialResult> {
  const { settings } = trial.variant;
  const loadSeed = repetitionSeed(seed, trial.index);
  // Loads its code while the fleet comes up; ends with the process when the fleet does not.
  const thread = hooks.thread ?? startThread();
  const rig = await raiseRig(settings, loadSeed, wire, hooks.signal);
  const faults = faultPlayer(settings, loadSeed, rig);
  try {
    const { url, era, headers, proxy } = rig;
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
      ...(proxy !== undefined && { proxy }),
      fine: settings.faults !== undefined,
    };
    const workers = workersFor(settings, era);
    const loaded = await runLoad(plan, workers, {
      ...hooks,
      thread,
      onStart: (startUs) => faults.start(startUs + settings.load.warmupUs),
    });
    const { recording: recorded, health, startedAt } = loaded;
    const { events, notes: faultNotes } = await faults.end();
    // An instance that answered nothing is part of the balance too.
    const recording = withInstances(
      recorded,
      rig.instances.map(({ id }) => id),
    );
    const summary = summarise(recording);
    const { generator, notes } = judgeGenerator(summary, health, settings.load, workers);
    const complete = !(hooks.signal?.aborted ?? false);
    const { index, order } = trial;
    const repetition = {
      index,
      order,
      startedAt: startedAt.toISOString(),
      complete,
      ...summary,
      generator,
      notes: [...rig.notes, ...faultNotes, ...notes],
      ...(recording.buckets && { faults: [...faultEffects(events, recording.buckets)] }),
    };
    return { trial, repetition, recording, era };
  } finally {
    await faults.end();
    await rig.stop();
  }
}

/** The faults of a trial: `start` at the measured time's start, `end` with the load, also when it never started. */
function faultPlayer({ faults }: Settings, seed: number, { stage }: Rig) {
  let timeline: FaultTimeline | undefined;
  return {
    start(startUs: Micros): void {
      if (faults === undefined || stage === undefined) return;
      timeline = playFaults({ faults, seed, clock: systemClock, startUs, stage });
    },
    async end(): Promise<{ readonly events: readonly FaultEvent[]; readonly notes: readonly string[] }> {
      await timeline?.end();
      return timeline ?? { events: [], notes: [] };
    },
  };
}
