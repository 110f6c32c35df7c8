/** @module The quantity `calls`: how many were due, sent and dropped, and how they ended. */
import { z } from 'zod';
import { OUTCOMES, type Outcome } from '../../protocol/outcome.ts';
import type { Metric, Quantity } from './quantity.ts';

const count = z.int().min(0);

/** Calls by outcome; outcomes that did not occur are left out, except `ok`. */
const OutcomeCounts = z.partialRecord(z.enum(OUTCOMES), count);

/** `due = sent + dropped`, `sent = done = sum(outcomes)`. */
const Calls = z.object({
  due: count,
  sent: count,
  dropped: count,
  /** Calls that ended, whatever their outcome: after a run none is left open. */
  done: count,
  ok: count,
  /** Share of the due calls that did not end `ok`, drops included. */
  errorRate: z.number().min(0).max(1),
  outcomes: OutcomeCounts,
  /** The most frequent explanations of outcomes other than `ok`. */
  details: z.array(z.object({ outcome: z.enum(OUTCOMES), detail: z.string(), count })),
});
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

const NONE_DUE = 'no call was due';
const whereDue = ({ due }: Calls, value: number): number | null => (due === 0 ? null : value);

/** The share of the due calls whose answer said no. The generator cannot cause these, however late it is. */
function refusedShare({ due, outcomes }: Calls): number {
  const refused = REFUSED.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
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
    name: 'error_rate',
    key: 'errorRate',
    label: 'error rate',
    unit: 'share',
    better: 'lower',
    read: (calls) => whereDue(calls, calls.errorRate),
    absent: NONE_DUE,
    byCall: {
      read: ({ calls, ok }) => (calls === 0 ? null : (calls - ok) / calls),
      absent: 'no such call ended',
      head: 'ok',
      isBad: ({ calls, ok }) => ok < calls,
    },
    compared: 'always',
    despiteGenerator: { serverPart: refusedShare },
    column: { head: 'ok', in: 'both', complement: true, isBad: ({ errorRate }) => errorRate > 0 },
  },
  {
    name: 'errors',
    key: 'errors',
    label: 'errors',
    unit: 'count',
    better: 'lower',
    read: (calls) => whereDue(calls, calls.due - calls.ok),
    absent: NONE_DUE,
    column: { head: 'errors', in: 'headline' },
  },
  ...OUTCOMES.map(byOutcome),
];

export const calls: Quantity<'calls', Calls> = {
  name: 'calls',
  schema: Calls,
  figures({ outcomes, details }, { due, sent, dropped, done }) {
    const occurred = OUTCOMES.filter((outcome) => outcome === 'ok' || outcomes[outcome] > 0);
    return {
      due,
      sent,
      dropped,
      done,
      ok: outcomes.ok,
      errorRate: due === 0 ? 0 : (due - outcomes.ok) / due,
      outcomes: Object.fromEntries(occurred.map((outcome) => [outcome, outcomes[outcome]])),
      details: [...details],
    };
  },
  metrics: METRICS,
};
