/** @module Format `github`: what failed, and what could not be decided, as annotations of a GitHub Actions job; a notice when nothing did. */
import type { Verdict } from '../../result/document.ts';
import type { Model } from '../model.ts';
import { type Annotation, annotationLine } from './github-annotation.ts';
import { type Render, single } from './rendered.ts';
import { verdictText } from './verdict.ts';

const LEVELS: Readonly<Record<Verdict['status'], Annotation['level']>> = {
  fail: 'error',
  inconclusive: 'warning',
  pass: 'notice',
  none: 'notice',
};

export const github: Render = async (model) =>
  single('annotations.txt', `${annotationsOf(model).map(annotationLine).join('\n')}\n`);

/** One for each reason of the verdict; at least one. */
function annotationsOf({ document, title }: Model): readonly Annotation[] {
  const { status, reasons, checks = [] } = document.verdict;
  const head = `Paceline: ${title}: ${verdictText(document)}`;
  if (reasons.length === 0) return [{ level: LEVELS[status], title: head, message: verdictText(document) }];
  return reasons.map((reason) => {
    const own = checks.find((check) => check.reason === reason)?.status;
    return { level: LEVELS[own ?? status], title: head, message: reason };
  });
}
