/** @module Comparisons as annotations of a GitHub Actions job: an error for each headline metric that regressed, a warning for what is undecided. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { type Annotation, annotationLine } from '../format/github-annotation.ts';
import { shorten } from '../wording.ts';
import { regressionText } from './junit.ts';

/** Letters of the name of a variant, and of a message. */
const LONGEST = { name: 80, message: 400 } as const;

/** A line for each; at least one for each document. */
export const comparisonAnnotations = (documents: readonly ComparisonDocument[]): string =>
  `${documents.flatMap(annotationsOf).map(annotationLine).join('\n')}\n`;

function annotationsOf({
  title,
  candidate,
  base,
  changes,
  verdict,
}: ComparisonDocument): readonly Annotation[] {
  const about = `Paceline: ${title === '' ? candidate.label : title}`;
  const regressed = changes
    .filter((change) => change.verdict === 'regressed')
    .map(
      (change): Annotation => ({
        level: change.isHeadline ? 'error' : 'warning',
        title: `${about}: ${nameOf(change)} regressed`,
        message: regressionText(change),
      }),
    );
  const outcome = `${about}: ${verdict.status}`;
  if (verdict.status === 'undecided') {
    const reasons = verdict.reasons.length === 0 ? ['nothing could be decided'] : verdict.reasons;
    return [
      ...regressed,
      ...reasons.map(
        (message): Annotation => ({
          level: 'warning',
          title: outcome,
          message: shorten(message, LONGEST.message),
        }),
      ),
    ];
  }
  const sides = `${candidate.label} compared with ${base.label}`;
  return regressed.length > 0 ? regressed : [{ level: 'notice', title: outcome, message: sides }];
}

const nameOf = ({ variant, label }: Change): string =>
  variant === '' ? label : `${label} of ${shorten(variant, LONGEST.name)}`;
