/** @module Which variant another one is compared with, and which question of the profile it helps to answer. */

interface Asked {
  readonly name: string;
  readonly base?: string | undefined;
  readonly question?: string | undefined;
}

/**
 * What the variant at `place` is compared with: the variant that it names, otherwise the first one with its question, or the first of
 * all where it has none. Undefined when that is the variant itself, or not among `variants`.
 */
export function baseOf<V extends Asked>(variants: readonly V[], place: number): V | undefined {
  const { base, question } = variants[place]!;
  const at =
    base === undefined
      ? variants.findIndex((one) => question === undefined || one.question === question)
      : variants.findIndex(({ name }) => name === base);
  return at === place ? undefined : variants[at];
}

/** What the variant at `place` helps to answer: its own question, or that of its base. */
export const questionOf = (variants: readonly Asked[], place: number): string | undefined =>
  variants[place]!.question ?? baseOf(variants, place)?.question;
