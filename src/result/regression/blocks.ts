/** @module The blocks of an A/B comparison: one repetition of each side, run one after the other with the same arrivals. */
import type { Repetition } from '../document.ts';

/** Why a repetition says nothing about its side. */
export type Spoilt = 'generator-bound' | 'nothing-worked';

/** The repetition of each side with the same index, both run to the end. */
export interface Block {
  readonly index: number;
  readonly base: Repetition;
  readonly candidate: Repetition;
  /** Null when both repetitions say something. */
  readonly spoilt: { readonly side: 'base' | 'candidate'; readonly because: Spoilt } | null;
}

/** The blocks of which both repetitions ran to the end, in the order of their indexes. */
export function blocksOf(base: readonly Repetition[], candidate: readonly Repetition[]): readonly Block[] {
  const whole = ({ complete }: Repetition): boolean => complete;
  return base.filter(whole).flatMap((one) => {
    const other = candidate.filter(whole).find(({ index }) => index === one.index);
    return other === undefined ? [] : [blockOf(one, other)];
  });
}

/** Whether not one call of one side ended ok, and calls of the other side did: evidence that the sides differ. */
export const isOneSided = ({ base, candidate }: Block): boolean => worked(base) !== worked(candidate);

/** That nothing worked on either side says more than that the generator was bound. */
function blockOf(base: Repetition, candidate: Repetition): Block {
  const pair = { base, candidate };
  const spoilt = spoiltBy('nothing-worked', pair) ?? spoiltBy('generator-bound', pair);
  return { index: base.index, ...pair, spoilt };
}

function spoiltBy(because: Spoilt, { base, candidate }: Pick<Block, 'base' | 'candidate'>): Block['spoilt'] {
  if (IS_SPOILT[because](base)) return { side: 'base', because };
  return IS_SPOILT[because](candidate) ? { side: 'candidate', because } : null;
}

const worked = ({ calls }: Repetition): boolean => calls.ok > 0;

const IS_SPOILT: Readonly<Record<Spoilt, (repetition: Repetition) => boolean>> = {
  'nothing-worked': (repetition) => !worked(repetition),
  'generator-bound': ({ generator }) => generator.bound,
};
