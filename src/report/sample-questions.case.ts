/** @module A result document whose profile asks three questions, each answered by variants with a base of their own. */
import { compareVariants } from '../result/comparison/compare.ts';
import type { ResultDocument, VariantResult } from '../result/document.ts';
import { oneCheck } from './sample-authorization.case.ts';
import { oneCache } from './sample-caching.case.ts';
import { demo, once } from './sample-document.case.ts';

export const SESSIONS = 'What do sticky sessions cost or break?';
export const CHECK = 'What does the auth check on every call cost?';
export const CACHING = 'What does keeping lists for ttlMs gain?';

/** The variants of the other samples, as answers. The base comes first, and the others name it. */
function asAnswers(
  question: string,
  base: VariantResult,
  others: readonly VariantResult[],
): readonly VariantResult[] {
  return [
    { ...without(base), question },
    ...others.map((one) => ({ ...without(one), question, base: base.name })),
  ];
}

function without({ base: _base, question: _question, ...rest }: VariantResult): VariantResult {
  return rest;
}

function documentOf(variants: readonly VariantResult[]): ResultDocument {
  return { ...demo(), variants: [...variants], comparisons: compareVariants(variants) };
}

/** Sessions against stateless, a check against none, and a cache against none. */
export const questions = once(() => {
  const [lost, sticky, , stateless] = demo().variants;
  const [none, introspection] = oneCheck().variants;
  const [asked, kept] = oneCache().variants;
  return documentOf([
    ...asAnswers(SESSIONS, stateless!, [lost!, sticky!]),
    ...asAnswers(CHECK, none!, [introspection!]),
    ...asAnswers(CACHING, asked!, [kept!]),
  ]);
});

/** The same with a variant that answers no question. */
export const questionsAndMore = once(() => {
  const { variants } = questions();
  const [first] = variants;
  return documentOf([...variants, { ...without(demo().variants[2]!), base: first!.name }]);
});
