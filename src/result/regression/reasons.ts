/** @module Why a change is undecided, as clauses for people. */
import { MINIMUM_REPETITIONS } from '../document.ts';
import type { Change } from './document.ts';

type Reason = NonNullable<Change['because']>;

/** Where it is not known on which side the reason was seen, as in older files. */
const REASONS: Readonly<Record<Reason, string>> = {
  'too-few-repetitions': `fewer than ${MINIMUM_REPETITIONS} repetitions ran to the end on both sides`,
  'no-samples': 'a repetition has no value of it',
  'one-side-only': 'it was measured on one side only',
  'generator-bound': 'the generator was the bottleneck in a repetition',
  'unlike-failures': 'more calls of the better side failed or were refused, and these may be answered fast',
  'nothing-worked': 'on one side, not one call ended ok',
  'one-sided-blocks': 'in some blocks, not one call of one side ended ok',
  'unlike-sides': 'the sides cannot be compared',
  'wide-interval': 'the interval allows more than one answer',
};

const SIDES = { base: 'the base', candidate: 'the candidate', both: 'both sides' } as const;

/** A clause; of a decided change an empty one. */
export function reasonOf({
  because,
  seenOn,
  repetitions,
}: Pick<Change, 'because' | 'seenOn' | 'repetitions'>): string {
  if (because === null) return '';
  if (because === 'too-few-repetitions' && repetitions !== undefined) return lackText(repetitions);
  if (seenOn === undefined) return REASONS[because];
  switch (because) {
    case 'one-side-only':
      return `it was measured in ${SIDES[seenOn]} only`;
    case 'generator-bound':
      return `the generator was the bottleneck in a repetition of ${SIDES[seenOn]}`;
    case 'nothing-worked':
      return `${seenOn === 'both' ? 'on' : 'in'} ${SIDES[seenOn]}, not one call ended ok`;
    default:
      return REASONS[because];
  }
}

/** `the base has 1 complete repetition of 3: run 2 more of it`, of each side that lacks some. */
function lackText({ base, candidate }: NonNullable<Change['repetitions']>): string {
  if (base === candidate) return `each side ${needText(base, 'each')}`;
  return (['base', 'candidate'] as const)
    .map((side) => ({ side, has: side === 'base' ? base : candidate }))
    .filter(({ has }) => has < MINIMUM_REPETITIONS)
    .map(({ side, has }) => `${SIDES[side]} ${needText(has, 'it')}`)
    .join('; ');
}

function needText(has: number, of: string): string {
  if (has === 0) return `has no complete repetition: run ${MINIMUM_REPETITIONS} of ${of}`;
  const repetitions = has === 1 ? 'repetition' : 'repetitions';
  return `has ${has} complete ${repetitions} of ${MINIMUM_REPETITIONS}: run ${MINIMUM_REPETITIONS - has} more of ${of}`;
}
