/** @module Runs the code that records calls before the load does, so that none of it runs for the first time in the measured time. */
import { OUTCOMES } from '../../protocol/outcome.ts';
import { Recorder } from '../../recording/recorder.ts';
import { SECOND } from '../../units/time.ts';
import { freshSample } from './reused-sample.ts';

/**
 * Seconds that are recorded. V8 notes what a function does only after it has run several times, and what happens once per second has to have been
 * noted when the functions around it are compiled: otherwise they are discarded the first time that it happens.
 */
const SECONDS = 32;
const WARMUP_SECONDS = 8;

/** Records calls that do not exist, into figures that nobody reads: every outcome in every second of a warm-up, a measured time and what follows. */
export function rehearseRecording(): void {
  const recorder = new Recorder({
    calls: ['rehearsal'],
    startUs: WARMUP_SECONDS * SECOND,
    warmupUs: WARMUP_SECONDS * SECOND,
    durationUs: (SECONDS - WARMUP_SECONDS) * SECOND,
  });
  const sample = freshSample();
  for (let second = 0; second <= SECONDS; second += 1) {
    for (const [at, outcome] of OUTCOMES.entries()) {
      const dueUs = (second + at / OUTCOMES.length) * SECOND + 0.25;
      recorder.due(0, dueUs);
      sample.outcome = outcome;
      sample.detail = outcome === 'ok' ? undefined : outcome;
      sample.servedBy = at % 2 === 0 ? 'instance' : undefined;
      sample.dueUs = dueUs;
      sample.sentUs = dueUs + 1.5;
      sample.doneUs = dueUs + 100.5;
      recorder.add(sample);
    }
  }
}
