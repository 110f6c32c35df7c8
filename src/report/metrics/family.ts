/** @module What monitoring systems take: families of gauges and histograms, each value with its labels. */

/** Label names to their values. */
export type Labels = Readonly<Record<string, string>>;

/** What a value counts, which is also the end of the name of its family. */
export type FamilyUnit = 'seconds' | 'ratio' | 'per_second' | '';

interface FamilyOf<Kind extends string, Point> {
  readonly kind: Kind;
  /** Lower case, with its unit: `paceline_error_rate_ratio`. */
  readonly name: string;
  /** One line for people. */
  readonly help: string;
  readonly unit: FamilyUnit;
  readonly points: readonly Point[];
}

interface GaugePoint {
  readonly labels: Labels;
  readonly value: number;
}

/** Times by bucket. */
export interface HistogramPoint {
  readonly labels: Labels;
  /** Of each bucket of {@link BOUNDS_SECONDS}, and of what lies above the last; not cumulative. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

export type GaugeFamily = FamilyOf<'gauge', GaugePoint>;
export type HistogramFamily = FamilyOf<'histogram', HistogramPoint>;
export type Family = GaugeFamily | HistogramFamily;

const STEPS = [1, 1.5, 2, 3, 5, 7] as const;

/** Upper ends of the buckets of every histogram, from 10 us to 100 s, so that results can be added up and compared. */
export const BOUNDS_SECONDS: readonly number[] = [
  ...Array.from({ length: 7 }, (_, decade) => STEPS.map((step) => Number(`${step}e${decade - 5}`))).flat(),
  100,
];
