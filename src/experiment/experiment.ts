/** @module The whole experiment: every trial in order, the document kept up to date after each one. */
import type { Progress } from '../generator/engine/loop.ts';
import type { Thread } from '../generator/engine/thread.ts';
import { proxyWithoutCredentials, withoutSecretParameters } from '../profile/secrets.ts';
import type { FleetSettings, Profile, Settings, Variant } from '../profile/settings.ts';
import type { Recording } from '../recording/recording.ts';
import { type Calibration, ceilingOf, shareOfCeiling } from '../result/calibration.ts';
import { compareVariants } from '../result/comparison/compare.ts';
import type { Repetition, ResultDocument, VariantResult, VariantSettings } from '../result/document.ts';
import { summariseFaults } from '../result/summary/fault-summary.ts';
import { summariseRepetitions } from '../result/summary/summarise.ts';
import { judge } from '../result/verdict/judge.ts';
import type { TlsOptions } from '../testbed/testbed.ts';
import { formatMicros } from '../units/time.ts';
import { machine } from './machine.ts';
import { planTrials, type Trial } from './plan/fixed.ts';
import { runTrial, type TrialResult } from './trial.ts';

export interface ExperimentOptions {
  readonly profile: Profile;
  readonly seed: number;
  /** Version of Paceline, for the document. */
  readonly version: string;
  readonly tlsOptions: TlsOptions;
  readonly createdAt: Date;
  readonly signal?: AbortSignal;
  /** What this machine's generator can do at most, where that is known. */
  readonly calibration?: Calibration | undefined;
  /** A thread that was started ahead, for the first trial. */
  readonly thread?: Thread;
  /** Told as things happen. `document` is complete in itself each time. */
  onTrialStart?(trial: Trial, trials: readonly Trial[]): void;
  onProgress?(progress: Progress): void;
  onTrialEnd?(trial: Trial, repetition: Repetition, document: ResultDocument): Promise<void>;
}

/**
 * Runs every trial of the profile. Resolves with the last document, with `complete: false` when the signal ended it early.
 * Throws a `UserError` when a trial cannot begin.
 */
export async function runExperiment(options: ExperimentOptions): Promise<ResultDocument> {
  const trials = planTrials(options.profile, options.seed);
  const results = new Map<Trial, TrialResult>();
  for (const trial of trials) {
    if (options.signal?.aborted) break;
    options.onTrialStart?.(trial, trials);
    const ended = await attempt(trial, options);
    if (ended === undefined) break;
    const result = withCeiling(ended, options.calibration);
    results.set(trial, result);
    await options.onTrialEnd?.(trial, result.repetition, documentOf(options, trials, results));
  }
  return documentOf(options, trials, results);
}

/** The trial's result; `undefined` when it was interrupted before it could begin. */
async function attempt(
  trial: Trial,
  { seed, tlsOptions: wire, signal, onProgress, thread }: ExperimentOptions,
): Promise<TrialResult | undefined> {
  try {
    return await runTrial(trial, seed, wire, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...(trial.order === 0 && { thread }),
    });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** The result with the share of its ceiling at which the generator ran, where the ceiling is known. */
function withCeiling(result: TrialResult, calibration: Calibration | undefined): TrialResult {
  if (calibration === undefined) return result;
  const { generator, rate } = result.repetition;
  const ceiling = ceilingOf(calibration, machine(), generator.driver);
  const share = shareOfCeiling(rate.achievedPerSecond, generator.workers, ceiling);
  if (share === undefined) return result;
  const known = { ...generator, shareOfCeiling: Math.round(share * 10_000) / 10_000 };
  return { ...result, repetition: { ...result.repetition, generator: known } };
}

function documentOf(
  options: ExperimentOptions,
  trials: readonly Trial[],
  results: ReadonlyMap<Trial, TrialResult>,
): ResultDocument {
  const { profile, seed } = options;
  const variants = profile.variants.map((variant, variantIndex) => {
    const own = trials
      .filter((trial) => trial.variantIndex === variantIndex)
      .flatMap((trial) => results.get(trial) ?? []);
    return variantResult(variant, own, seed);
  });
  const complete = trials.every((trial) => results.get(trial)?.repetition.complete === true);
  return {
    schema: 'paceline/result@1',
    paceline: options.version,
    createdAt: options.createdAt.toISOString(),
    seed,
    complete,
    profile: profile.document,
    machine: machine(),
    variants,
    comparisons: compareVariants(variants, seed),
    verdict: judge(variants, profile.thresholds, trials.length - results.size),
  };
}

function variantResult(
  { name, overrides, settings }: Variant,
  results: readonly TrialResult[],
  seed: number,
): VariantResult {
  const repetitions = results.map(({ repetition }) => repetition);
  const faults = summariseFaults(repetitions, seed);
  const recordings: readonly Recording[] = results.map(({ recording }) => recording);
  return {
    name,
    settings: describeSettings(settings, overrides, results),
    repetitions,
    summary: recordings.length > 0 ? summariseRepetitions(recordings) : null,
    ...(faults && { faults }),
  };
}

function describeSettings(
  settings: Settings,
  overrides: Variant['overrides'],
  results: readonly TrialResult[],
): VariantSettings {
  const { endpoint, balancer, load } = settings;
  const known = endpoint.era === 'auto' ? results[0]?.era : endpoint.era;
  return {
    overrides,
    target: describeTarget(endpoint),
    ...(endpoint.kind === 'target' &&
      endpoint.proxy !== undefined && { proxy: proxyWithoutCredentials(endpoint.proxy) }),
    era: known ?? 'stateless',
    server: endpoint.kind === 'fleet' ? describeServer(endpoint.server) : null,
    instances: countInstances(endpoint),
    balancer: balancer?.engine ?? null,
    policy: balancer?.policy ?? null,
    load: describeLoad(load),
    warmupUs: load.warmupUs,
    agents: load.agents,
    connections: load.connections,
  };
}

function describeTarget(endpoint: Settings['endpoint']): string {
  switch (endpoint.kind) {
    case 'fleet':
      return 'fleet';
    case 'replicas':
      return endpoint.urls.map(withoutSecretParameters).join(', ');
    case 'target':
      return withoutSecretParameters(endpoint.url);
  }
}

/** The name of a server that is ours, or the command line of one that is not; never its environment. */
function describeServer(server: FleetSettings['server']): string {
  if (typeof server === 'string') return server;
  const { command } = server;
  if (typeof command === 'string') return command;
  return command.map((word) => (/^[\w@%+=:,./{}-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

function countInstances(endpoint: Settings['endpoint']): number | null {
  if (endpoint.kind === 'fleet') return endpoint.instances;
  return endpoint.kind === 'replicas' ? endpoint.urls.length : null;
}

/** A load in words: `400/s poisson for 10 s after 2 s`. */
function describeLoad({ shape, arrivals, warmupUs, durationUs }: Settings['load']): string {
  const span = `for ${formatMicros(durationUs)} after ${formatMicros(warmupUs)} of warm-up`;
  switch (shape.kind) {
    case 'rate':
      return `${shape.perSecond}/s, ${arrivals} arrivals, ${span}`;
    case 'stages': {
      const rates = shape.stages.map((stage) => `${stage.fromPerSecond} to ${stage.toPerSecond}/s`);
      return `${rates.join(', ')}, ${arrivals} arrivals, ${span}`;
    }
    case 'closed':
      return `closed loop of ${shape.concurrency}, ${span}`;
  }
}
