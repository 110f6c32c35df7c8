/** @module What it costs to keep the slowest calls: the same recorder with and without. Run with `npx vitest bench src/recording/measure/slowest`. */
import { bench, describe } from 'vitest';
import { randomAt } from '../../units/random.ts';
import { Recorder } from '../recorder.ts';
import type { Sample } from '../sample.ts';
import { connectionWait } from './connection-wait.ts';
import type { Measure } from './measure.ts';
import { slowest } from './slowest.ts';
import { Tallies } from './tallies.ts';

const COUNT = 10_000;
const random = randomAt(1, 'service');
const samples: readonly Sample[] = Array.from({ length: COUNT }, (_, seq) => {
  const dueUs = seq * 100;
  const sentUs = dueUs + random.next() * 50;
  const doneUs = sentUs + 200 - 1000 * Math.log(1 - random.next());
  return {
    call: seq % 2,
    seq,
    agent: 0,
    outcome: 'ok',
    detail: undefined,
    servedBy: '1',
    dueUs,
    sentUs,
    doneUs,
  };
});

/** Takes in all samples with `measures`. */
function recording(measures: readonly Measure[]): () => void {
  const tallies = new Tallies({ era: 'stateless', seed: 1 }, measures);
  const recorder = new Recorder({ calls: ['a', 'b'], startUs: 0, durationUs: 1e7, tallies });
  return () => {
    for (const sample of samples) {
      recorder.due(sample.call, sample.dueUs);
      recorder.add(sample);
    }
  };
}

describe(`${COUNT} ok calls`, () => {
  bench('without the slowest calls', recording([connectionWait]));
  bench('with the slowest calls', recording([connectionWait, slowest]));
});
