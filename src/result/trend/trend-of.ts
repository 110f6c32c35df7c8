/** @module One metric over many results: a series for each variant of each workload and machine class, with its change points. */
import { VERSION } from '../../units/version.ts';
import type { VariantResult } from '../document.ts';
import { identityOf, keyOf } from '../history/identity.ts';
import { metricsOf, type QuantityMetric, valueIn } from '../measure/metrics.ts';
import type { ResultFile } from '../regression/sides.ts';
import { headlineOf } from '../regression/variant-pairs.ts';
import { meanOf } from '../statistics/mean.ts';
import { CHANGE_POINT_DEFAULTS, type ChangePoint, changePoints } from './change-points.ts';
import type {
  LeftOut,
  TrendChange,
  TrendDocument,
  TrendPoint,
  TrendSegment,
  TrendSeries,
} from './document.ts';

/** A result of a history; baselines have the branch under which they were stored. */
export interface HistoryFile extends ResultFile {
  readonly branch?: string | undefined;
}

export interface TrendOptions {
  readonly label: string;
  /** Absent: the headline metric of each variant. */
  readonly metric: QuantityMetric | undefined;
  readonly createdAt: Date;
}

/** Hunter finds changes in series of 4 to 7 points; in fewer, nothing can be told from chance. */
const MINIMUM_POINTS = 4;

/** A variant of a result: a point of the series `of`, or why it is none. */
interface Examined {
  readonly of: Omit<TrendSeries, 'points' | 'segments' | 'changes' | 'pointsNeeded'>;
  readonly point: Omit<TrendPoint, 'value'>;
  readonly value: number | LeftOut['because'];
}

/** The trend of `files`, in the order of time, whatever theirs is. */
export function trendOf(
  files: readonly HistoryFile[],
  { label, metric, createdAt }: TrendOptions,
): TrendDocument {
  const inOrder = [...files].sort((a, b) => (a.document.createdAt < b.document.createdAt ? -1 : 1));
  const results = withoutCopies(inOrder);
  const examined = results.flatMap((file) =>
    file.document.variants.map((variant) => examine(file, variant, metric)),
  );
  const { window, maxP, minMagnitude } = CHANGE_POINT_DEFAULTS;
  return {
    schema: 'paceline/trend@1',
    paceline: VERSION,
    createdAt: createdAt.toISOString(),
    label,
    results: results.length,
    copies: files.length - results.length,
    search: { window, maxP, minMagnitude, minPoints: MINIMUM_POINTS },
    series: seriesOf(examined),
    leftOut: examined.flatMap(({ of, point, value }) =>
      typeof value === 'number' ? [] : { file: point.file, variant: of.variant, because: value },
    ),
  };
}

/** A baseline is a copy of a result, and both may be below one folder. */
function withoutCopies(files: readonly HistoryFile[]): readonly HistoryFile[] {
  const idOf = ({ document }: HistoryFile): string =>
    [document.createdAt, document.seed, keyOf(identityOf(document))].join(' ');
  return [...new Map(files.map((file) => [idOf(file), file])).values()];
}

function examine(
  { path, document, branch }: HistoryFile,
  variant: VariantResult,
  asked: QuantityMetric | undefined,
): Examined {
  const headline = headlineOf(variant.settings);
  const one = asked ?? metricsOf().find((metric) => metric.path === headline)!;
  const { label, unit, better } = one.metric;
  const { createdAt, revision } = document;
  return {
    of: {
      title: String(document.profile['title'] ?? ''),
      variant: variant.name,
      ...identityOf(document),
      ...(branch !== undefined && { branch }),
      metric: one.path,
      label,
      unit,
      better,
    },
    point: { file: path, createdAt, ...(revision && { revision }) },
    value: valueOrReason(variant, one),
  };
}

/** The value of a variant, unless it says nothing about the servers. */
function valueOrReason(
  { summary, repetitions }: VariantResult,
  metric: QuantityMetric,
): number | LeftOut['because'] {
  if (summary === null) return 'no-value';
  if (summary.calls.ok === 0) return 'nothing-worked';
  if (repetitions.some(({ generator }) => generator.bound)) return 'generator-bound';
  return valueIn(summary, metric) ?? 'no-value';
}

/** The examined variants that belong together, in the order in which their first result was measured. */
function seriesOf(examined: readonly Examined[]): readonly TrendSeries[] & TrendSeries[] {
  const nameOf = ({ of }: Examined): string =>
    JSON.stringify([keyOf(of), of.branch ?? '', of.variant, of.metric]);
  return [...new Set(examined.map(nameOf))].flatMap((name) => {
    const own = examined.filter((one) => nameOf(one) === name);
    const points = own.flatMap(({ point, value }) => (typeof value === 'number' ? { ...point, value } : []));
    // The latest title counts, if it was changed.
    return points.length === 0 ? [] : searched(own.at(-1)!.of, points);
  });
}

function searched(of: Examined['of'], points: TrendPoint[]): TrendSeries {
  const values = points.map(({ value }) => value);
  const isSearched = points.length >= MINIMUM_POINTS;
  const changes = isSearched ? changePoints(values) : [];
  return {
    ...of,
    points,
    segments: segmentsOf(values, changes),
    changes: changes.map((change) => ({
      ...change,
      ratio: change.before === 0 ? null : change.after / change.before,
      direction: directionOf(change, of.better),
    })),
    pointsNeeded: isSearched ? 0 : MINIMUM_POINTS - points.length,
  };
}

function segmentsOf(values: readonly number[], changes: readonly ChangePoint[]): TrendSegment[] {
  const starts = [0, ...changes.map(({ at }) => at)];
  return starts.map((from, place) => {
    const end = starts[place + 1] ?? values.length;
    return { from, to: end - 1, mean: meanOf(values.slice(from, end)) };
  });
}

function directionOf(
  { before, after }: ChangePoint,
  better: TrendSeries['better'],
): TrendChange['direction'] {
  if (better === 'neither') return 'neither';
  return after > before === (better === 'higher') ? 'better' : 'worse';
}
