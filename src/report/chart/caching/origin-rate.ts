/** @module Chart: requests that reach the origin in steps of 100 ms, a panel per variant, with the changes of the catalogue marked. */
import { besideCaches, type Cached, nounOf } from '../../caching/cached.ts';
import { changeText } from '../../caching/changes.ts';
import { figureCell } from '../../table/caching/section.ts';
import { moment, NOTHING, plain, shorten } from '../../wording.ts';
import type { DrawChart } from '../chart.ts';
import { OK } from '../palette.ts';
import { type Lines, linePanels, timeAxis } from '../panels.ts';

const STEP_MS = 100;
const LONGEST_WHAT = 12;
/** More points per panel are merged: they cannot be seen, and the page must stay small. */
const MOST_POINTS = 400;

interface Point {
  readonly panel: string;
  readonly second: number;
  readonly perSecond: number;
}

/** How many steps a point stands for: it has the busiest of them, since a mean would hide a burst. */
const mergedSteps = (some: readonly Cached[]): number =>
  Math.ceil(Math.max(...some.map(({ cache }) => cache.originSteps.length)) / MOST_POINTS);

function pointsOf({ cache, variant }: Cached, panel: string, size: number): readonly Point[] {
  const { originSteps } = cache;
  const repetitions = Math.max(1, variant.repetitions.length);
  return Array.from({ length: Math.ceil(originSteps.length / size) }, (_, at) => {
    const busiest = Math.max(...originSteps.slice(at * size, (at + 1) * size));
    const perSecond = Number(((busiest * 1000) / STEP_MS / repetitions).toFixed(1));
    return { panel, second: (at * size * STEP_MS) / 1000, perSecond };
  });
}

/** The line of a panel, flat for the length of a step. */
function linesOf(points: readonly Point[], seconds: readonly number[]): Lines {
  const most = Math.max(1, ...points.map(({ perSecond }) => perSecond));
  return {
    mark: { type: 'area', interpolate: 'step-after', color: OK, line: false },
    encoding: {
      x: timeAxis(seconds),
      y: {
        field: 'perSecond',
        type: 'quantitative',
        scale: { domain: [0, most * 1.08], nice: false },
        axis: { title: 'at the origin, per s', tickCount: 4 },
      },
    },
  };
}

export const originRate: DrawChart = (model) => {
  const some = besideCaches(model).filter(({ cache }) => cache.originSteps.some((many) => many > 0));
  if (some.length === 0) return undefined;
  const size = mergedSteps(some);
  const marksOf = (one: Cached) =>
    one.cache.changes.map((change) => ({
      atMs: change.atMs,
      kind: `${shorten(plain(change.what), LONGEST_WHAT)} change`,
    }));
  return {
    name: 'cache-origin-rate',
    title: `${nounOf(some) === 'lists' ? 'Lists' : 'Requests'} at the origin over the measured time`,
    caption: `Requests that no cache answered, by the ${STEP_MS} ms in which they were sent, as a rate; the mean of all repetitions. Entries that expire together show as peaks.${
      size === 1 ? '' : ` Of ${size} steps each, the busiest is drawn.`
    }`,
    spec: (width) =>
      linePanels(some, width, {
        field: 'perSecond',
        pointsOf: (one, panel) => pointsOf(one, panel, size),
        linesOf,
        marksOf,
      }),
    table: {
      columns: ['variant', 'mean per s', 'busiest 100 ms, per s', 'peak over mean', 'at', 'changes'],
      rows: some.map((one) => [
        one.name,
        figureCell(one.cache.originPerSecond),
        figureCell(one.cache.peakPerSecond),
        figureCell(one.cache.peakOverMean),
        peakAt(one),
        one.cache.changes.map(changeText).join(', ') || NOTHING,
      ]),
    },
  };
};

function peakAt({ cache: { originSteps } }: Cached): string {
  return moment(originSteps.indexOf(Math.max(...originSteps)) * STEP_MS);
}
