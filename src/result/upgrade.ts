/** @module Results of older versions: what follows from their figures, and this version writes, is filled in once, when the file is read. */
import { z } from 'zod';
import { compareVariants } from './comparison/compare.ts';
import {
  Comparison,
  FaultSummary,
  Repetition,
  ResultDocument,
  VariantResult,
  type Verdict,
} from './document.ts';
import { timelineOf } from './summary/summarise.ts';
import { withConclusions } from './summary/variant-result.ts';

const OlderVariant = VariantResult.extend({
  repetitions: z.array(Repetition.partial({ timeline: true })),
  faults: z.array(FaultSummary.partial({ failedBefore: true })).optional(),
}).partial({ caveats: true, fellBehind: true, spreads: true, bins: true });
type OlderVariant = z.infer<typeof OlderVariant>;

const OlderComparison = Comparison.partial({ because: true, repetitions: true, alike: true });
type OlderComparison = z.infer<typeof OlderComparison>;

/** A result file of this version or an older one. What follows from the counts of a single quantity is filled in by the schema of that quantity. */
export const OlderDocument = ResultDocument.extend({
  variants: z.array(OlderVariant),
  comparisons: z.array(OlderComparison),
});

/** The document as this version would have written it; one of this version as it is. The comparisons stay those that are in it. */
export function upgrade(document: z.infer<typeof OlderDocument>): ResultDocument {
  const verdict = upgradeVerdict(document);
  const current = ResultDocument.safeParse({ ...document, verdict });
  if (current.success) return current.data;
  const variants = document.variants.map((variant) => upgradeVariant(variant));
  const computed = compareVariants(variants);
  const comparisons = document.comparisons.map((one) => upgradeComparison(one, computed));
  return { ...document, variants, comparisons, verdict };
}

/** A pass without thresholds is none. */
function upgradeVerdict({ profile: { thresholds }, verdict }: z.infer<typeof OlderDocument>): Verdict {
  const isAsked = (verdict.checks ?? []).length > 0 || (Array.isArray(thresholds) && thresholds.length > 0);
  return verdict.status === 'pass' && !isAsked ? { ...verdict, status: 'none' } : verdict;
}

function upgradeVariant({ name, settings, summary, ...older }: OlderVariant): VariantResult {
  const repetitions = older.repetitions.map((one) => ({ ...one, timeline: timelineOf(one.windows) }));
  return withConclusions({ name, settings, summary, repetitions });
}

function upgradeComparison(older: OlderComparison, computed: readonly Comparison[]): Comparison {
  const { metric, base, candidate, verdict } = older;
  const same = computed.find(
    (one) => one.metric === metric && one.base === base && one.candidate === candidate,
  );
  return {
    ...older,
    because: verdict === 'undecided' ? (same?.because ?? 'wide-interval') : null,
    repetitions: same?.repetitions ?? 0,
    alike: same?.alike ?? false,
  };
}
