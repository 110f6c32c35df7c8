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

function blockOf(base: Repetition, candidate: Repetition): Block {
  const [first, second] = [spoiltBy(base), spoiltBy(candidate)];
  const spoilt =
    first !== null
      ? ({ side: 'base', because: first } as const)
      : second !== null
        ? ({ side: 'candidate', because: second } as const)
        : null;
  return { index: base.index, base, candidate, spoilt };
}

function spoiltBy({ calls, generator }: Repetition): Spoilt | null {
  if (calls.ok === 0) return 'nothing-worked';
  return generator.bound ? 'generator-bound' : null;
}
