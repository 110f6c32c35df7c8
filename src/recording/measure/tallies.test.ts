import { describe, expect, it } from 'vitest';
import { addCounts } from '../counts.ts';
import { Recorder } from '../recorder.ts';
import { countsOf, mergeRecordings, mergeRepetitions, type Recording } from '../recording.ts';
import type { Sample } from '../sample.ts';
import type { Measure, MeasureTally } from './measure.ts';
import { MEASURES } from './measures.ts';
import { SessionTally, sessions } from './sessions.ts';
import { Tallies } from './tallies.ts';

interface Slow {
  readonly slow: number;
}

class SlowTally implements MeasureTally<Slow> {
  slow = 0;

  add(sample: Sample): void {
    if (sample.doneUs - sample.sentUs > 100) this.slow += 1;
  }

  counts(): Slow {
    return { slow: this.slow };
  }
}

/** Calls that took more than 100 us; of stateless loads only. */
const slow: Measure<Slow> = {
  name: 'slow',
  start: ({ era }) => (era === 'stateless' ? new SlowTally() : undefined),
  merge: (list) => addCounts(['slow'], list),
};

const START = 1000;

/** A call of each of these times, due in the warm-up when it has `early`. */
function record(times: readonly number[], early = 0): Recording {
  const tallies = new Tallies({ era: 'stateless' }, [...MEASURES, slow]);
  const recorder = new Recorder({
    calls: ['a'],
    startUs: START,
    warmupUs: START,
    durationUs: 1e6,
    tallies,
  });
  for (const us of times) {
    const dueUs = START - early;
    recorder.due(0, dueUs);
    const sample = { call: 0, detail: undefined, servedBy: undefined, dueUs, sentUs: dueUs };
    recorder.add({ ...sample, outcome: 'ok', doneUs: dueUs + us });
  }
  return recorder.close({ endUs: 1e6 });
}

describe('a measure that takes in calls', () => {
  it('counts measured calls, and none of the warm-up', () => {
    expect(record([50, 150, 250]).measures['slow']).toEqual({ slow: 2 });
    expect(record([50, 150, 250], 10).measures['slow']).toEqual({ slow: 0 });
  });

  it('is merged over workers and over repetitions', () => {
    const parts = [record([150]), record([250, 350])];
    for (const merge of [mergeRecordings, mergeRepetitions]) {
      expect(countsOf(merge(parts, [slow]), slow)).toEqual({ slow: 3 });
    }
    expect(JSON.parse(JSON.stringify(parts[0]))).toEqual(structuredClone(parts[0]));
  });
});

describe('the tallies of a worker', () => {
  it('are those of the measures that apply to its load', () => {
    const all = [sessions, slow];
    expect(new Tallies({ era: 'stateless' }, all).counts()).toEqual({ slow: { slow: 0 } });
    const tallies = new Tallies({ era: 'sessions' }, all);
    expect(tallies.of(sessions)).toBeInstanceOf(SessionTally);
    expect(tallies.of(slow)).toBeUndefined();
  });

  it('cost a call nothing when they are fed elsewhere', () => {
    const { measured, rehearsal } = new Tallies({ era: 'sessions' }, [sessions]);
    expect([measured, rehearsal]).toEqual([[], []]);
  });
});
