/** @module How a machine that was busy before the run reads. */
import type { ResultDocument } from '../result/document.ts';

/** The sentence, without a full stop; undefined of a machine that was not busy, and of older results. */
export function busyText({ cores, before }: ResultDocument['machine']): string | undefined {
  if (before === undefined || !before.isBusy) return undefined;
  const load = `load average ${before.loadAverage1} on ${cores === 1 ? '1 core' : `${cores} cores`}`;
  const waited =
    before.waiting === null
      ? ''
      : `, and programs waited for a core in ${Math.round(before.waiting * 100)} % of the 10 s before`;
  const used =
    typeof before.used === 'number'
      ? `, of which other programs used ${Math.round(before.used * 100)} % just before`
      : '';
  return `This machine was busy when the run began (${load}${used}${waited}): stop the other programs or use an idle machine, because times and rates include what these programs take`;
}
