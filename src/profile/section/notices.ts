/** @module Notices about single variants, as a reader of all of them needs them. */
import { inVariants } from '../in-variants.ts';
import type { NamedVariant } from './section.ts';

/** A notice about a value of a variant. */
export interface Notice {
  /** `faults[0]`. */
  readonly where: string;
  readonly text: string;
}

/** What `about` says of each variant: each notice once, with the names of its variants unless it is about all. */
export function noticesOf(
  variants: readonly NamedVariant[],
  about: (profile: NamedVariant['profile']) => readonly Notice[],
): readonly string[] {
  const found = new Map<string, string[]>();
  for (const { name, profile } of variants)
    for (const { where, text } of about(profile)) {
      const key = JSON.stringify([where, text]);
      found.set(key, [...(found.get(key) ?? []), name]);
    }
  return [...found].map(([key, names]) => {
    const [where, text] = JSON.parse(key) as [string, string];
    return `${where}${inVariants(names.length === variants.length ? [] : names)}: ${text}`;
  });
}
