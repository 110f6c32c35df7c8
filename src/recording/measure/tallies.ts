/** @module The tallies of one worker: every measure that applies to its load, started. */
import type { Measure, MeasuredLoad, MeasureTally } from './measure.ts';
import { MEASURES } from './measures.ts';

/** A tally that takes in calls. */
export type CallMeasure = MeasureTally & Required<Pick<MeasureTally, 'add'>>;

type Started = ReadonlyMap<string, MeasureTally>;

/** The started tallies of one worker. */
export class Tallies {
  readonly #started: Started;
  /** Those that take in calls, for the measured time. */
  readonly measured: readonly CallMeasure[];
  /** A second set of these for the calls of the warm-up, never read: the code that counts must not run for the first time when the measured time begins. */
  readonly rehearsal: readonly CallMeasure[];

  /** Starts those of `measures` that apply to `load`. */
  constructor(load: MeasuredLoad, measures: readonly Measure[] = MEASURES) {
    this.#started = start(measures, load);
    this.measured = perCall(this.#started);
    this.rehearsal = this.measured.length === 0 ? [] : perCall(start(measures, load));
  }

  /** The tally of `measure`, for whoever feeds it; undefined when it does not apply to the load. */
  of<Running extends MeasureTally>(measure: {
    readonly name: string;
    start(load: MeasuredLoad): Running | undefined;
  }): Running | undefined {
    return this.#started.get(measure.name) as Running | undefined;
  }

  /** All counts so far, by the name of the measure. */
  counts(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#started].map(([name, tally]) => [name, tally.counts()]));
  }
}

function start(measures: readonly Measure[], load: MeasuredLoad): Started {
  return new Map(
    measures.flatMap((measure): readonly (readonly [string, MeasureTally])[] => {
      const tally = measure.start(load);
      return tally === undefined ? [] : [[measure.name, tally]];
    }),
  );
}

function perCall(started: Started): readonly CallMeasure[] {
  return [...started.values()].filter((tally): tally is CallMeasure => tally.add !== undefined);
}
