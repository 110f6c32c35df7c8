/** @module What became of a threshold on a variant, and how the result says it. */
import type { Threshold } from '../../profile/section/threshold.ts';
import type { Check } from '../document.ts';

/** How a threshold was judged. `measured` is for people, `why` is a clause. */
export type Judged =
  | { readonly status: 'pass'; readonly measured: string }
  /** Beyond the bound, or without any value although there should be one. */
  | { readonly status: 'fail'; readonly measured: string }
  | { readonly status: 'fail'; readonly why: string }
  | { readonly status: 'inconclusive'; readonly measured?: string; readonly why: string };

/** Undecided, with what was measured all the same. */
export const open = (why: string, measured?: string): Judged => ({
  status: 'inconclusive',
  why,
  ...(measured !== undefined && { measured }),
});

/** The check of `threshold` on the variant. */
export function checkOf({ text }: Pick<Threshold, 'text'>, variant: string, judged: Judged): Check {
  const reason = reasonOf(judged);
  return {
    variant,
    threshold: text,
    ...judged,
    ...(reason !== undefined && { reason: `${label(variant)}${text}: ${reason}` }),
  };
}

function reasonOf(judged: Judged): string | undefined {
  if (judged.status === 'pass') return undefined;
  if (!('why' in judged)) return `measured ${judged.measured}`;
  const { measured } = judged as { readonly measured?: string };
  return measured === undefined ? judged.why : `measured ${measured}, but ${judged.why}`;
}

/** What stands before a statement on a variant. The one unnamed variant needs no label. */
export function label(variant: string): string {
  return variant === '' ? '' : `${variant}: `;
}
