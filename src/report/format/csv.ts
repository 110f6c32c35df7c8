/** @module Format `csv`: a row per variant and repetition, and one per variant for all of them; units in the names of the columns (RFC 4180). */
import { OUTCOMES } from '../../protocol/outcome.ts';
import type { Distribution, Repetition, Summary } from '../../result/document.ts';
import { namesOf } from '../measured.ts';
import { type Render, single } from './rendered.ts';

type Cell = string | number | boolean | null;
type Row = readonly (readonly [column: string, cell: Cell])[];

const SERIES = [
  ['response_time', 'responseTime'],
  ['service_time', 'serviceTime'],
  ['send_lag', 'sendLag'],
] as const;
const FIGURES: readonly (readonly [string, keyof Distribution])[] = [
  ['mean_us', 'meanUs'],
  ['p50_us', 'p50Us'],
  ['p90_us', 'p90Us'],
  ['p95_us', 'p95Us'],
  ['p99_us', 'p99Us'],
  ['p999_us', 'p999Us'],
  ['max_us', 'maxUs'],
];

/** Empty cells for the times of a series in which no call had one. */
function figuresOf(summary: Summary): Row {
  const { calls, rate, balance, sessions } = summary;
  return [
    ['calls_due', calls.due],
    ['calls_sent', calls.sent],
    ['calls_dropped', calls.dropped],
    ['error_rate', calls.errorRate],
    ...OUTCOMES.map(
      (outcome) => [`calls_${outcome.replaceAll('-', '_')}`, calls.outcomes[outcome] ?? 0] as const,
    ),
    ['offered_per_second', rate.offeredPerSecond],
    ['achieved_per_second', rate.achievedPerSecond],
    ...SERIES.flatMap(([column, key]) =>
      FIGURES.map(
        ([figure, of]) =>
          [`${column}_${figure}`, summary[key].count === 0 ? null : summary[key][of]] as const,
      ),
    ),
    ['jain_index', balance.jain],
    ['max_over_mean', balance.maxOverMean],
    ['owner_hit_rate', sessions?.ownerHitRate ?? null],
    ['calls_on_owner', sessions?.callsOnOwner ?? null],
    ['calls_in_session', sessions?.callsInSession ?? null],
    ['sessions_opened', sessions?.opened ?? null],
    ['sessions_lost', sessions?.lost ?? null],
  ];
}

/** The row of all repetitions has no trial: its cells are empty. */
function trialOf(repetition: Repetition | undefined): Row {
  return [
    ['repetition', repetition ? repetition.index + 1 : null],
    ['order', repetition ? repetition.order + 1 : null],
    ['started_at', repetition?.startedAt ?? null],
    ['complete', repetition?.complete ?? null],
    ['generator_cpu_share', repetition?.generator.cpu ?? null],
    ['generator_event_loop_delay_p99_us', repetition?.generator.eventLoopDelayP99Us ?? null],
    ['generator_gc_share', repetition?.generator.gc ?? null],
    ['generator_bound', repetition?.generator.bound ?? null],
  ];
}

/** Of all faults of a repetition together: counts added up, the longest times; empty where errors went on or load stayed uneven. */
function faultsOf(repetition: Repetition | undefined): Row {
  const faults = repetition?.faults ?? [];
  const sum = (key: 'callsFailed' | 'sessionsLost'): Cell =>
    repetition === undefined ? null : faults.reduce((total, fault) => total + fault[key], 0);
  const longest = (key: 'errorsStopMs' | 'rebalanceMs'): Cell => {
    const times = faults.flatMap((fault) => fault[key] ?? []);
    return faults.length === 0 || times.length < faults.length ? null : Math.max(...times);
  };
  return [
    ['faults', faults.map(({ kind, instance }) => `${kind} ${instance}`).join('; ')],
    ['fault_calls_failed', sum('callsFailed')],
    ['fault_sessions_lost', sum('sessionsLost')],
    ['fault_errors_stop_ms', longest('errorsStopMs')],
    ['fault_rebalance_ms', longest('rebalanceMs')],
  ];
}

/** Quoted where needed; text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csv: Render = async (document) => {
  const names = namesOf(document);
  const hasFaults = document.variants.some(({ faults }) => faults !== undefined);
  const fault = (one: Repetition | undefined): Row => (hasFaults ? faultsOf(one) : []);
  const rows = document.variants.flatMap((variant, place): readonly Row[] => {
    const head = (kind: string): Row => [
      ['variant', names[place]!],
      ['kind', kind],
    ];
    const trials = variant.repetitions.map((one) => [
      ...head('repetition'),
      ...trialOf(one),
      ...figuresOf(one),
      ...fault(one),
    ]);
    const all = variant.summary
      ? [[...head('summary'), ...trialOf(undefined), ...figuresOf(variant.summary), ...fault(undefined)]]
      : [];
    return [...trials, ...all];
  });
  const heads = rows[0]?.map(([column]) => column) ?? ['variant', 'kind'];
  const lines = [heads.join(','), ...rows.map((row) => row.map(([, cell]) => csvCell(cell)).join(','))];
  return single('report.csv', `${lines.join('\r\n')}\r\n`);
};
