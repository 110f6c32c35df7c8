/** @module The whole experiment: runs every trial in order and updates the result document after each one. */
import type { Progress } from '../generator/engine/progress.ts';
import type { Profile } from '../profile/settings.ts';
import type { Calibration } from '../result/calibration.ts';
import type { Repetition, ResultDocument } from '../result/document.ts';
import type { Machine } from '../result/machine.ts';
import type { Revision } from '../result/revision.ts';
import type { Preparation } from '../testbed/preparation.ts';
import type { TlsOptions } from '../testbed/probe.ts';
import { anyAborted } from '../units/abort.ts';
import { systemClock } from '../units/clock.ts';
import { DataFiles } from './data-files.ts';
import type { DocumentOptions } from './document.ts';
import { keepRecording, makeTrialFolder } from './kept-folder.ts';
import { machine } from './machine.ts';
import { fixedPlan } from './plan/fixed.ts';
import type { Plan, Trial, TrialResult } from './plan/plan.ts';
import { preflight } from './preflight.ts';
import { runTrial } from './trial.ts';
import { latestWhile } from './updates.ts';

export interface ExperimentOptions {
  readonly profile: Profile;
  /**
   * Decides the order of trials, arrivals, agents and arguments.
   * @default 1
   */
  readonly seed?: number;
  /**
   * How connections to an `https:` target are verified.
   * @default by the certificate authorities that Node trusts
   */
  readonly tls?: TlsOptions['tls'];
  /**
   * For the document.
   * @default now
   */
  readonly createdAt?: Date;
  /** The arguments of the command line that asks for it, without credentials, for the document. */
  readonly command?: readonly string[];
  /** The revision of the code that is measured, for the document. It is asked for when the first trial is under way, so that its load begins sooner. */
  readonly revision?: () => Promise<Revision | undefined>;
  /**
   * Which trials are run.
   * @default every variant as often as the profile says, interleaved
   */
  readonly plan?: Plan;
  /** Ends the experiment early; the measurements so far are kept. */
  readonly signal?: AbortSignal;
  /** The maximum throughput of the generator on this machine, where it is known. */
  readonly calibration?: Calibration | undefined;
  /**
   * A folder for generated configuration, the output of servers and balancers, and recordings, with one subfolder per trial.
   * @default nothing is kept
   */
  readonly keep?: string | undefined;
}

/** An event of an experiment. */
export type ExperimentEvent =
  /** A trial begins; `ahead` are those after it, as far as they are known. */
  | { readonly kind: 'trial-started'; readonly trial: Trial; readonly ahead: readonly Trial[] }
  /** The testbed of the current trial is being started, and that takes long. */
  | { readonly kind: 'preparing'; readonly trial: Trial; readonly preparation: Preparation }
  /** Calls so far in the current trial. */
  | { readonly kind: 'progress'; readonly trial: Trial; readonly progress: Progress }
  /** A trial has ended. `document` is complete in itself and holds all trials so far. */
  | {
      readonly kind: 'trial-ended';
      readonly trial: Trial;
      readonly repetition: Repetition;
      readonly document: ResultDocument;
    };

/** What a trial tells while it is under way. */
type TrialUpdate = Extract<ExperimentEvent, { readonly kind: 'preparing' | 'progress' }>;

/** A running experiment. It advances only while its events are read. */
export interface Experiment extends AsyncIterable<ExperimentEvent> {
  /** The machine, as it is before the first trial. */
  readonly machine: Machine;
  /**
   * Reads the remaining events and resolves with the document; `complete` is false when the experiment ended early.
   * Rejects with a `UserError` when this machine cannot run one of the variants (before anything is started), or when a trial
   * cannot begin.
   */
  result(): Promise<ResultDocument>;
}

/**
 * The experiment that `options` describe: every trial is run, and the document is complete after each. It advances while events are read (`for await`): the next trial does not begin
 * before the consumer has handled the event of the previous one. Leaving the loop stops the current trial and discards it.
 *
 * @example
 * ```ts
 * const experiment = runExperiment({ profile, signal: AbortSignal.timeout(60_000) });
 * for await (const event of experiment) {
 *   if (event.kind === 'trial-ended') console.log(event.trial.variant.name, event.repetition.responseTime.p99Us);
 * }
 * const { verdict } = await experiment.result();
 * ```
 */
export function runExperiment(options: ExperimentOptions): Experiment {
  const stop = new AbortController();
  const {
    profile,
    seed = 1,
    tls = { insecure: false },
    createdAt = systemClock.date(),
    calibration,
    keep,
  } = options;
  const signal = anyAborted(options.signal, stop.signal);
  const plan = options.plan ?? fixedPlan(profile, seed);
  const { command } = options;
  const about = { profile, seed, tls, createdAt, command, machine: machine() };
  const dataFiles = new DataFiles();
  const known = askedOnce(options.revision);
  const running: Running = { ...about, calibration, keep, dataFiles, signal, known };
  const done: TrialResult[] = [];
  const events = trialsOf(running, plan, done);
  return {
    machine: running.machine,
    [Symbol.asyncIterator]: () => ({
      next: () => events.next(),
      return: () => {
        stop.abort();
        return events.return();
      },
    }),
    async result() {
      for await (const _ of events);
      return documentSoFar(running, plan, done);
    },
  };
}

/** Loaded when the first trial has ended, so that it begins sooner. */
const loadDocument = (): Promise<typeof import('./document.ts')> => import('./document.ts');

/** The options with all defaults filled in. */
interface Running extends DocumentOptions {
  readonly tls: TlsOptions['tls'];
  readonly signal: AbortSignal;
  readonly keep: string | undefined;
  readonly dataFiles: DataFiles;
  readonly known: () => Promise<Revision | undefined> | undefined;
}

/** What `ask` answers, asked when it is first wanted. */
function askedOnce<T extends object>(ask: (() => T) | undefined): () => T | undefined {
  let answer: T | undefined;
  return () => {
    answer ??= ask?.();
    return answer;
  };
}

async function documentSoFar(
  options: Running,
  plan: Plan,
  done: readonly TrialResult[],
): Promise<ResultDocument> {
  const { documentOf } = await loadDocument();
  return documentOf({ ...options, revision: await options.known() }, plan, done);
}

/** Runs the trials of `plan` and adds their results to `done`. */
async function* trialsOf(
  options: Running,
  plan: Plan,
  done: TrialResult[],
): AsyncGenerator<ExperimentEvent, void, void> {
  await preflight(options.profile.variants, options.tls, options.dataFiles);
  for (let trial = plan.next(done); trial !== undefined; trial = plan.next(done)) {
    if (options.signal.aborted) return;
    const [, ...ahead] = plan.ahead(done);
    yield { kind: 'trial-started', trial, ahead };
    const result = yield* attempt(trial, options);
    if (result === undefined) return;
    const { withCeiling } = await loadDocument();
    done.push(withCeiling(result, options));
    const { repetition } = done.at(-1)!;
    yield { kind: 'trial-ended', trial, repetition, document: await documentSoFar(options, plan, done) };
  }
}

/** The result of the trial; `undefined` when it was interrupted before it began. */
async function* attempt(
  trial: Trial,
  { seed, tls, signal, keep, dataFiles, known }: Running,
): AsyncGenerator<ExperimentEvent, TrialResult | undefined, void> {
  const kept = keep === undefined ? undefined : await makeTrialFolder(keep, trial);
  const updates = latestWhile<TrialUpdate, TrialResult>((report) =>
    runTrial(
      trial,
      seed,
      { tls, dataFiles },
      {
        signal,
        onProgress: (progress) => report({ kind: 'progress', trial, progress }),
        onPreparing: (preparation) => report({ kind: 'preparing', trial, preparation }),
        keep: kept,
      },
    ),
  );
  try {
    for (let update = await updates.next(); ; update = await updates.next()) {
      if (update.done) {
        if (kept !== undefined) await keepRecording(kept, seed, update.value);
        return update.value;
      }
      void known();
      yield update.value;
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    await updates.return(undefined as never);
  }
}
