/** @module What a threshold bounds, read from a summary. */
import type { Subject, Threshold, TimeSubject } from '../../profile/section/threshold.ts';
import { decodeHistogram, percentileOf } from '../../recording/histogram.ts';
import { formatMicros, type Micros } from '../../units/time.ts';
import type { Distribution, Summary } from '../document.ts';
import { callSeries } from '../summary/summarise.ts';

/** A value in the unit of the threshold's bound, or why there is none. */
export type Measured = { readonly value: number } | { readonly missing: string };

export function measure(threshold: Threshold, summary: Summary): Measured {
  const { subject, call } = threshold;
  if (call !== undefined && !Object.hasOwn(summary.byCall, call)) {
    const known = Object.keys(summary.byCall).map((name) => `"${name}"`);
    return { missing: `no call is named "${call}"; the mix has ${known.join(', ')}` };
  }
  switch (subject.kind) {
    case 'time':
      return time(subject, call, summary);
    case 'error_rate':
      return errorRate(call, summary);
    case 'rate':
      return { value: summary.rate.achievedPerSecond };
    case 'dropped':
      return { value: summary.calls.dropped };
  }
}

/**
 * The share of the due calls whose answer said no. The generator cannot cause these, however late it is: what is bad
 * here is bad even in a trial that the generator limited.
 */
export function refusedShare({ due, outcomes }: Summary['calls']): number {
  const byServer =
    (outcomes['tool-error'] ?? 0) + (outcomes['rpc-error'] ?? 0) + (outcomes['http-error'] ?? 0);
  const byAccess = (outcomes.unauthorized ?? 0) + (outcomes.forbidden ?? 0) + (outcomes['session-lost'] ?? 0);
  return due === 0 ? 0 : (byServer + byAccess) / due;
}

/** A measured value for people, in the words of the bound. */
export function formatMeasured(subject: Subject, value: number): string {
  switch (subject.kind) {
    case 'time':
      return formatMicros(value);
    case 'error_rate':
      return `${Number((value * 100).toPrecision(3))} %`;
    case 'rate':
      return `${Number(value.toPrecision(4))}/s`;
    case 'dropped':
      return `${value} dropped`;
  }
}

function time(subject: TimeSubject, call: string | undefined, summary: Summary): Measured {
  const distribution = call === undefined ? summary[subject.series] : summary.byCall[call]!.responseTime;
  if (distribution.count === 0)
    return { missing: 'no call ended with a time (refused and broken connections have none)' };
  const { statistic } = subject;
  if (statistic === 'mean') return { value: distribution.meanUs };
  if (statistic === 'max') return { value: distribution.maxUs };
  return percentile(
    summary.histograms[call === undefined ? subject.series : callSeries(call)],
    statistic.percentile,
    distribution,
  );
}

function percentile(encoded: string | undefined, wanted: number, { maxUs }: Distribution): Measured {
  if (encoded === undefined) return { missing: 'the result has no histogram of it' };
  const value: Micros = Math.min(percentileOf(decodeHistogram(encoded), wanted), maxUs);
  return { value };
}

function errorRate(call: string | undefined, summary: Summary): Measured {
  if (call === undefined)
    return summary.calls.due === 0 ? { missing: 'no call was due' } : { value: summary.calls.errorRate };
  const { calls, ok } = summary.byCall[call]!;
  return calls === 0 ? { missing: 'no such call ended' } : { value: (calls - ok) / calls };
}
