/** @module What a threshold can bound. The metrics are passed in, as the results define them. */
import type { MetricUnit } from './bound.ts';

/** A metric that a threshold can bound. */
export interface BoundedMetric {
  /** Its name in thresholds: `error_rate`. */
  readonly name: string;
  readonly unit: MetricUnit;
  /** Whether it is a distribution: a threshold then bounds a statistic of it, `service_time p(99)`. */
  readonly isDistribution: boolean;
  /** The only percentiles of a distribution that are known; absent: all of them, its mean and its maximum. */
  readonly percentiles?: readonly number[];
  /** Whether its name may be omitted before a statistic: `p(99)`. */
  readonly isDefault: boolean;
  /** Whether it is measured for each kind of call: `error_rate{tools/list}`. */
  readonly byCall: boolean;
  /** Whether it is measured for each instance: `all_response_time p(99){instance:2}`. */
  readonly byInstance?: boolean;
  /** Whether it is counted for each identity, and for each kind of call of it: `wrong_allows{identity:reader}`. */
  readonly byIdentity?: boolean;
  /** Whether it is measured for each flow: `flow p(99){flow:order}`. */
  readonly byFlow?: boolean;
  /** Whether it is known for parts of the measured time: `error_rate < 1% every 10s`. */
  readonly overWindows?: boolean;
}

/** A statistic of a distribution: its mean, its maximum, or a percentile (from 1 to 100). */
export type Statistic = 'mean' | 'max' | { readonly percentile: number };
