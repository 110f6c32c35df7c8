/** @module The tables of results: variants, kinds of calls, errors. */
import type { Distribution } from '../../result/document.ts';
import { EMPTY, html, type Markup } from '../markup.ts';
import { lostShare, type Measured } from '../measured.ts';
import { timeCell, WHO_IS_TIMED } from '../timed.ts';
import { count, figure, millis, NOTHING, percent, unitShare } from '../wording.ts';
import { type Column, table } from './table.ts';

type Figure = Parameters<typeof timeCell>[1];

const time = <R>(head: string, key: Figure, read: (row: R) => Distribution): Column<R> => ({
  head,
  unit: 'ms',
  cell: (row) => timeCell(read(row), key),
});

const response = ({ summary }: Measured): Distribution => summary.responseTime;
const hasSessions = (one: Measured): boolean => one.summary.sessions !== null;

const VARIANTS: readonly Column<Measured>[] = [
  { head: 'variant', kind: 'name', cell: (one) => one.name },
  { head: 'calls due', cell: ({ summary }) => count(summary.calls.due) },
  {
    head: 'ok',
    unit: '%',
    cell: ({ summary }) => percent(1 - summary.calls.errorRate),
    isBad: ({ summary }) => summary.calls.errorRate > 0,
  },
  time('p50', 'p50Us', response),
  time('p90', 'p90Us', response),
  time('p99', 'p99Us', response),
  time('p99.9', 'p999Us', response),
  { head: 'offered', unit: 'calls/s', cell: ({ summary }) => figure(summary.rate.offeredPerSecond) },
  { head: 'achieved', unit: 'calls/s', cell: ({ summary }) => figure(summary.rate.achievedPerSecond) },
  {
    head: 'owner hits',
    unit: 'rate',
    cell: ({ summary }) => unitShare(summary.sessions?.ownerHitRate ?? null),
    isBad: (one) => lostShare(one.summary) > 0 && (one.summary.sessions?.ownerHitRate ?? 1) < 1,
  },
  { head: 'Jain', unit: 'index', cell: ({ summary }) => unitShare(summary.balance.jain) },
  time('send lag p99', 'p99Us', ({ summary }: Measured) => summary.sendLag),
];

export function variantTable(measured: readonly Measured[]): Markup {
  const columns = VARIANTS.filter((column) => column.head !== 'owner hits' || measured.some(hasSessions));
  const owners = measured.some(hasSessions)
    ? html` Owner hits: the share of sessions whose first call reached the instance that minted them.`
    : EMPTY;
  return html`${table('Results per variant', columns, measured)}
<p class="quiet">Response time in ms from the moment a call was due to its last byte; in it are ${WHO_IS_TIMED}. Achieved counts every answered call.${owners} Jain: 1 when all instances have the same load.</p>`;
}

/** Nothing where no session was re-opened: 0 ms would be a time. */
function reopening(key: 'p50Us' | 'p99Us'): (one: Measured) => string {
  return ({ summary }) => {
    const { reopenTime } = summary.sessions!.handshakes!;
    return reopenTime.count === 0 ? NOTHING : millis(reopenTime[key]);
  };
}

const SESSIONS: readonly Column<Measured>[] = [
  { head: 'variant', kind: 'name', cell: (one) => one.name },
  { head: 'opened', cell: ({ summary }) => count(summary.sessions!.opened) },
  { head: 'lost', cell: ({ summary }) => count(summary.sessions!.lost) },
  { head: 're-opened', cell: ({ summary }) => count(summary.sessions!.reinitialised) },
  { head: 're-opening p50', unit: 'ms', cell: reopening('p50Us') },
  { head: 're-opening p99', unit: 'ms', cell: reopening('p99Us') },
  {
    head: 'handshakes',
    unit: '% of requests',
    cell: ({ summary }) => percent(summary.sessions!.handshakes!.shareOfRequests),
  },
  {
    head: 'handshakes',
    unit: '% of service time',
    cell: ({ summary }) => percent(summary.sessions!.handshakes!.shareOfTime),
  },
  { head: 'streams turned away', cell: ({ summary }) => count(summary.sessions!.streamsRefused) },
];

/** What sessions cost beside the calls; nothing in an era without them. */
export function sessionTable(measured: readonly Measured[]): Markup {
  const rows = measured.filter(({ summary }) => summary.sessions?.handshakes !== undefined);
  if (rows.length === 0) return EMPTY;
  const known = rows.every(({ summary }) => summary.sessions!.handshakes!.before !== undefined);
  const extent = known
    ? 'as far as measured calls needed them: none from before the load or from the warm-up'
    : 'those before the load included';
  return html`<h2>Sessions</h2>${table('Sessions', SESSIONS, rows)}
<p class="quiet">Re-opening: from the answer that told of a lost session to the new one. Handshakes are initialize and notifications/initialized, ${extent}. A GET stream that is turned away (404) stands for a client that waits for it up to its time-out of 30 s.</p>`;
}

interface CallRow {
  readonly name: string;
  readonly call: string;
  readonly of: Measured['summary']['byCall'][string];
}

export function callTable(measured: readonly Measured[]): Markup {
  const rows = measured.flatMap(({ name, summary }) =>
    Object.entries(summary.byCall).map(([call, of]) => ({ name, call, of })),
  );
  const columns: readonly Column<CallRow>[] = [
    { head: 'variant', kind: 'name', cell: (row) => row.name },
    { head: 'call', kind: 'text', cell: (row) => row.call },
    { head: 'calls', cell: ({ of }) => count(of.calls) },
    {
      head: 'ok',
      unit: '%',
      cell: ({ of }) => (of.calls === 0 ? NOTHING : percent(of.ok / of.calls)),
      isBad: ({ of }) => of.ok < of.calls,
    },
    time('response p50', 'p50Us', ({ of }: CallRow) => of.responseTime),
    time('response p99', 'p99Us', ({ of }: CallRow) => of.responseTime),
    time('service p50', 'p50Us', ({ of }: CallRow) => of.serviceTime),
    time('service p99', 'p99Us', ({ of }: CallRow) => of.serviceTime),
  ];
  return rows.length === 0
    ? EMPTY
    : html`<h2>Per kind of call</h2>${table('Results per kind of call', columns, rows)}
<p class="quiet">Service time counts from the moment a call was sent; the difference to the response time is waiting on our side.</p>`;
}

interface ErrorRow extends Measured {
  readonly outcome: string;
  readonly detail: string;
  readonly calls: number;
}

function errorRows(one: Measured): readonly ErrorRow[] {
  const explained = one.summary.calls.details.map((each) => ({
    ...one,
    outcome: each.outcome,
    detail: each.detail,
    calls: each.count,
  }));
  const never = one.summary.calls.dropped;
  return never === 0
    ? explained
    : [
        ...explained,
        {
          ...one,
          outcome: 'dropped',
          detail: 'never sent: as many calls as allowed were under way',
          calls: never,
        },
      ];
}

export function errorTable(measured: readonly Measured[]): Markup {
  const rows = measured.flatMap(errorRows);
  const columns: readonly Column<ErrorRow>[] = [
    { head: 'variant', kind: 'name', cell: (row) => row.name },
    { head: 'outcome', kind: 'text', cell: (row) => row.outcome },
    { head: 'calls', cell: (row) => count(row.calls) },
    { head: 'share', unit: '% of due', cell: (row) => percent(row.calls / row.summary.calls.due) },
    { head: 'explanation, as received', kind: 'text', cell: (row) => row.detail || NOTHING },
  ];
  return rows.length === 0
    ? EMPTY
    : html`<h2>Calls that did not end ok</h2>${table('Errors', columns, rows)}`;
}
