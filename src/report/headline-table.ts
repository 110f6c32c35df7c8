/** @module The few figures per variant that a terminal or a comment on a pull request has room for. */
import type { ResultDocument } from '../result/document.ts';
import { type Measured, measuredOf } from './measured.ts';
import { timeCell } from './timed.ts';
import { count, figure, percent, unitShare } from './wording.ts';

interface HeadlineColumn {
  readonly head: string;
  readonly cell: (one: Measured) => string;
}

const COLUMNS: readonly HeadlineColumn[] = [
  { head: 'variant', cell: (one) => one.name },
  { head: 'ok %', cell: ({ summary }) => percent(1 - summary.calls.errorRate) },
  { head: 'errors', cell: ({ summary }) => count(summary.calls.due - summary.calls.ok) },
  { head: 'p50 ms', cell: ({ summary }) => timeCell(summary.responseTime, 'p50Us') },
  { head: 'p99 ms', cell: ({ summary }) => timeCell(summary.responseTime, 'p99Us') },
  { head: 'achieved/s', cell: ({ summary }) => figure(summary.rate.achievedPerSecond) },
  { head: 'owner hits', cell: ({ summary }) => unitShare(summary.sessions?.ownerHitRate ?? null) },
  { head: 'Jain', cell: ({ summary }) => unitShare(summary.balance.jain) },
];

/** Heads, and a row of cells per measured variant; the first cell is its name, the others are figures. */
export function headlineTable(document: ResultDocument): {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const measured = measuredOf(document);
  return {
    heads: COLUMNS.map((column) => column.head),
    rows: measured.map((one) => COLUMNS.map((column) => column.cell(one))),
  };
}
