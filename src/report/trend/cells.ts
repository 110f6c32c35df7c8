/** @module How parts of a trend read: names of series, moments, commits, changes, and what is left out. */
import type { LeftOut, TrendChange, TrendPoint, TrendSeries } from '../../result/trend/document.ts';
import { changeText, valueText } from '../regression/change-cells.ts';
import { NOTHING, plural } from '../wording.ts';

/** How many digits of a commit are shown. */
const COMMIT_DIGITS = 10;

/** `Nightly, "sticky"`, with the branch where it is known. */
export function seriesName({ title, variant, branch }: TrendSeries): string {
  const parts = [
    title === '' ? 'profile without a title' : title,
    ...(variant === '' ? [] : [`“${variant}”`]),
    ...(branch === undefined ? [] : [`branch ${branch}`]),
  ];
  return parts.join(', ');
}

/** `AMD EPYC 7B13, 8 cores, Linux, Node.js 20; workload 3f2a91c04b77`. */
export const seriesPlace = ({ machine, workload }: TrendSeries): string =>
  `${machine.cpu}, ${plural(machine.cores, 'core')}, ${machine.os}, Node.js ${machine.node}; workload ${workload}`;

/** `2026-10-07 02:00`, in UTC. */
export const momentText = ({ createdAt }: Pick<TrendPoint, 'createdAt'>): string =>
  createdAt.slice(0, 16).replace('T', ' ');

/** `1a2b3c4d5e`, `1a2b3c4d5e-dirty`; `–` where it is not known. */
export const commitText = ({ revision }: Pick<TrendPoint, 'revision'>): string =>
  revision === undefined
    ? NOTHING
    : `${revision.commit.slice(0, COMMIT_DIGITS)}${revision.isDirty === true ? '-dirty' : ''}`;

/** `1.00 ms -> 1.50 ms`. */
export const stepText = (series: TrendSeries, { before, after }: TrendChange): string =>
  `${valueText(series, before)} → ${valueText(series, after)}`;

/** `+50.0 %`; of a change from 0 the difference. */
export const sizeOfChange = ({ unit }: TrendSeries, { ratio, before, after }: TrendChange): string =>
  ratio === null
    ? changeText({ scale: 'difference', unit }, after - before)
    : changeText({ scale: 'ratio', unit }, ratio);

/** `p 3e-8`. */
export const pText = (p: number): string => (p < 1e-12 ? 'p <1e-12' : `p ${p.toExponential(0)}`);

/** What is needed for a search: `3 results; a search for change points needs at least 4, so 1 more`. */
export function neededText({ points, pointsNeeded }: TrendSeries): string {
  const search = `a search for change points needs at least ${points.length + pointsNeeded}, so ${pointsNeeded} more`;
  return points.length === 1
    ? `one result is no trend yet: two show one, and ${search}`
    : `${plural(points.length, 'result')}; ${search}`;
}

const REASONS: Readonly<Record<LeftOut['because'], string>> = {
  'no-value': 'has no value of the metric',
  'nothing-worked': 'not one call ended ok',
  'generator-bound': 'the generator was the bottleneck in a repetition',
};

/** Why a variant of a result is no point, as a clause. */
export const leftOutText = ({ because }: LeftOut): string => REASONS[because];
