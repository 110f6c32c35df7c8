/** @module The calls of a recording, added up over their kinds: what several quantities need, computed once. */
import { addCounts } from '../../recording/counts.ts';
import { mergeSeries, type Series } from '../../recording/histogram.ts';
import type { Recording } from '../../recording/recording.ts';

/** All calls together. `due = sent + dropped`, `sent = done`. */
export interface Totals {
  readonly due: number;
  readonly sent: number;
  readonly dropped: number;
  readonly done: number;
  readonly ok: number;
  readonly okResponseTime: Series;
  readonly responseTime: Series;
  readonly serviceTime: Series;
}

/** The totals of a recording. */
export function totalsOf({ byCall }: Recording): Totals {
  const counts = addCounts(['due', 'dropped', 'done', 'ok'], byCall);
  return {
    ...counts,
    sent: counts.due - counts.dropped,
    okResponseTime: mergeSeries(byCall.map((call) => call.okResponseTime)),
    responseTime: mergeSeries(byCall.map((call) => call.responseTime)),
    serviceTime: mergeSeries(byCall.map((call) => call.serviceTime)),
  };
}
