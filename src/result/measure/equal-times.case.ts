/** @module Times in tests: a distribution of calls that all took as long. */
import type { Distribution } from './distribution.ts';

export const equalTimes = (us: number, count = 12_345): Distribution => ({
  count,
  meanUs: us,
  p50Us: us,
  p90Us: us,
  p95Us: us,
  p99Us: us,
  p999Us: us,
  maxUs: us,
});
