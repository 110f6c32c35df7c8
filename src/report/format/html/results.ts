/** @module The tables of results: variants, kinds of calls, errors. */
import { figuresIn, metricsOf } from '../../../result/measure/metrics.ts';
import type { Quantities } from '../../../result/measure/quantities.ts';
import type { Quantity } from '../../../result/measure/quantity.ts';
import type { Measured, Model } from '../../model.ts';
import { figureColumns, unitBelow, valueCell } from '../../table/columns.ts';
import { count, NOTHING, percent } from '../../wording.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { type Column, table } from './table.ts';

const name: Column<Measured> = { head: 'variant', kind: 'name', cell: (one) => one.name };

export function variantTable({ measured, quantities }: Model): Markup {
  const columns = figureColumns(quantities, ['results', 'both'], measured);
  const notes = quantities.flatMap((one) =>
    one.note !== undefined && measured.some(({ summary }) => figuresIn(summary, one) !== undefined)
      ? one.note
      : [],
  );
  return html`${table('Results per variant', [name, ...columns], measured, 'blocks')}
<p class="quiet">${notes.join(' ')}</p>`;
}

/** The table of its own that a quantity has, of the variants that have what it shows; nothing without them. */
export function quantityTable(quantity: Quantity, measured: readonly Measured[]): Markup {
  const { table: own } = quantity;
  const rows = measured.filter(({ summary }) => {
    const figures = figuresIn(summary, quantity);
    return figures !== undefined && own?.hasRow(figures);
  });
  if (own === undefined || rows.length === 0) return EMPTY;
  const columns = figureColumns([quantity], ['own'], rows);
  const note = own.note(rows.map(({ summary }) => figuresIn(summary, quantity)!));
  return html`<h2>${own.title}</h2>${table(own.title, [name, ...columns], rows, 'blocks')}
<p class="quiet">${note}</p>`;
}

interface CallRow {
  readonly name: string;
  readonly call: string;
  readonly of: Measured['summary']['byCall'][string];
}

/** The metrics that are known for each kind of call. */
function callColumns(quantities: Quantities): readonly Column<CallRow>[] {
  return metricsOf(quantities).flatMap((one): readonly Column<CallRow>[] => {
    const { byCall, unit, column } = one.metric;
    if (byCall?.head === undefined) return [];
    return [
      {
        head: byCall.head,
        unit: unitBelow(one),
        cell: ({ of }) => valueCell(byCall.read(of), unit, column?.complement),
        isBad: ({ of }) => byCall.isBad?.(of) ?? false,
      },
    ];
  });
}

export function callTable({ measured, quantities }: Model): Markup {
  const rows = measured.flatMap(({ name, summary }) =>
    Object.entries(summary.byCall).map(([call, of]) => ({ name, call, of })),
  );
  const columns: readonly Column<CallRow>[] = [
    { head: 'variant', kind: 'name', cell: (row) => row.name },
    { head: 'call', kind: 'text', cell: (row) => row.call },
    { head: 'calls', cell: ({ of }) => count(of.calls) },
    ...callColumns(quantities),
  ];
  return rows.length === 0
    ? EMPTY
    : html`<h2>Per kind of call</h2>${table('Results per kind of call', columns, rows, 'blocks')}
<p class="quiet">Service time counts from the moment a call was sent; the response time also has the wait before that.</p>`;
}

interface ErrorRow extends Measured {
  readonly outcome: string;
  readonly detail: string;
  readonly example: string;
  readonly calls: number;
  /** Of the due calls. */
  readonly share: number;
}

function errorRows(one: Measured): readonly ErrorRow[] {
  const explained = one.summary.calls.details.map((each) => ({
    ...one,
    outcome: each.outcome,
    detail: each.detail,
    example: each.example ?? '',
    calls: each.count,
    share: each.share,
  }));
  const { dropped, shares } = one.summary.calls;
  return dropped === 0
    ? explained
    : [
        ...explained,
        {
          ...one,
          outcome: 'dropped',
          detail: 'never sent: as many calls as allowed were under way',
          example: '',
          calls: dropped,
          share: shares.dropped ?? 0,
        },
      ];
}

export function errorTable(measured: readonly Measured[]): Markup {
  const rows = measured.flatMap(errorRows);
  const columns: readonly Column<ErrorRow>[] = [
    { head: 'variant', kind: 'name', cell: (row) => row.name },
    { head: 'outcome', kind: 'text', cell: (row) => row.outcome },
    { head: 'calls', cell: (row) => count(row.calls) },
    { head: 'share', unit: '% of due', cell: (row) => percent(row.share) },
    { head: 'error', kind: 'text', cell: (row) => row.detail || NOTHING },
    ...(rows.some(({ example }) => example !== '')
      ? [{ head: 'for example', kind: 'text', cell: (row: ErrorRow) => row.example } as const]
      : []),
  ];
  return rows.length === 0
    ? EMPTY
    : html`<h2>Calls that did not end ok</h2>${table('Errors', columns, rows, 'blocks')}`;
}
