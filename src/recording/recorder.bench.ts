/** @module The cost of recording one call, beside a recorder made of the library's histograms alone. Run with `npx vitest bench src/recording`. */
import { build, type Histogram } from 'hdr-histogram-js';
import { bench, describe } from 'vitest';
import { randomAt } from '../units/random.ts';
import { Recorder } from './recorder.ts';
import type { Sample } from './sample.ts';

const COUNT = 10_000;
const random = randomAt(1, 'service');
const samples: readonly Sample[] = Array.from({ length: COUNT }, (_, i) => {
  const dueUs = i * 100;
  const sentUs = dueUs + random.next() * 50;
  return {
    call: i % 2,
    outcome: 'ok',
    detail: undefined,
    servedBy: `instance-${i % 4}`,
    dueUs,
    sentUs,
    doneUs: sentUs + 200 - 1000 * Math.log(1 - random.next()),
  };
});

describe(`${COUNT} ok calls`, () => {
  const recorder = new Recorder({ calls: ['a', 'b'], startUs: 0, durationUs: 1e7 });
  bench('Recorder: seven series', () => {
    for (const sample of samples) {
      recorder.due(sample.call, sample.dueUs);
      recorder.add(sample);
    }
  });

  const series: readonly Histogram[] = Array.from({ length: 7 }, () =>
    build({ autoResize: false, highestTrackableValue: 3_600_000_000 }),
  );
  bench('seven histograms of the library', () => {
    for (const sample of samples)
      for (const one of series) one.recordValue(Math.round(sample.doneUs - sample.dueUs));
  });
});
