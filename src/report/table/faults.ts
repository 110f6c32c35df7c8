/** @module The effects of injected faults, a row per variant and fault: for the page, the terminal and Markdown. */
import type { FaultSummary, Spread } from '../../result/document.ts';
import type { Measured, Model } from '../model.ts';
import { count, figure, moment, NOTHING } from '../wording.ts';
import type { TextTable } from './headline.ts';

/** A fault of a variant that was measured. */
export interface FaultRow {
  readonly one: Measured;
  readonly fault: FaultSummary;
}

/** Every fault of every variant. */
export function faultRows({ measured }: Model): readonly FaultRow[] {
  return measured.flatMap((one) => (one.variant.faults ?? []).map((fault) => ({ one, fault })));
}

/** Whether calls failed after it, within the measured time or later. */
export const hasFailures = ({ callsFailed, failedLater = null }: FaultSummary): boolean =>
  (callsFailed?.max ?? 0) > 0 || failedLater !== null;

/** `0.4 [0.2, 0.9]`: mean and interval in units of `size`; `never` where no repetition had it. */
export function spreadCell(spread: Spread | null, size: number, none: string): string {
  if (spread === null) return none;
  const { mean, ciLow, ciHigh, never } = spread;
  const show = (value: number): string =>
    size === 1 && Number.isInteger(value) ? count(value) : value === 0 ? '0' : figure(value / size);
  const range =
    ciLow === null || ciHigh === null || ciLow === ciHigh ? '' : ` [${show(ciLow)}, ${show(ciHigh)}]`;
  return `${show(mean)}${range}${never === 0 ? '' : `, ${none} in ${never}`}`;
}

interface FaultColumn {
  readonly head: string;
  /** Whether a fault gives reason to show it; absent: each does. */
  readonly shownFor?: (fault: FaultSummary) => boolean;
  readonly cell: (row: FaultRow) => string;
}

/** Head of the column that only faults of runs with handles have. */
export const REFUSED = 'handles refused';

const COLUMNS: readonly FaultColumn[] = [
  { head: 'variant', cell: ({ one }) => one.name },
  { head: 'fault', cell: ({ fault }) => `${fault.kind} at ${moment(fault.atMs)}` },
  { head: 'calls failed', cell: ({ fault }) => spreadCell(fault.callsFailed, 1, NOTHING) },
  {
    head: 'failed later',
    shownFor: ({ failedLater = null }) => failedLater !== null,
    cell: ({ fault }) => spreadCell(fault.failedLater ?? null, 1, NOTHING),
  },
  { head: 'sessions lost', cell: ({ fault }) => spreadCell(fault.sessionsLost, 1, NOTHING) },
  {
    head: REFUSED,
    shownFor: ({ handles = null }) => handles !== null,
    cell: ({ fault }) => refusedCell(fault),
  },
  { head: 'errors stop, s', cell: ({ fault }) => spreadCell(fault.errorsStopMs, 1000, 'never') },
  { head: 'load even, s', cell: ({ fault }) => spreadCell(fault.rebalanceMs, 1000, 'never') },
  { head: 'p99 during, ms', cell: ({ fault }) => spreadCell(fault.p99DuringUs, 1000, NOTHING) },
];

/** `12 [8, 16] of 180`: of the calls with a handle, those that had it refused. */
function refusedCell({ handles = null, handlesRefused = null }: FaultSummary): string {
  if (handles === null) return NOTHING;
  return `${spreadCell(handlesRefused, 1, NOTHING)} of ${spreadCell(handles, 1, NOTHING)}`;
}

/** A row per fault; none without faults. */
export function faultTable(model: Model): TextTable {
  const rows = faultRows(model);
  const columns = COLUMNS.filter(({ shownFor }) => !shownFor || rows.some(({ fault }) => shownFor(fault)));
  return {
    heads: columns.map(({ head }) => head),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
}
