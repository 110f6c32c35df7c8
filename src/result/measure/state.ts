/** @module The quantity `state`: what state behind handles costs a call, and how many calls found their handle refused. */
import { z } from 'zod';
import { state as measure } from '../../recording/measure/state.ts';
import { countsOf } from '../../recording/recording.ts';
import { Distribution, distribution } from './distribution.ts';
import type { Metric, Quantity } from './quantity.ts';

const count = z.int().min(0);

const State = z.object({
  calls: count.describe(
    'Calls whose requests brought a handle, by the answers. In older results, also the calls that made one.',
  ),
  unknown: count.describe('Of these, the calls whose handle the instance did not know, or refused.'),
  unknownShare: z.number().min(0).max(1).describe('Their share; 0 where no call brought a handle.'),
  bytesPerCall: z
    .number()
    .min(0)
    .describe(
      'Bytes of the handles in a request and its answer, each as often as it stands there; the mean of all calls that used a handle, those that made one included.',
    ),
  rotated: z
    .object({
      calls: count.describe('Calls that brought a handle that an earlier key had signed.'),
      unknown: count.describe('Of these, the calls whose handle was refused.'),
    })
    .optional()
    .describe('After rotations of the signing key. Absent where no call brought such a handle.'),
  stolen: z
    .object({
      calls: count.describe('Calls with the handle of another agent that the server let through or refused.'),
      refused: count.describe('Of these, the calls that it refused.'),
    })
    .optional()
    .describe(
      'Misuse that steps with `stolen` plant; in none of the other figures. Absent where there was none.',
    ),
  time: Distribution.describe(
    "Making, reading or changing what is behind the handle, by the server's own account.",
  ),
});
export type StateFigures = z.infer<typeof State>;

const NONE = 'no answer said that its call used a handle';

const time = (word: string, key: 'p50Us' | 'p99Us'): Metric<StateFigures> => ({
  name: `state_${word}`,
  key: `time.${key}`,
  label: `${word} time of state`,
  unit: 'time',
  better: 'lower',
  read: ({ time }) => time[key],
  absent: NONE,
  fromServer: true,
  column: { head: `state ${word}`, in: 'own' },
});

const NOT_ROTATED = 'no call brought a handle that an earlier key had signed';
const NOT_STOLEN = 'no agent used the handle of another one';

/** A count of calls that only some runs have. */
const counted = (
  name: string,
  row: Pick<Metric<StateFigures>, 'key' | 'label' | 'better' | 'read' | 'absent' | 'column'>,
): Metric<StateFigures> => ({ name: `state_${name}`, unit: 'count', fromServer: true, ...row });

/** Of keys that change, and of planted misuse. */
const OF_SOME: readonly Metric<StateFigures>[] = [
  counted('rotated', {
    key: 'rotated.calls',
    label: 'calls whose handle an earlier key had signed',
    better: 'neither',
    read: ({ rotated }) => rotated?.calls,
    absent: NOT_ROTATED,
    column: { head: 'after a rotation', in: 'own', shownFor: ({ rotated }) => rotated !== undefined },
  }),
  counted('rotated_unknown', {
    key: 'rotated.unknown',
    label: 'calls whose handle an earlier key had signed, and that had it refused',
    better: 'lower',
    read: ({ rotated }) => rotated?.unknown,
    absent: NOT_ROTATED,
    column: {
      head: 'of these refused',
      in: 'own',
      shownFor: ({ rotated }) => rotated !== undefined,
      isBad: ({ rotated }) => (rotated?.unknown ?? 0) > 0,
    },
  }),
  counted('stolen', {
    key: 'stolen.calls',
    label: 'calls with the handle of another agent',
    better: 'neither',
    read: ({ stolen }) => stolen?.calls,
    absent: NOT_STOLEN,
    column: { head: 'stolen', in: 'own', shownFor: ({ stolen }) => stolen !== undefined },
  }),
  counted('stolen_refused', {
    key: 'stolen.refused',
    label: 'calls with the handle of another agent that were refused',
    better: 'neither',
    read: ({ stolen }) => stolen?.refused,
    absent: NOT_STOLEN,
    column: {
      head: 'stolen, refused',
      in: 'own',
      shownFor: ({ stolen }) => stolen !== undefined,
      isBad: ({ stolen }) => stolen !== undefined && stolen.refused < stolen.calls,
    },
  }),
  counted('stolen_allowed', {
    key: 'stolen.allowed',
    label: 'calls with the handle of another agent that were not refused',
    better: 'lower',
    read: ({ stolen }) => stolen && stolen.calls - stolen.refused,
    absent: NOT_STOLEN,
  }),
];

/** Absent when no answer says that its call used a handle. */
export const state: Quantity<'state', StateFigures | undefined> = {
  name: 'state',
  schema: State.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    if (counts === undefined || counts.time.count === 0) return undefined;
    const { calls, unknown, bytes, time, rotated, rotatedUnknown, stolen, stolenRefused } = counts;
    return {
      calls,
      unknown,
      unknownShare: calls === 0 ? 0 : unknown / calls,
      bytesPerCall: bytes / time.count,
      ...(rotated > 0 && { rotated: { calls: rotated, unknown: rotatedUnknown } }),
      ...(stolen > 0 && { stolen: { calls: stolen, refused: stolenRefused } }),
      time: distribution(time),
    };
  },
  metrics: [
    {
      name: 'state_calls',
      key: 'calls',
      label: 'calls that brought a handle',
      unit: 'count',
      better: 'neither',
      read: ({ calls }) => calls,
      absent: NONE,
      column: { head: 'calls with a handle', in: 'own' },
    },
    {
      name: 'state_unknown',
      key: 'unknown',
      label: 'calls whose handle was refused',
      unit: 'count',
      better: 'lower',
      read: ({ unknown }) => unknown,
      absent: NONE,
      fromServer: true,
      column: { head: 'refused', in: 'own', isBad: ({ unknown }) => unknown > 0 },
    },
    {
      name: 'state_unknown_share',
      key: 'unknownShare',
      label: 'share of calls whose handle was refused',
      unit: 'share',
      better: 'lower',
      read: ({ calls, unknownShare }) => (calls === 0 ? null : unknownShare),
      absent: 'no call brought a handle',
      fromServer: true,
      counted: ({ unknown, calls }) => ({ events: unknown, of: calls }),
      column: {
        head: 'refused',
        unit: '% of calls with a handle',
        in: 'own',
        isBad: ({ unknown }) => unknown > 0,
      },
    },
    {
      name: 'state_bytes',
      key: 'bytesPerCall',
      label: 'bytes of handles per call',
      unit: 'ratio',
      better: 'lower',
      read: ({ bytesPerCall }) => bytesPerCall,
      absent: NONE,
      fromServer: true,
      column: { head: 'handles', unit: 'bytes per call', in: 'own' },
    },
    ...OF_SOME,
    time('p50', 'p50Us'),
    time('p99', 'p99Us'),
  ],
  parts: [
    {
      key: 'time',
      word: 'state',
      series: (recording) => countsOf(recording, measure)?.time,
      read: ({ time }) => time,
      absent: NONE,
      fromServer: true,
    },
  ],
  table: {
    title: 'State behind handles',
    hasRow: () => true,
    note: (all) =>
      `By the account of the servers (Server-Timing). The time is that of making, reading or changing what is behind the handle, within the tool. The bytes are those of the handle in the request and in the answer, where it stands twice: as text and as structured content. Calls with a handle are those whose request brought one: calls that made one are in the times and bytes only. A handle is refused that the instance does not know, or that is over, or not of this caller.${notesOf(all)}`,
  },
};

const notesOf = (all: readonly StateFigures[]): string =>
  [
    all.some(({ rotated }) => rotated) &&
      ' After a rotation: calls whose handle an earlier key had signed; they are among the calls with a handle.',
    all.some(({ stolen }) => stolen) &&
      ' Stolen: answered calls that another agent made with the handle, as the profile plants them; they are in no other figure of this table.',
  ]
    .filter((note) => note !== false)
    .join('');
