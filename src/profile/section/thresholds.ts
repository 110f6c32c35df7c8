/** @module The key `thresholds`: bounds that decide between pass and fail. Their language is defined in `threshold.ts`. */
import { z } from 'zod';
import { callNames, flowNames } from './calls.ts';
import { mostInstancesOf } from './faults.ts';
import { identityNames } from './identities.ts';
import { measuredTimeOf } from './load.ts';
import { profileSection } from './section.ts';
import { thresholdFaults } from './threshold-names.ts';
import { text } from './values.ts';

export const thresholds = profileSection({
  schema: z
    .array(text('a threshold such as "p(99) < 50ms"'), { error: 'a list of thresholds' })
    .default([])
    .describe('Bounds that decide between pass and fail, such as `"p(99) < 50ms"` or `"error_rate < 0.1%"`.'),
  /** Thresholds may name any variant, and any call, flow and identity of a variant. */
  ruleOverVariants(thresholds, { variants, metrics }) {
    const known = {
      variants: variants.map(({ name }) => name),
      calls: variants.flatMap(({ profile }) => callNames(profile['calls'])),
      flows: variants.flatMap(({ profile }) => flowNames(profile['calls'])),
      identities: variants.flatMap(({ profile }) => identityNames(profile)),
      instances: variants.map(({ name, profile }) => ({ variant: name, most: mostInstancesOf(profile) })),
      measuredTimes: variants.map(({ name, profile }) => ({ variant: name, us: measuredTimeOf(profile) })),
      metrics,
    };
    return (Array.isArray(thresholds) ? (thresholds as readonly unknown[]) : []).flatMap((text, index) =>
      // The schema reports what is not text, or empty.
      typeof text !== 'string' || text.trim() === ''
        ? []
        : thresholdFaults(text, known).map((problem) => ({ path: ['thresholds', index], problem })),
    );
  },
  complete: (thresholds): { readonly thresholds: readonly string[] } => ({ thresholds }),
});
