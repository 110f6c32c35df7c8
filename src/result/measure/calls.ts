/** @module The quantity `calls`: how many were due, sent and dropped, and how they ended. */
import { z } from 'zod';
import { OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import { mergeDetails } from '../../recording/details.ts';
import type { Metric, Quantity } from './quantity.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1);

/** Calls by outcome; outcomes that did not occur are left out, except `ok`. */
const OutcomeCounts = z.partialRecord(z.enum(OUTCOMES), count);

/** Shares by how calls ended: an outcome, or never sent. */
const Shares = z.partialRecord(z.enum([...OUTCOMES, 'dropped']), share);

/** Counted: `due = sent + dropped`, `sent = done = sum(outcomes)`. */
const Counted = z.object({
  due: count,
  sent: count,
  dropped: count,
  /** Calls that ended, whatever their outcome: after a run none is left open. */
  done: count,
  ok: count,
  /**
   * Share of the due calls that did not end `ok`, drops included. Calls that Paceline ended itself, when a run was stopped, are not in it,
   * and no refusals of planted misuse (`misuseRefused`).
   */
  errorRate: share,
  outcomes: OutcomeCounts,
  /** Of the outcomes, planted misuse that was refused, which is how it should end. Absent where there was none. */
  misuseRefused: z.partialRecord(z.enum(OUTCOMES), count).exactOptional(),
  /**
   * The most frequent explanations of outcomes other than `ok`, by kind: where those of one kind differ, `detail` leaves out
   * how (ids, numbers) and `example` is one of them. `share` is that of the due calls.
   */
  details: z.array(
    z.object({
      outcome: z.enum(OUTCOMES),
      detail: z.string(),
      count,
      example: z.string().exactOptional(),
      share: share.optional(),
    }),
  ),
  /** All calls of `misuseRefused`. */
  misuse: count.exactOptional(),
  /** Due calls that did not end `ok`, drops included; without calls that Paceline ended itself, and refusals of planted misuse. */
  errors: count.optional(),
  /** Of the due calls, those that found their session gone. */
  lostShare: share.optional(),
  /** Calls sent that neither ended `ok` nor found their session gone, nor were ended by Paceline, nor were planted misuse that was refused. */
  failed: count.optional(),
  /** Of the due calls, those. */
  failedShare: share.optional(),
  /** Of the due calls, those that ended so; endings that did not occur are left out. */
  shares: Shares.optional(),
});
type Counted = z.infer<typeof Counted>;

/** With all that follows from the counts, which older results do not have. */
function completed(calls: Omit<Counted, 'errorRate'>) {
  const { due, sent, dropped, ok, outcomes, details } = calls;
  const shareOf = (count: number, all: number): number => (all === 0 ? 0 : count / all);
  const lost = outcomes['session-lost'] ?? 0;
  const aborted = outcomes.aborted ?? 0;
  const misuse = Object.values(calls.misuseRefused ?? {}).reduce((sum, refused) => sum + refused, 0);
  const failed = sent - ok - lost - aborted - misuse;
  const errors = due - ok - aborted - misuse;
  const endings = Object.entries({ ...outcomes, dropped }).filter(([, count]) => count > 0);
  return {
    ...calls,
    ...(misuse > 0 && { misuse }),
    errors,
    errorRate: shareOf(errors, due - aborted),
    lostShare: shareOf(lost, due),
    failed,
    failedShare: shareOf(failed, due),
    shares: Object.fromEntries(endings.map(([ending, count]) => [ending, shareOf(count, due)])) as z.infer<
      typeof Shares
    >,
    // Older results have a detail of its own for every id.
    details: mergeDetails([details]).map((one) => ({ ...one, share: shareOf(one.count, due) })),
  };
}

const Calls = Counted.transform(completed);
type Calls = z.infer<typeof Calls>;

/** Outcomes of calls that the server answered with a no. */
const REFUSED: readonly Outcome[] = [
  'tool-error',
  'rpc-error',
  'http-error',
  'unauthorized',
  'forbidden',
  'session-lost',
];

/** The word of the error rate in thresholds. */
export const ERROR_RATE = 'error_rate';

const NONE_DUE = 'no call was due';
const whereDue = ({ due }: Calls, value: number): number | null => (due === 0 ? null : value);

/** The share of the due calls whose answer said no. The generator cannot cause these, however late it is. */
function refusedShare({ due, outcomes, misuseRefused }: Calls): number {
  const refused = REFUSED.reduce(
    (sum, outcome) => sum + (outcomes[outcome] ?? 0) - (misuseRefused?.[outcome] ?? 0),
    0,
  );
  return due === 0 ? 0 : refused / due;
}

const byOutcome = (outcome: Outcome): Metric<Calls> => ({
  name: `calls_${outcome.replaceAll('-', '_')}`,
  key: `outcomes.${outcome}`,
  label: `calls that ended ${outcome}`,
  unit: 'count',
  better: outcome === 'ok' ? 'higher' : 'lower',
  read: (calls) => whereDue(calls, calls.outcomes[outcome] ?? 0),
  absent: NONE_DUE,
});

const METRICS: readonly Metric<Calls>[] = [
  {
    name: 'calls_due',
    key: 'due',
    label: 'calls due',
    unit: 'count',
    better: 'neither',
    read: ({ due }) => due,
    absent: NONE_DUE,
    column: { head: 'calls due', in: 'results' },
  },
  {
    name: 'calls_sent',
    key: 'sent',
    label: 'calls sent',
    unit: 'count',
    better: 'neither',
    read: ({ sent }) => sent,
    absent: NONE_DUE,
  },
  {
    name: 'dropped',
    key: 'dropped',
    label: 'dropped',
    unit: 'count',
    better: 'lower',
    read: (calls) => whereDue(calls, calls.dropped),
    absent: NONE_DUE,
    despiteGenerator: 'always',
    csv: 'calls_dropped',
  },
  {
    name: ERROR_RATE,
    key: 'errorRate',
    label: 'error rate',
    meaning:
      'share of the due calls that did not end ok; calls that were never sent count, refusals of planted misuse do not',
    unit: 'share',
    better: 'lower',
    read: (calls) => (calls.due === (calls.outcomes.aborted ?? 0) ? null : calls.errorRate),
    absent: 'no call ended',
    byCall: {
      read: ({ errorRate }) => errorRate,
      absent: 'no such call ended',
      head: 'ok',
      isBad: ({ calls, ok, misuseRefused = 0 }) => ok + misuseRefused < calls,
    },
    byInstance: {
      read: ({ calls, ok, misuseRefused = 0 }) =>
        ok === undefined || calls === 0 ? null : (calls - ok - misuseRefused) / calls,
      absent: 'it answered no call',
    },
    overWindows: true,
    compared: 'always',
    counted: ({ errors, due, outcomes }) => ({ events: errors, of: due - (outcomes.aborted ?? 0) }),
    despiteGenerator: { serverPart: refusedShare },
    column: { head: 'ok', in: 'both', complement: true, isBad: ({ errorRate }) => errorRate > 0 },
  },
  {
    name: 'errors',
    key: 'errors',
    label: 'errors',
    meaning:
      'number of due calls that did not end ok; calls that were never sent count, refusals of planted misuse do not',
    unit: 'count',
    better: 'lower',
    read: (calls) => whereDue(calls, calls.errors),
    absent: NONE_DUE,
    column: { head: 'errors', in: 'headline' },
  },
  {
    name: 'session_lost_share',
    key: 'lostShare',
    label: 'share of calls that lost their session',
    unit: 'share',
    better: 'lower',
    read: (calls) => whereDue(calls, calls.lostShare),
    absent: NONE_DUE,
    hasSpread: true,
  },
  ...OUTCOMES.map(byOutcome),
];

export const calls: Quantity<'calls', Calls> = {
  name: 'calls',
  schema: Calls,
  figures({ outcomes, misuseRefused, details }, { due, sent, dropped, done }) {
    const occurred = OUTCOMES.filter((outcome) => outcome === 'ok' || outcomes[outcome] > 0);
    return completed({
      due,
      sent,
      dropped,
      done,
      ok: outcomes.ok,
      outcomes: Object.fromEntries(occurred.map((outcome) => [outcome, outcomes[outcome]])),
      ...(misuseRefused && { misuseRefused }),
      details: [...details],
    });
  },
  metrics: METRICS,
};
