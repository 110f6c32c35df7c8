/** @module Results for tests of what is drawn from them: a variant from a few numbers per repetition. */
import { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Sample } from '../../recording/sample.ts';
import type { Repetition, Summary, VariantResult } from '../document.ts';
import { summarise, summariseRepetitions, timelineOf } from './summarise.ts';
import { withConclusions } from './variant-result.ts';

/** One group of equal calls. */
export interface Calls extends Partial<Sample> {
  readonly count: number;
  readonly responseUs: number;
}

/** A recording of one second in which all calls were due at its start. */
export function recordingOf(groups: readonly Calls[], dropped = 0): Recording {
  const recorder = new Recorder({ calls: ['tools/call echo', 'tools/list'], startUs: 0, durationUs: 1e6 });
  for (const { count, responseUs, ...over } of groups) {
    for (let i = 0; i < count; i += 1) {
      recorder.due(over.call ?? 0, 0);
      recorder.add({
        call: 0,
        outcome: 'ok',
        detail: undefined,
        servedBy: undefined,
        dueUs: 0,
        sentUs: 0,
        doneUs: responseUs,
        ...over,
      });
    }
  }
  for (let i = 0; i < dropped; i += 1) {
    recorder.due(0, 0);
    recorder.drop(0, 0);
  }
  return recorder.close({ endUs: 1e6 });
}

/** A variant with one repetition per recording; `over` changes every repetition. */
export function variantOf(
  name: string,
  recordings: readonly Recording[],
  over: Partial<Repetition> = {},
): VariantResult {
  const measured = {
    name,
    settings: {
      overrides: {},
      target: 'fleet',
      era: 'stateless' as const,
      server: null,
      instances: null,
      balancer: null,
      policy: null,
      load: '',
      agents: 1,
      connections: 1,
    },
    repetitions: recordings.map((recording, index) => ({
      ...repetitionOf(recording),
      index,
      order: index,
      startedAt: '2026-01-01T00:00:00.000Z',
      complete: true,
      generator: HEALTHY,
      notes: [],
      ...over,
    })),
    summary: recordings.length > 0 ? summariseRepetitions(recordings) : null,
  };
  return withConclusions(measured);
}

/** The figures of a repetition. */
function repetitionOf(recording: Recording): Summary & Pick<Repetition, 'timeline'> {
  const summary = summarise(recording);
  return { ...summary, timeline: timelineOf(summary.windows) };
}

const HEALTHY: Repetition['generator'] = {
  cpu: 0.1,
  eventLoopDelayP99Us: 100,
  gc: 0,
  driver: 'undici',
  workers: 1,
  bound: false,
  reasons: [],
};

/** The same generator as the bottleneck. */
export const BOUND: Repetition['generator'] = {
  ...HEALTHY,
  bound: true,
  reasons: ['p99 of the send lag is 80 ms; use more workers'],
};
