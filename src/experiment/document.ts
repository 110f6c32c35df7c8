/** @module The result document of an experiment, from the trials so far. */
import type { Profile } from '../profile/settings.ts';
import { type Calibration, ceilingOf, shareOfCeiling } from '../result/calibration.ts';
import { withAuthConclusions } from '../result/comparison/auth-conclusions.ts';
import { withCacheConclusions } from '../result/comparison/cache-conclusions.ts';
import { compareVariants } from '../result/comparison/compare.ts';
import { driftsOf } from '../result/comparison/drift.ts';
import type { ResultDocument } from '../result/document.ts';
import type { Machine } from '../result/machine.ts';
import { noiseOf } from '../result/noise/noise-of.ts';
import { questionOf } from '../result/questions.ts';
import type { Revision } from '../result/revision.ts';
import { variantResult } from '../result/summary/variant-result.ts';
import { type AskedTimes, windowTimes } from '../result/summary/window-times.ts';
import { askedTimes } from '../result/verdict/asked-times.ts';
import { judge } from '../result/verdict/judge.ts';
import { VERSION } from '../units/version.ts';
import type { Plan, TrialResult } from './plan/plan.ts';
import { settingsInForce } from './settings-in-force.ts';

/** What a document says of its experiment as a whole. */
export interface DocumentOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly createdAt: Date;
  readonly command: readonly string[] | undefined;
  readonly revision?: Revision | undefined;
  /** As it was before the first trial. */
  readonly machine: Machine;
  readonly calibration: Calibration | undefined;
}

/** The result with the generator's share of its maximum throughput, if the maximum is known. */
export function withCeiling(
  result: TrialResult,
  { calibration, machine: machineNow }: DocumentOptions,
): TrialResult {
  if (calibration === undefined) return result;
  const { generator, rate } = result.repetition;
  const ceiling = ceilingOf(calibration, machineNow, generator.driver);
  const share = shareOfCeiling(rate.achievedPerSecond, generator.workers, ceiling);
  if (share === undefined) return result;
  const known = { ...generator, shareOfCeiling: Math.round(share * 10_000) / 10_000 };
  return { ...result, repetition: { ...result.repetition, generator: known } };
}

/** The document with the trials in `done`; complete when `plan` has no other. */
export function documentOf(
  options: DocumentOptions,
  plan: Plan,
  done: readonly TrialResult[],
): ResultDocument {
  const { profile, seed, command, revision } = options;
  const asked = askedTimes(profile.thresholds);
  const measured = profile.variants.map((variant, variantIndex) => {
    const trials = done
      .filter(({ trial }) => trial.variantIndex === variantIndex)
      .map((one) => withTimes(one, asked));
    const { name, base } = variant;
    const question = questionOf(profile.variants, variantIndex);
    const settings = settingsInForce(variant, trials[0]?.era);
    const own = { ...(base !== undefined && { base }), ...(question !== undefined && { question }) };
    return variantResult({ name, settings, ...own }, trials);
  });
  const variants = withCacheConclusions(withAuthConclusions(measured));
  const outstanding = plan.ahead(done).length;
  return {
    schema: 'paceline/result@1',
    paceline: VERSION,
    createdAt: options.createdAt.toISOString(),
    seed,
    complete: outstanding === 0 && done.every(({ repetition }) => repetition.complete),
    profile: profile.document,
    profileFile: profile.file,
    ...(command && { command: [...command] }),
    ...(revision && { revision }),
    machine: options.machine,
    variants,
    comparisons: compareVariants(variants),
    drifts: [...driftsOf(variants)],
    noise: [...noiseOf(variants)],
    verdict: judge(variants, profile.thresholds, outstanding),
  };
}

/** With the times of windows that thresholds ask for. */
function withTimes(result: TrialResult, asked: readonly AskedTimes[]): TrialResult {
  if (asked.length === 0) return result;
  const kept = windowTimes(result.recording, asked);
  return { ...result, repetition: { ...result.repetition, windowTimes: [...kept] } };
}
