/** @module The table of the slowest calls of a variant, and what they have in common. */
import type { Slowest } from '../../result/measure/slowest-figures.ts';
import type { Measured } from '../model.ts';
import { count, list, millis, moment, NOTHING, plain, plural } from '../wording.ts';

type SlowCall = Slowest['calls'][number];

/** A variant with calls that have a response time. */
export interface WithSlowest extends Measured {
  readonly slowest: Slowest;
}

/** Those whose slowest calls are known: not those of older results. */
export const withSlowest = (measured: readonly Measured[]): readonly WithSlowest[] =>
  measured.flatMap((one): readonly WithSlowest[] => {
    const { slowest } = one.summary;
    return slowest === undefined ? [] : [{ ...one, slowest }];
  });

/** A column. `code` is there to be copied. */
export interface SlowestColumn {
  readonly head: string;
  readonly unit?: string;
  readonly kind?: 'text' | 'code';
  readonly cell: (call: SlowCall) => string;
}

const secondsOf = (us: number): string => (us / 1e6).toFixed(2);

const traceId = ({ traceparent }: SlowCall): string => traceparent?.split('-')[1] ?? NOTHING;

/** The columns for the calls of a variant: those that say something of at least one. */
export function slowestColumns({ slowest: { calls }, variant }: WithSlowest): readonly SlowestColumn[] {
  const repetition: SlowestColumn = { head: 'repetition', cell: (one) => count((one.repetition ?? 0) + 1) };
  const instance: SlowestColumn = {
    head: 'instance',
    kind: 'text',
    cell: (one) => (one.instance === null ? NOTHING : plain(one.instance)),
  };
  const wait: SlowestColumn = {
    head: 'wait for a connection',
    unit: 'ms',
    cell: ({ connectionWaitUs }) => millis(connectionWaitUs),
  };
  return [
    { head: 'due at', unit: 's', cell: ({ dueUs }) => secondsOf(dueUs) },
    ...(variant.repetitions.length > 1 ? [repetition] : []),
    { head: 'response time', unit: 'ms', cell: ({ responseUs }) => millis(responseUs) },
    {
      head: 'service time',
      unit: 'ms',
      cell: ({ serviceUs }) => (serviceUs === null ? NOTHING : millis(serviceUs)),
    },
    { head: 'send lag', unit: 'ms', cell: ({ sendLagUs }) => millis(sendLagUs) },
    ...(calls.some(({ connectionWaitUs }) => connectionWaitUs > 0) ? [wait] : []),
    { head: 'call', kind: 'text', cell: ({ call }) => plain(call) },
    { head: 'agent', cell: ({ agent }) => count(agent) },
    ...(calls.some((one) => one.instance !== null) ? [instance] : []),
    { head: 'outcome', kind: 'text', cell: ({ outcome }) => outcome },
    ...(calls.some(({ traceparent }) => traceparent !== null)
      ? [{ head: 'trace id', kind: 'code', cell: traceId } as const]
      : []),
  ];
}

/** Sentences on what most of the calls have in common, where that was seen, and on those that were never answered. */
export function slowestNotes({ slowest, variant }: WithSlowest): readonly string[] {
  const { calls, together, atInstance } = slowest;
  const timeouts = calls.filter(({ outcome }) => outcome === 'timeout').length;
  return [
    ...(together === null
      ? []
      : [`${capitalCount(together.calls, calls)} fell due ${spanOf(together, variant)}.`]),
    ...(atInstance === null
      ? []
      : [
          `${capitalCount(atInstance.calls, calls)} were answered by instance ${plain(atInstance.instance)}.`,
        ]),
    ...(timeouts === 0
      ? []
      : [
          `${plural(timeouts, 'call')} timed out: nothing is known of an answer, and the time is that after which the call was given up (load.timeout).`,
        ]),
  ];
}

const capitalCount = (some: number, { length }: readonly unknown[]): string =>
  some === length ? `All ${length}` : `${some} of the ${length}`;

function spanOf(
  { repetition = 0, fromUs, toUs }: NonNullable<Slowest['together']>,
  { repetitions }: Measured['variant'],
): string {
  const span = list([...new Set([fromUs, toUs].map((us) => moment(us / 1000)))]);
  const between = span.includes(' and ') ? `between ${span}` : `at ${span}`;
  return repetitions.length < 2 ? between : `${between} of repetition ${repetition + 1}`;
}
