/** @module The answers to the questions of a profile: one sentence for each, from the numbers. A new kind of answer is one file and one line here. */
import type { Model, Part } from '../../model.ts';
import { comparisonFindings } from '../comparisons.ts';
import type { Finding } from '../finding.ts';
import { variantFindings } from '../findings.ts';
import { cachingAnswer } from './caching.ts';
import { checkAnswer } from './check.ts';
import { sessionsAnswer } from './sessions.ts';

/** Undefined where the variants do not differ in what it is about. */
type Answer = (model: Model) => string | undefined;

const ANSWERS: readonly Answer[] = [sessionsAnswer, checkAnswer, cachingAnswer];

/** A question of the profile with the sentence that answers it. */
export interface Answered extends Part {
  /** From 1. */
  readonly number: number;
  /** Empty where nothing was measured that answers it. */
  readonly answer: string;
  /** Those of its variants that the answer does not say. */
  readonly findings: readonly Finding[];
}

/** Stands where there is no answer. */
export const NO_ANSWER = 'Nothing was measured that answers it.';
/** Stands over variants without a question. */
export const OTHER_VARIANTS = 'Other variants';

/** The parts of a model, answered; none where the profile asks no questions. */
export const answered = ({ parts }: Model): readonly Answered[] =>
  parts.map((part, place) => {
    const answer = answerOf(part.model);
    const findings = variantFindings(part.model).filter(({ text }) => text !== answer);
    return { ...part, number: place + 1, answer, findings };
  });

/** Of variants that none of the kinds is about: what their first comparison says. */
function answerOf(model: Model): string {
  for (const answer of ANSWERS) {
    const text = answer(model);
    if (text !== undefined) return text;
  }
  return comparisonFindings(model)[0]?.text ?? '';
}
