/** @module The quantity `rounds`: calls that servers asked back, the rounds that they took, and where the retries landed. */
import { z } from 'zod';
import { rounds as measure, type RoundCounts } from '../../recording/measure/rounds.ts';
import { countsOf } from '../../recording/recording.ts';
import { Distribution, distribution } from './distribution.ts';
import type { Metric, Quantity } from './quantity.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();

const Rounds = z.object({
  asked: count.describe('Measured calls that were asked back, and that have ended.'),
  rounds: count.describe(
    'Answers to them that were not final: they asked for something, or handed the call on.',
  ),
  handOffs: count
    .optional()
    .describe('Of `rounds`, those that asked for nothing. Absent from older results.'),
  perCall: z.number().min(1).nullable().describe('`rounds` by `asked`; null when no call was asked back.'),
  mostRounds: count.describe('Rounds of the call that had most.'),
  capped: count.describe('Calls that were still asked back after the most answers.'),
  unanswered: count.describe('Calls asked for what agents do not answer.'),
  retries: count.describe('Requests that followed a round, and that have ended.'),
  same: count.describe(
    'Retries that reached the instance that had asked. One that does not name itself is in neither count.',
  ),
  elsewhere: count.describe('Retries that reached another instance.'),
  elsewhereShare: share.describe('`elsewhere` of both; null without one.'),
  sameFailed: count.describe('Of `same`, those that did not end ok, and were not asked back again.'),
  elsewhereFailed: count.describe('The same of `elsewhere`.'),
  elsewhereFailedShare: share.describe('`elsewhereFailed` of `elsewhere`; null without one.'),
  refused: count.describe('Retries whose state was refused: -32602 with the reason `invalid_request_state`.'),
  sameRefused: count.describe('Of `same`, those refused.'),
  elsewhereRefused: count.describe('Of `elsewhere`, those refused.'),
  refusedShare: share.describe('`refused` of `retries`; null without one.'),
  states: count.describe('Retries that carried a `requestState`.'),
  stateBytes: count.nullable().describe('Bytes of a `requestState`, mean, rounded; null without one.'),
  mostStateBytes: count.describe('Bytes of the largest one.'),
  thinkUs: z.int().min(0).describe('How long agents thought before they answered, in all.'),
  time: Distribution.describe('From the sending of a retry to its answer.'),
});
type Rounds = z.infer<typeof Rounds>;

const quotient = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

function roundFigures({ time, ...counts }: RoundCounts): Rounds {
  return {
    ...counts,
    perCall: quotient(counts.rounds, counts.asked),
    elsewhereShare: quotient(counts.elsewhere, counts.same + counts.elsewhere),
    elsewhereFailedShare: quotient(counts.elsewhereFailed, counts.elsewhere),
    refusedShare: quotient(counts.refused, counts.retries),
    stateBytes: counts.states === 0 ? null : Math.round(counts.stateBytes / counts.states),
    time: distribution(time),
  };
}

const NO_CALL = 'no call was asked back';
const NO_RETRY = 'no retry was answered';

type Row = Omit<Metric<Rounds>, 'key' | 'unit' | 'read' | 'absent'>;

const counted = (
  key:
    | 'asked'
    | 'mostRounds'
    | 'capped'
    | 'unanswered'
    | 'retries'
    | 'elsewhere'
    | 'elsewhereFailed'
    | 'refused',
  row: Row,
): Metric<Rounds> => ({
  ...row,
  key,
  unit: 'count',
  read: (figures) => (figures.asked === 0 && figures.retries === 0 ? null : figures[key]),
  absent: NO_CALL,
  fromServer: true,
});

const METRICS: readonly Metric<Rounds>[] = [
  counted('asked', {
    name: 'calls_asked_back',
    label: 'calls asked back',
    better: 'neither',
    column: { head: 'calls asked back', in: 'own' },
  }),
  {
    name: 'rounds_per_call',
    key: 'perCall',
    label: 'rounds per call that was asked back',
    unit: 'ratio',
    better: 'neither',
    read: ({ perCall }) => perCall,
    absent: NO_CALL,
    fromServer: true,
    column: { head: 'rounds per such call', in: 'own' },
  },
  {
    name: 'hand_offs',
    key: 'handOffs',
    label: 'rounds in which the server only handed the call on',
    unit: 'count',
    better: 'neither',
    read: ({ handOffs = null }) => handOffs,
    absent: NO_CALL,
    column: { head: 'hand-offs', in: 'own', shownFor: ({ handOffs = 0 }) => handOffs > 0 },
  },
  counted('mostRounds', {
    name: 'rounds_max',
    label: 'rounds of the call that had most',
    better: 'neither',
    column: { head: 'most rounds', in: 'own' },
  }),
  counted('retries', {
    name: 'round_retries',
    label: 'retries with answers',
    better: 'neither',
    column: { head: 'retries', in: 'own' },
  }),
  counted('elsewhere', {
    name: 'retries_elsewhere',
    label: 'retries that reached another instance than the one that had asked',
    better: 'neither',
    column: { head: 'on another instance', in: 'own' },
  }),
  {
    name: 'retries_elsewhere_share',
    key: 'elsewhereShare',
    label: 'share of retries that reached another instance than the one that had asked',
    unit: 'share',
    better: 'neither',
    read: ({ elsewhereShare }) => elsewhereShare,
    absent: 'no retry and its question came from instances that named themselves',
    fromServer: true,
  },
  counted('elsewhereFailed', {
    name: 'retries_elsewhere_failed',
    label: 'retries that failed on another instance than the one that had asked',
    better: 'lower',
    column: { head: 'failed there', in: 'own', isBad: ({ elsewhereFailed }) => elsewhereFailed > 0 },
  }),
  {
    name: 'retries_elsewhere_failed_share',
    key: 'elsewhereFailedShare',
    label: 'share of the retries on another instance that failed',
    unit: 'share',
    better: 'lower',
    read: ({ elsewhereFailedShare }) => elsewhereFailedShare,
    absent: 'no retry reached another instance than the one that had asked',
  },
  counted('refused', {
    name: 'states_refused',
    label: 'retries whose requestState was refused',
    better: 'lower',
    column: { head: 'states refused', in: 'own', isBad: ({ refused }) => refused > 0 },
  }),
  {
    name: 'states_refused_share',
    key: 'refusedShare',
    label: 'share of retries whose requestState was refused',
    unit: 'share',
    better: 'lower',
    read: ({ refusedShare }) => refusedShare,
    absent: NO_RETRY,
    fromServer: true,
  },
  counted('capped', {
    name: 'rounds_capped',
    label: 'calls that were asked back after the most rounds',
    better: 'lower',
    column: { head: 'calls over the cap', in: 'own', isBad: ({ capped }) => capped > 0 },
  }),
  counted('unanswered', {
    name: 'rounds_unanswered',
    label: 'calls asked for what agents do not answer',
    better: 'lower',
    column: {
      head: 'not answered',
      in: 'own',
      shownFor: ({ unanswered }) => unanswered > 0,
      isBad: ({ unanswered }) => unanswered > 0,
    },
  }),
  {
    name: 'request_state_bytes',
    key: 'stateBytes',
    label: 'bytes of requestState in a retry, mean',
    unit: 'count',
    better: 'lower',
    read: ({ stateBytes }) => stateBytes,
    absent: 'no retry carried a requestState',
    column: { head: 'requestState, mean bytes', in: 'own' },
  },
  ...(['p50', 'p99'] as const).map(
    (name): Metric<Rounds> => ({
      name: `round_time_${name}`,
      key: `time.${name}Us`,
      label: `${name} time of a retry`,
      unit: 'time',
      better: 'lower',
      read: ({ time }) => (time.count === 0 ? null : time[`${name}Us`]),
      absent: NO_RETRY,
      column: { head: `time of a retry ${name}`, in: 'own' },
    }),
  ),
];

/** Absent where agents do not answer what servers ask for. */
export const rounds: Quantity<'rounds', Rounds | undefined> = {
  name: 'rounds',
  schema: Rounds.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts && roundFigures(counts);
  },
  metrics: METRICS,
  table: {
    title: 'Rounds',
    hasRow: ({ asked, retries }) => asked > 0 || retries > 0,
    note: () =>
      'A round is an answer before the final one (input_required): it asks for input, or hands the call on without asking for anything. A retry is the request that follows it; its time is from its sending to its answer, without the time that the agent thinks. The response time of a call spans all of its rounds.',
  },
};
