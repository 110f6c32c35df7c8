/** @module A value that was measured, for people. */
import type { MetricUnit } from '../../profile/section/bound.ts';
import { formatMicros } from '../../units/time.ts';

/** What a value is of. */
interface Measured {
  readonly unit: MetricUnit;
  /** Of a count, what is counted. */
  readonly label: string;
  /** Calls that it leaves out because no answer came in time: their times are longer than was waited for. */
  readonly timedOut?: number;
}

/** A value for people: `80 ms`, `1.98 %`, `3 sessions lost`, `sessions lost: 1`. */
export function formatValue(reading: Measured, value: number): string {
  const { timedOut = 0 } = reading;
  const without =
    timedOut === 0 ? '' : ` (without ${timedOut} ${timedOut === 1 ? 'call' : 'calls'} that timed out)`;
  return inUnit(reading, value) + without;
}

function inUnit({ unit, label }: Measured, value: number): string {
  switch (unit) {
    case 'time':
      return formatMicros(value);
    case 'share':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'rate':
      return `${Number(value.toPrecision(4))}/s`;
    case 'count':
      // Labels are of several: `sessions lost`.
      return value === 1 ? `${label}: 1` : `${value} ${label}`;
    case 'fraction':
    case 'ratio':
      return String(Number(value.toPrecision(3)));
  }
}
