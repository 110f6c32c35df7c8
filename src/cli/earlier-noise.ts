/** @module The noise of an earlier result, if it is one of the same workload on a machine of the same class. */
import { z } from 'zod';
import type { Profile } from '../profile/settings.ts';
import { noiseText, variationText } from '../report/noise.ts';
import { MINIMUM_REPETITIONS } from '../result/document.ts';
import { identityOf, keyOf } from '../result/history/identity.ts';
import { Machine } from '../result/machine.ts';
import { metricsOf } from '../result/measure/metrics.ts';
import { VariantNoise } from '../result/noise/document.ts';
import { smallestChange } from '../result/noise/noise-of.ts';

/** The keys of a result that are needed: the others need not be checked. */
const EarlierResult = z.object({
  createdAt: z.string(),
  profile: z.record(z.string(), z.unknown()),
  machine: Machine,
  noise: z.array(VariantNoise),
});

/** One line about the noisiest variant of `profile` in the result with this `text`; undefined when it says nothing about this workload. */
export function earlierNoise(text: string, profile: Profile, machine: Machine): string | undefined {
  const earlier = EarlierResult.safeParse(parsed(text)).data;
  if (earlier === undefined) return undefined;
  if (keyOf(identityOf(earlier)) !== keyOf(identityOf({ profile: profile.document, machine })))
    return undefined;
  const names = profile.variants.map(({ name }) => name);
  const { repetitions } = profile;
  const now = earlier.noise
    .filter(({ variant }) => names.includes(variant))
    .map(({ variation, metric }) => ({
      variation,
      metric,
      repetitions,
      detectable: smallestChange(variation, repetitions, names.length),
    }));
  if (now.length === 0) return undefined;
  const worst = now.reduce((most, one) => (one.variation > most.variation ? one : most));
  const when = earlier.createdAt.slice(0, 16).replace('T', ' ');
  const label = metricsOf().find(({ path }) => path === worst.metric)?.metric.label ?? worst.metric;
  const before = `noise from repetition to repetition in the result of ${when}: `;
  return repetitions < MINIMUM_REPETITIONS
    ? `${before}${variationText(worst, label)}; comparisons need ${MINIMUM_REPETITIONS} repetitions, this run has ${repetitions}`
    : `${before}${noiseText(worst, label)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
