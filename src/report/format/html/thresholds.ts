/** @module The table of thresholds on the page. */
import type { Model } from '../../model.ts';
import { type ThresholdRow, thresholdRows } from '../../table/thresholds.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { type Column, table } from './table.ts';

/** Every threshold on every variant it is for; nothing without thresholds. */
export function thresholds(model: Model): Markup {
  const rows = thresholdRows(model);
  if (rows.length === 0) return EMPTY;
  const columns: readonly Column<ThresholdRow>[] = [
    { head: 'threshold', kind: 'name', cell: ({ check }) => check.threshold },
    {
      head: 'result',
      kind: 'text',
      cell: ({ check }) => check.status,
      isBad: ({ check }) => check.status === 'fail',
    },
    { head: 'measured', kind: 'text', cell: ({ measured }) => measured },
    ...(model.variants.length === 1
      ? []
      : [{ head: 'variant', kind: 'text', cell: ({ variant }: ThresholdRow) => variant } as const]),
    ...(rows.some(({ why }) => why !== '')
      ? [{ head: 'why not judged', kind: 'text', cell: ({ why }: ThresholdRow) => why } as const]
      : []),
  ];
  return html`<h2>Thresholds</h2>${table('Thresholds', columns, rows, 'blocks')}`;
}
