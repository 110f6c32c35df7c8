/** @module A trial that has ended, as one repetition of its variant. */
import type { LoadResult } from '../generator/engine/engine.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { Settings } from '../profile/settings.ts';
import { noteText } from '../report/note-text.ts';
import type { Repetition, Summary } from '../result/document.ts';
import type { Note as ResultNote } from '../result/note.ts';
import { failedLater, faultEffects } from '../result/summary/fault-effects.ts';
import { summarise, timelineOf } from '../result/summary/summarise.ts';
import { warmingUp } from '../result/summary/warming-up.ts';
import type { Injected } from '../testbed/events/injected.ts';
import type { Note } from '../testbed/note.ts';
import { agentNotes, knownInstances, type Loaded } from './agent-notes.ts';
import { judgeGenerator } from './generator.ts';
import type { Trial, TrialResult } from './plan/plan.ts';

/** The raw outcome of a trial, before it is summarised. */
export interface Measured {
  readonly loaded: LoadResult;
  readonly workers: number;
  readonly injected: Injected;
  /** Notes of the testbed and of the events. */
  readonly notes: readonly Note[];
  /** Whether the load ran to its end. */
  readonly complete: boolean;
  /** What the server said of keeping its results; absent where that was not asked. */
  readonly inspection?: Inspection | undefined;
}

/** The result of `trial`; its recording has only instances that are known. */
export function summariseTrial(
  trial: Trial,
  { loaded, workers, injected, notes, complete, inspection }: Measured,
  era: TrialResult['era'],
): TrialResult {
  const { endpoint, faults } = trial.variant.settings;
  const where: Loaded = {
    part: endpoint.kind === 'fleet' ? 'fleet' : 'target',
    instances: injected.instances,
    instanceHeader: endpoint.instanceHeader,
  };
  const { recording, notes: instanceNotes } = knownInstances(loaded.recording, where);
  const summary = summarise(recording);
  const judged = judgeGenerator(summary, loaded, trial.variant.settings.load, workers);
  const observations = [
    ...notes,
    ...instanceNotes,
    ...agentNotes(recording, where),
    ...judged.notes,
    ...warmupNotes(summary, trial.variant.settings),
  ];
  const repetition: Repetition = {
    index: trial.index,
    order: trial.order,
    startedAt: loaded.startedAt.toISOString(),
    complete,
    ...summary,
    timeline: timelineOf(summary.windows),
    generator: judged.generator,
    notes: observations.map(noteText),
    observations,
    ...(faults !== undefined &&
      recording.buckets && {
        faults: [...faultEffects(injected.events, recording.buckets, failedLater(recording))],
      }),
    ...(inspection && { inspection }),
  };
  return { trial, repetition, recording, era };
}

/** Whether the target was still warming up; not judged where a rate that changes, or a fault, changes response times as well. */
function warmupNotes({ windows }: Summary, { load, faults }: Settings): readonly ResultNote[] {
  if (load.shape.kind === 'stages' || faults !== undefined) return [];
  const note = warmingUp(windows, load.warmupUs);
  return note === undefined ? [] : [note];
}
