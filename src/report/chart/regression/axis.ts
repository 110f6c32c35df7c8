/** @module The axis that changes are drawn on: per cent where sides are divided, otherwise the unit of the metric. */
import type { Change } from '../../../result/regression/document.ts';

/** Where changes of a metric lie on their axis. */
export interface ChangeAxis {
  readonly title: string;
  /** The place of a change, as a {@link Change} has it. */
  at(change: number): number;
  /** Changes between these places are no change. On the scale `ratio` a change and its reversal count alike: -4.8 % to +5 %. */
  readonly band: readonly [low: number, high: number];
}

export function axisOf({ scale, unit, margin }: Pick<Change, 'scale' | 'unit' | 'margin'>): ChangeAxis {
  if (scale === 'ratio') {
    const at = (ratio: number): number => (ratio - 1) * 100;
    return { title: 'change, %', at, band: [at(1 / (1 + margin)), at(1 + margin)] };
  }
  const [title, times] =
    unit === 'share' || unit === 'fraction'
      ? ['change, percentage points', 100]
      : unit === 'time'
        ? ['change, ms', 1 / 1000]
        : ['change', 1];
  const at = (difference: number): number => difference * times;
  return { title, at, band: [at(-margin), at(margin)] };
}

/** The change of each pair, as a {@link Change} has it. */
export const pairChanges = ({ pairs, scale }: Change): readonly number[] =>
  pairs.map(({ base, candidate }) => (scale === 'ratio' ? candidate / base : candidate - base));

/** Changes that can share an axis, in the order of the first of each. */
export function onOneAxis<One extends Change>(changes: readonly One[]): readonly (readonly One[])[] {
  const groups = new Map<string, One[]>();
  for (const change of changes) {
    const { title, band } = axisOf(change);
    const key = `${title} ${band}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()];
}

/** Labels with their sign: `+5`, `0`. */
export const SIGNED_LABELS = "datum.value === 0 ? '0' : format(datum.value, '+,~g')";
