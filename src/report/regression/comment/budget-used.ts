/** @module How much of its margin a metric has used up. */
import type { Change } from '../../../result/regression/document.ts';
import { NOTHING } from '../../wording.ts';

/** The share of the margin that the change to the worse takes: `0 %` of one to the better, `210 %` beyond it; `–` where no side is better. */
export function budgetUsed(of: Pick<Change, 'change' | 'scale' | 'margin' | 'better'>): string {
  const { change, scale, margin, better } = of;
  if (change === null || better === 'neither') return NOTHING;
  const used = scale === 'ratio' ? Math.log(change) / Math.log1p(margin) : change / margin;
  const worse = better === 'lower' ? used : -used;
  return `${Math.round(100 * Math.max(0, worse))} %`;
}
