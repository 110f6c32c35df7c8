/** @module Format `csv`: a row per variant and repetition, and one per variant for all of them; units in the names of the columns (RFC 4180). */
import type { Repetition, Summary } from '../../result/document.ts';
import { metricsOf, valueIn } from '../../result/measure/metrics.ts';
import type { Quantities } from '../../result/measure/quantities.ts';
import type { Metric } from '../../result/measure/quantity.ts';
import { type Render, single } from './rendered.ts';

type Cell = string | number | boolean | null;
type Row = readonly (readonly [column: string, cell: Cell])[];

/** Every metric; empty where there is no value, as of times when no call had one. */
function figuresOf(summary: Summary, quantities: Quantities): Row {
  return metricsOf(quantities).map((one) => [columnOf(one.metric), valueIn(summary, one) ?? null]);
}

const columnOf = ({ name, csv, unit }: Metric): string => csv ?? (unit === 'time' ? `${name}_us` : name);

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

export const csv: Render = async ({ document, variants, quantities }) => {
  const hasFaults = document.variants.some(({ faults }) => faults !== undefined);
  const fault = (one: Repetition | undefined): Row => (hasFaults ? faultsOf(one) : []);
  const rows = variants.flatMap(({ name, variant }): readonly Row[] => {
    const head = (kind: string): Row => [
      ['variant', name],
      ['kind', kind],
    ];
    const trials = variant.repetitions.map((one) => [
      ...head('repetition'),
      ...trialOf(one),
      ...figuresOf(one, quantities),
      ...fault(one),
    ]);
    const { summary } = variant;
    if (summary === null) return trials;
    return [
      ...trials,
      [...head('summary'), ...trialOf(undefined), ...figuresOf(summary, quantities), ...fault(undefined)],
    ];
  });
  const heads = rows[0]?.map(([column]) => column) ?? ['variant', 'kind'];
  const lines = [heads.join(','), ...rows.map((row) => row.map(([, cell]) => csvCell(cell)).join(','))];
  return single('report.csv', `${lines.join('\r\n')}\r\n`);
};
