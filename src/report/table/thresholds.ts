/** @module The thresholds, a row for each one on each variant: whether it passed, and what was measured. */
import type { Check } from '../../result/document.ts';
import type { Model } from '../model.ts';
import { NOTHING, plain } from '../wording.ts';
import type { TextTable } from './headline.ts';

/** A threshold on one variant, by the name that reports give it. */
export interface ThresholdRow {
  readonly variant: string;
  readonly check: Check;
  readonly measured: string;
  /** Why it could neither pass nor fail; empty where it could. */
  readonly why: string;
}

/** None without thresholds, and of older results. */
export function thresholdRows({ document, variants }: Model): readonly ThresholdRow[] {
  return (document.verdict.checks ?? []).map((check) => ({
    variant: variants.find(({ variant }) => variant.name === check.variant)?.name ?? plain(check.variant),
    check,
    measured: check.measured === undefined ? NOTHING : plain(check.measured),
    why: check.status === 'inconclusive' ? plain(check.why ?? check.reason ?? '') : '',
  }));
}

/** The same as texts. The variant is left out where there is one; the reasons are left to the verdict. */
export function thresholdTable(model: Model): TextTable {
  const isOne = model.variants.length === 1;
  return {
    heads: ['threshold', ...(isOne ? [] : ['variant']), 'result', 'measured'],
    rows: thresholdRows(model).map(({ variant, check, measured }) => [
      plain(check.threshold),
      ...(isOne ? [] : [variant]),
      check.status,
      measured,
    ]),
  };
}
