/** @module What is said of each metric once all are known: levels for all claims together, then each claim, with its doubts. */
import { type Direction, directionOf } from '../comparison/difference.ts';
import { doubtOf } from '../comparison/doubts.ts';
import { FAMILY_LEVEL, holmLevels } from '../statistics/holm.ts';
import type { Change, ChangeVerdict } from './document.ts';
import type { Examined } from './examine.ts';
import { judgeTested } from './judge-pairs.ts';
import { isShare } from './pair-values.ts';
import { seenOn } from './seen-on.ts';

const VERDICTS: Readonly<Record<Direction, ChangeVerdict>> = {
  better: 'improved',
  worse: 'regressed',
  same: 'same',
  undecided: 'undecided',
};

/** The probability that any claim about a headline metric is wrong, and that any about another metric is. */
export interface Levels {
  readonly headlines: number;
  readonly others: number;
}

const ONE_LOOK: Levels = { headlines: FAMILY_LEVEL, others: FAMILY_LEVEL };

/** All of `examined`, in their order. Holm's correction is made among the headlines, and among the other metrics. */
export function concludeAll(examined: readonly Examined[], levels: Levels = ONE_LOOK): Change[] {
  const own = new Map([
    ...levelsOf(examined, true, levels.headlines),
    ...levelsOf(examined, false, levels.others),
  ]);
  const untested = (each: Examined): number => (isHeadlineOf(each) ? levels.headlines : levels.others);
  return examined.map((each) => conclude(each, own.get(each) ?? untested(each)));
}

const isHeadlineOf = ({ one, pair }: Examined): boolean => pair.headlines.includes(one.path);

function levelsOf(
  examined: readonly Examined[],
  isHeadline: boolean,
  level: number,
): readonly (readonly [Examined, number])[] {
  const family = examined.filter((each) => each.tested !== undefined && isHeadlineOf(each) === isHeadline);
  const levels = holmLevels(
    family.map(({ tested }) => tested!.tail),
    level,
  );
  return family.map((each, at) => [each, levels[at]!]);
}

function conclude(examined: Examined, level: number): Change {
  const { one, pair, values, tested, obstacle } = examined;
  const own = {
    variant: pair.name,
    metric: one.path,
    label: one.metric.label,
    unit: one.metric.unit,
    better: one.metric.better,
    isHeadline: isHeadlineOf(examined),
    ...values,
    level,
    repetitions: {
      base: pair.base?.repetitions.length ?? 0,
      candidate: pair.candidate?.repetitions.length ?? 0,
    },
  };
  if (tested === undefined) {
    const unknown = { ciLow: null, ciHigh: null, noise: null, detectable: null, pairsNeeded: null };
    return { ...own, ...unknown, verdict: 'undecided', ...becauseOf(obstacle, examined) };
  }
  const { claim, ...judged } = judgeTested(tested, level);
  const direction = directionOf(claim, one.metric.better);
  const doubt =
    obstacle ?? doubtOf(one.metric, [pair.base!.repetitions, pair.candidate!.repetitions], direction);
  const verdict = doubt === null ? VERDICTS[direction] : 'undecided';
  return {
    ...own,
    ...judged,
    ...possibleEnds({ ...own, ...judged }),
    verdict,
    ...becauseOf(doubt ?? (verdict === 'undecided' ? 'wide-interval' : null), examined),
  };
}

function becauseOf(because: Change['because'], { one, pair }: Examined): Pick<Change, 'because' | 'seenOn'> {
  const side = seenOn(because, one, pair);
  return { because, ...(side !== undefined && { seenOn: side }) };
}

type Ends = { readonly [End in 'change' | 'ciLow' | 'ciHigh']: number };

/**
 * The ends of an interval, no further out than the metric can be: no value falls below 0, and no share rises above 1. They stay outside of
 * the margin where they were, so that an interval never looks like a claim that was not made.
 */
function possibleEnds({
  unit,
  scale,
  margin,
  base,
  change,
  ciLow,
  ciHigh,
}: Pick<Change, 'unit' | 'scale' | 'margin' | 'base'> & Ends): Pick<Ends, 'ciLow' | 'ciHigh'> {
  if (scale === 'ratio' || base === null) return { ciLow, ciHigh };
  const most = isShare(unit) ? Math.max(1 - base, margin) : Number.POSITIVE_INFINITY;
  return {
    ciLow: Math.min(change, Math.max(ciLow, Math.min(-base, -margin))),
    ciHigh: Math.max(change, Math.min(ciHigh, most)),
  };
}
