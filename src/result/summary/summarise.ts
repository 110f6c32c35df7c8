/** @module A recording's numbers, as the result file has them. */
import { OUTCOMES } from '../../protocol/outcome.ts';
import { decodeHistogram, mergeSeries, percentileOf, type Series } from '../../recording/histogram.ts';
import { type SessionCounts, sessions as sessionMeasure } from '../../recording/measure/sessions.ts';
import { countsOf, mergeRepetitions, type Recording } from '../../recording/recording.ts';
import { windowPercentiles } from '../../recording/windows.ts';
import { type Micros, SECOND } from '../../units/time.ts';
import type { Distribution, OutcomeCounts, Sessions, Summary } from '../document.ts';

/** The numbers of one trial. `due = sent + dropped` and `sent = done = sum(outcomes)` hold always. */
export function summarise(recording: Recording): Summary {
  const responseTime = mergeSeries(recording.byCall.map((call) => call.responseTime));
  const serviceTime = mergeSeries(recording.byCall.map((call) => call.serviceTime));
  const calls = callCounts(recording);
  const sessionCounts = countsOf(recording, sessionMeasure);
  const seconds = recording.measuredUs / SECOND;
  const perSecond = (count: number): number => (seconds > 0 ? count / seconds : 0);
  return {
    calls,
    rate: {
      offeredPerSecond: perSecond(calls.due),
      achievedPerSecond: perSecond(recording.answeredInTime),
    },
    responseTime: distribution(responseTime),
    serviceTime: distribution(serviceTime),
    sendLag: distribution(recording.sendLag),
    byCall: Object.fromEntries(
      recording.byCall.map((call) => [
        call.name,
        {
          calls: call.done,
          ok: call.ok,
          responseTime: distribution(call.responseTime),
          serviceTime: distribution(call.serviceTime),
        },
      ]),
    ),
    byInstance: Object.fromEntries(
      recording.byInstance.map((instance) => [
        instance.name,
        { calls: instance.calls, responseTime: distribution(instance.responseTime) },
      ]),
    ),
    balance: balance(recording.byInstance.map((instance) => instance.calls)),
    sessions: sessionCounts === undefined ? null : sessions(sessionCounts, calls.sent, serviceTime.totalUs),
    histograms: {
      responseTime: responseTime.histogram,
      serviceTime: serviceTime.histogram,
      sendLag: recording.sendLag.histogram,
      ...Object.fromEntries(
        recording.byCall.map((call) => [callSeries(call.name), call.responseTime.histogram]),
      ),
    },
    windows: recording.windows.map((window, second) => {
      const [p50Us = 0, p99Us = 0] = windowPercentiles(window, [50, 99]);
      const { sent, ok, errors } = window;
      const jain = window.instances && { jain: jainOf(recording, window.instances) };
      return { atMs: second * 1000, sent, ok, errors, p50Us, p99Us, ...jain };
    }),
  };
}

/**
 * The numbers of all repetitions of a variant together. Percentiles come from the merged histograms; rates are those of
 * the whole measured time; counts, those of the windows included, are added up. At least one recording.
 */
export function summariseRepetitions(recordings: readonly Recording[]): Summary {
  return summarise(mergeRepetitions(recordings));
}

/** Where `Summary.histograms` keeps the response times of one kind of call. */
export function callSeries(name: string): string {
  return `responseTime{${name}}`;
}

/**
 * How evenly calls are spread over instances. Jain's index is `(sum x)^2 / (n * sum x^2)`: 1 when all are equal, `1/n`
 * when one has all (R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984). Instances that answered no call are unknown here.
 */
export function balance(calls: readonly number[]): Summary['balance'] {
  const total = calls.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { jain: null, maxOverMean: null };
  const squares = calls.reduce((sum, count) => sum + count * count, 0);
  return {
    jain: (total * total) / (calls.length * squares),
    maxOverMean: (Math.max(...calls) * calls.length) / total,
  };
}

function callCounts(recording: Recording): Summary['calls'] {
  const due = recording.byCall.reduce((sum, call) => sum + call.due, 0);
  const dropped = recording.byCall.reduce((sum, call) => sum + call.dropped, 0);
  const done = recording.byCall.reduce((sum, call) => sum + call.done, 0);
  const ok = recording.outcomes.ok;
  const outcomes: OutcomeCounts = Object.fromEntries(
    OUTCOMES.filter((outcome) => outcome === 'ok' || recording.outcomes[outcome] > 0).map((outcome) => [
      outcome,
      recording.outcomes[outcome],
    ]),
  );
  return {
    due,
    sent: due - dropped,
    dropped,
    done,
    ok,
    errorRate: due === 0 ? 0 : (due - ok) / due,
    outcomes,
    details: [...recording.details],
  };
}

function distribution(series: Series): Distribution {
  const histogram = decodeHistogram(series.histogram);
  // A bucket's upper end may lie above the largest time in it, which is known exactly.
  const at = (percentile: number): number => Math.min(percentileOf(histogram, percentile), series.maxUs);
  return {
    count: series.count,
    meanUs: series.count === 0 ? 0 : Math.round(series.totalUs / series.count),
    p50Us: at(50),
    p90Us: at(90),
    p95Us: at(95),
    p99Us: at(99),
    p999Us: at(99.9),
    maxUs: series.maxUs,
  };
}

/** Over all instances of the recording: one that answered nothing in this second counts. */
function jainOf({ byInstance }: Recording, calls: Readonly<Record<string, number>>): number | null {
  return balance(byInstance.map(({ name }) => calls[name] ?? 0)).jain;
}

/**
 * Handshakes as shares of what the measured calls took: of `sent` calls and their handshakes, and of the time of both. A call's
 * service time has its wait for a session in it, which is the time of a handshake and is not counted twice.
 */
function sessions({ handshakes, ...counts }: SessionCounts, sent: number, serviceUs: Micros): Sessions {
  const share = (part: number, rest: number): number => (part === 0 ? 0 : part / (part + rest));
  return {
    ...counts,
    ...(handshakes && {
      handshakes: {
        requests: handshakes.requests,
        timeUs: handshakes.timeUs,
        before: handshakes.before,
        shareOfRequests: share(handshakes.requests, sent),
        shareOfTime: share(handshakes.timeUs, Math.max(0, serviceUs - handshakes.waitedUs)),
        reopenTime: distribution(handshakes.reopen),
      },
    }),
    ownerHitRate: counts.ownerCalls === 0 ? null : counts.ownerHits / counts.ownerCalls,
  };
}
