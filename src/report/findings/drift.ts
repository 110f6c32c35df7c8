/** @module The finding that the machine or the target changed from trial to trial. */
import { type Model, metricLabel } from '../model.ts';
import { ratio as factor, list, percentWithUnit } from '../wording.ts';
import type { Finding } from './finding.ts';

/** One sentence, if a change was larger than chance and large enough to matter. */
export function driftFindings(model: Model): readonly Finding[] {
  const notable = (model.document.drifts ?? []).filter((drift) => drift.notable);
  if (notable.length === 0) return [];
  const changes = notable.map(
    ({ metric, ratio }) =>
      `the ${metricLabel(model, metric)} ${ratio > 1 ? 'rose' : 'fell'} ${changeOf(ratio)}`,
  );
  return [
    {
      tone: 'warning',
      text: `Conditions changed during the experiment: apart from the differences between variants, ${list(changes)} from the first trial to the last. Comparisons allow for this.`,
    },
  ];
}

/** `by 23 %`; from a doubling on `to 4.73 times as much`. */
function changeOf(ratio: number): string {
  return ratio < 2 ? `by ${percentWithUnit(Math.abs(ratio - 1))}` : `to ${factor(ratio)} times as much`;
}
