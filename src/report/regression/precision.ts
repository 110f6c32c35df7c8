/** @module What a comparison can see at all: the noise of its headline metrics, and the smallest change that so many repetitions find. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { NOTHING, plain, plural } from '../wording.ts';
import { sizeText } from './change-cells.ts';
import { moreNeeded } from './reason-text.ts';

export const PRECISION_HEADS = [
  'precision',
  'noise of a pair',
  'change found',
  'pairs',
  'more needed',
] as const;

/** A row for each headline metric whose noise is known. */
export function precisionRows(document: ComparisonDocument): readonly (readonly string[])[] {
  const telling = tellingHeadlines(document);
  return telling.map((change) => {
    const { noise, detectable, pairs, pairsNeeded, verdict } = change;
    return [
      rowName(change, telling),
      sizeText(change, noise),
      sizeText(change, detectable),
      String(pairs.length),
      verdict !== 'undecided' ? '0' : pairsNeeded === null ? NOTHING : String(pairsNeeded),
    ];
  });
}

/** The variant of a row, or the metric; both where there are several of both. */
function rowName({ variant, label }: Change, all: readonly Change[]): string {
  const name = plain(variant);
  const hasOneMetric = all.every((one) => one.label === label);
  if (name === '' || (!hasOneMetric && all.every((one) => one.variant === variant))) return label;
  return hasOneMetric ? name : `${label}: ${name}`;
}

/** The same of a single headline metric as a sentence. */
export function precisionSentence(change: Change): string {
  const { noise, detectable, pairs, because, label } = change;
  const more = because === 'wide-interval' ? `; ${moreNeeded(change)}` : '';
  return `The ${label} varies by ${sizeText(change, noise)} from pair to pair of repetitions. ${plural(pairs.length, 'pair')} find a change of ${sizeText(change, detectable)} or more in 80 % of comparisons${more}.`;
}

/** The headline metrics whose noise is known, and says something. */
export const tellingHeadlines = ({ changes }: ComparisonDocument): readonly Change[] =>
  changes.filter(
    ({ isHeadline, detectable, because }) =>
      isHeadline && detectable !== null && because !== 'nothing-worked',
  );
