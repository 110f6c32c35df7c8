/** @module The metrics of authorization, for thresholds, tables and CSV. */
import { wrongAllow, wrongDeny, wrongStatus } from './auth-decisions.ts';
import type { AuthFigures } from './auth-figures.ts';
import { statisticOf } from './distribution.ts';
import type { Metric } from './quantity.ts';

const NO_CHECK_TIMES = 'no answer says how long its check took';
const NO_ADDED =
  'no variant without the check has otherwise the same settings and a repetition with the same schedule';
const NO_AUDIT = 'no audit log was compared with the calls';
const NO_CALLS = 'no call was decided';

type Of<Row extends keyof Metric<AuthFigures>> = Pick<Metric<AuthFigures>, Row>;

/** Percentiles of the check. Tables of authorization show it in microseconds, so it has no column of its own. */
const checkAt = (name: string, key: 'p50Us' | 'p99Us'): Metric<AuthFigures> => ({
  name: `auth_${name}`,
  key: `check.${key}`,
  label: `${name} of the check`,
  unit: 'time',
  better: 'lower',
  read: ({ check }) => check && statisticOf(check, key),
  absent: NO_CHECK_TIMES,
  fromServer: true,
  hasSpread: true,
});

/** What the check adds to a percentile of the response time. */
const addedAt = (percentile: 50 | 90 | 99): Metric<AuthFigures> => ({
  name: `auth_added_p${percentile}`,
  key: `added.p${percentile}Us`,
  label: `what the check adds to p${percentile}`,
  unit: 'time',
  better: 'lower',
  read: ({ added }) => added?.[`p${percentile}Us`],
  absent: NO_ADDED,
  statistic: { word: 'auth added', percentile },
  range({ added }) {
    const interval = added?.intervals?.[`p${percentile}Us`];
    return interval === undefined
      ? { low: -Infinity, high: Infinity, why: 'fewer than 3 pairs of repetitions have no interval' }
      : { low: interval.lowUs, high: interval.highUs, why: 'the bound is within its 95 % interval' };
  },
});

/** A number of calls or records that should be 0. The generator cannot cause it, however late it is. */
function mistakes(
  row: Of<'name' | 'key' | 'label' | 'absent'>,
  read: (figures: AuthFigures) => number | null | undefined,
): Metric<AuthFigures> {
  return {
    ...row,
    unit: 'count',
    better: 'lower',
    read,
    despiteGenerator: { serverPart: (figures) => read(figures) ?? 0 },
  };
}

const decided = ({ decisions }: AuthFigures, value: number): number | null =>
  decisions.allowed + decisions.denied === 0 ? null : value;

/** A number of decisions; those of one identity are wrong in the way that `wrongIn` counts. */
const decision = (
  name: string,
  key: keyof AuthFigures['decisions'],
  label: string,
  wrongIn?: (row: MatrixRow) => number,
): Metric<AuthFigures> => ({
  ...mistakes({ name, key: `decisions.${key}`, label, absent: NO_CALLS }, (figures) =>
    decided(figures, figures.decisions[key]),
  ),
  ...(wrongIn && { byIdentity: (figures, ...whose) => wrongOf(figures, wrongIn, ...whose) }),
});

type MatrixRow = AuthFigures['matrix'][number];

function wrongOf(
  { matrix }: AuthFigures,
  wrongIn: (row: MatrixRow) => number,
  identity: string,
  call: string | undefined,
): number | null {
  const rows = matrix.filter((row) => row.identity === identity && (call === undefined || row.call === call));
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + wrongIn(row), 0);
}

const audited = (
  name: string,
  key: keyof NonNullable<AuthFigures['audit']>,
  label: string,
): Metric<AuthFigures> =>
  mistakes({ name, key: `audit.${key}`, label, absent: NO_AUDIT }, ({ audit }) => audit?.[key]);

export const AUTH_METRICS: readonly Metric<AuthFigures>[] = [
  checkAt('p50', 'p50Us'),
  checkAt('p99', 'p99Us'),
  addedAt(50),
  addedAt(90),
  addedAt(99),
  decision('wrong_allows', 'wrongAllow', 'calls wrongly allowed', wrongAllow),
  decision('wrong_denies', 'wrongDeny', 'calls wrongly refused', wrongDeny),
  decision('wrong_status', 'wrongStatus', 'refused calls with 401 for 403 or the reverse', wrongStatus),
  decision('auth_disagreeing', 'disagreeing', 'calls that instances decided differently'),
  {
    name: 'stale_window',
    key: 'staleWindowUs',
    label: 'time for which calls were allowed after their right was gone',
    unit: 'time',
    better: 'lower',
    read: ({ staleWindowUs }) => staleWindowUs,
    absent: 'no event took a right away, or no call followed it',
    range: ({ staleWindowUs, events }) =>
      staleWindowUs !== null && events.some(({ open }) => open)
        ? { low: staleWindowUs, high: Infinity, why: 'calls were still allowed when the measured time ended' }
        : null,
  },
  {
    name: 'stale_allowed',
    key: 'staleAllowed',
    label: 'calls allowed after their right was gone',
    unit: 'count',
    better: 'lower',
    read: ({ staleAllowed }) => staleAllowed,
    absent: 'no event took a right away, or no call followed it',
  },
  audited('audit_missing', 'missing', 'calls without an audit record'),
  audited('audit_duplicate', 'duplicate', 'calls with several audit records'),
  audited('audit_contradicting', 'contradicting', 'audit records that contradict the answer'),
  audited('audit_elsewhere', 'elsewhere', 'calls decided by another instance than answered'),
  audited('audit_unknown', 'unknown', 'audit records of no call'),
  audited('audit_secrets', 'secrets', 'lines of audit logs with a token'),
];
