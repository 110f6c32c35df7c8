/** @module `paceline ab PROFILE`: two sides of one profile in interleaved trials, until it is known whether they differ. */
import { join } from 'node:path';
import { compareSides, leftOut } from '../experiment/ab/comparison.ts';
import { runExperiment } from '../experiment/experiment.ts';
import { revisionHere } from '../experiment/history/git.ts';
import { looksUpTo } from '../experiment/plan/looks.ts';
import type { Trial } from '../experiment/plan/plan.ts';
import { type SequentialPlan, type Standing, sequentialPlan } from '../experiment/plan/sequential.ts';
import { readProfile } from '../experiment/read-profile.ts';
import { shownArguments } from '../profile/command-line.ts';
import { SIDE_NAMES, type SidesForm } from '../profile/section/sides.ts';
import type { Profile } from '../profile/settings.ts';
import { RENDERERS } from '../report/regression/formats.ts';
import type { ComparisonFormat } from '../report/regression/names.ts';
import { plural } from '../report/wording.ts';
import { MINIMUM_REPETITIONS, type ResultDocument } from '../result/document.ts';
import { RESULT_FILE } from '../result/file-name.ts';
import type { ChangeVerdict, ComparisonDocument } from '../result/regression/document.ts';
import { headlinePath } from '../result/regression/headline-path.ts';
import { systemClock } from '../units/clock.ts';
import { formatMicros, type Micros, SECOND } from '../units/time.ts';
import { UserError } from '../units/user-error.ts';
import { blockLines, endingLine, startLines } from './ab-lines.ts';
import { type PreparedSides, prepareSides } from './ab-prepare.ts';
import { formOf, type SideOptions } from './ab-sides.ts';
import { EXIT, exitCodeOfChanges } from './exit.ts';
import { follow, STOPPING } from './follow.ts';
import { type Interrupt, listenForInterrupt } from './interrupt.ts';
import { knownCalibration } from './known-calibration.ts';
import { type ProfileOptions, profileFlags, tlsOf } from './options.ts';
import { replaceFile } from './replace-file.ts';
import { fileLines, writeReport, writeResult } from './result-files.ts';
import { type ResultFolderOptions, resultFolder } from './result-folder.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { START_AND_STOP_US } from './time-left.ts';

export interface AbOptions
  extends Omit<ProfileOptions, 'target' | 'repetitions'>,
    SideOptions,
    ResultFolderOptions {
  readonly variant?: string;
  readonly maxPairs: number;
  /** For all of it, builds included; absent: none. */
  readonly budget?: Micros;
  /** A share. */
  readonly minEffect: number;
  readonly headline?: string;
  readonly json: boolean;
}

/** Time around the load of a trial when Paceline starts no server. */
const NOTHING_STARTS_US: Micros = 0.3e6;

const COMPARISON_FILE = RENDERERS.json.file;

/** Compares two sides of the profile at `path`; prints what changed, and resolves with the exit code. */
export async function ab(path: string, options: AbOptions): Promise<number> {
  const beganUs = systemClock.now();
  const form = formOf(options, path);
  const headline = options.headline === undefined ? undefined : headlinePath(options.headline);
  const terminal = openTerminal({ quiet: false, data: options.json });
  const sides = { form, variant: options.variant };
  const profile = await readProfile(path, {
    ...profileFlags({ ...options, repetitions: options.maxPairs }),
    sides,
  });
  const folder = await resultFolder(profile.file, systemClock.date(), options);
  for (const notice of profile.notices) terminal.say(`note: ${notice}`);
  const interrupt = listenForInterrupt(() => terminal.say(STOPPING));
  const { signal } = interrupt;
  let prepared: PreparedSides;
  try {
    prepared = await prepareSides(profile, { form, build: options.build, out: folder, signal }, terminal);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  }
  try {
    return await compare(prepared, { ...options, headline, form, beganUs, folder }, interrupt, terminal);
  } finally {
    prepared.release();
  }
}

interface Prepared extends Omit<AbOptions, 'headline'> {
  /** The path of the metric. */
  readonly headline: string | undefined;
  readonly form: SidesForm;
  /** When the command began. */
  readonly beganUs: Micros;
  /** The folder of the result. */
  readonly folder: string;
}

async function compare(
  sides: PreparedSides,
  options: Prepared,
  { signal }: Interrupt,
  terminal: Terminal,
): Promise<number> {
  const { profile } = sides;
  const { seed, minEffect, headline, folder } = options;
  const { looks, blockUs, budget } = courseOf(profile, options);
  const plan = sequentialPlan({ profile, seed, looks, minEffect, headline, budget });
  const { change } = plan.standing([], []);
  for (const line of startLines({ ...sides, looks, blockUs, headline: change.label, minEffect }))
    terminal.say(line);
  const experiment = runExperiment({
    profile,
    seed,
    ...tlsOf(options),
    command: shownArguments(process.argv.slice(2)),
    // Of two revisions, none is that of the working directory.
    ...(options.form.kind !== 'revisions' && { revision: () => revisionHere() }),
    plan,
    signal,
    calibration: await knownCalibration(),
    keep: options.keep,
  });
  let current: Trial | undefined;
  let measured: ResultDocument | undefined;
  try {
    await follow(experiment, terminal, {
      started({ trial }) {
        current = trial;
      },
      ended({ trial, document }) {
        measured = document;
        writeResult(folder, document);
        if (trial.order % 2 === 1)
          for (const line of blockLines(standingIn(document, plan), looks)) terminal.say(line);
      },
    });
  } catch (error) {
    if (measured !== undefined) await writeReport(folder, measured);
    throw error instanceof UserError && current !== undefined
      ? ofSide(error, placeOf(sides, options.form, current))
      : error;
  }
  const status = await conclude(await experiment.result(), plan, sides, options, signal.aborted, terminal);
  return signal.aborted ? EXIT.interrupted : exitCodeOfChanges([status]);
}

/** When it looks, how long a block takes as far as it is known, and the budget. Throws a {@link UserError} when that is too short for any verdict. */
function courseOf(profile: Profile, { maxPairs, budget, beganUs }: Prepared) {
  const { load, endpoint } = profile.variants[0]!.settings;
  const aroundUs = endpoint.kind === 'target' ? NOTHING_STARTS_US : START_AND_STOP_US;
  const blockUs = 2 * (load.warmupUs + load.durationUs + aroundUs);
  if (budget === undefined) return { looks: looksUpTo(maxPairs), blockUs, budget };
  const elapsedUs = (): Micros => systemClock.now() - beganUs;
  const pairs = Math.floor((budget - elapsedUs()) / blockUs);
  if (pairs < MINIMUM_REPETITIONS) {
    const needed = formatMicros(SECOND * Math.ceil((elapsedUs() + MINIMUM_REPETITIONS * blockUs) / SECOND));
    throw new UserError({
      where: '--budget',
      what: `is enough for ${plural(Math.max(0, pairs), 'pair')} of trials of this profile`,
      expected: `at least ${needed}, for ${MINIMUM_REPETITIONS} pairs`,
      todo: 'give it more time, or shorten load.duration',
    });
  }
  return { looks: looksUpTo(Math.min(pairs, maxPairs)), blockUs, budget: { us: budget, elapsedUs } };
}

const standingIn = ({ variants: [a, b] }: ResultDocument, plan: SequentialPlan): Standing =>
  plan.standing(a!.repetitions, b!.repetitions);

/** The side of a trial. The problem of a target names its URL itself. */
const placeOf = ({ labels }: PreparedSides, { kind }: SidesForm, { variantIndex }: Trial): string =>
  kind === 'targets' ? SIDE_NAMES[variantIndex]! : labels[variantIndex]!.label;

/** The error with the side whose trial could not begin. */
const ofSide = (error: UserError, side: string): UserError =>
  new UserError(
    error.problems.map((problem) => ({ ...problem, where: `${side}: ${problem.where}` })),
    { cause: error },
  );

/** Writes all files and tells what was found; resolves with the verdict. */
async function conclude(
  document: ResultDocument,
  plan: SequentialPlan,
  { labels: [base, candidate] }: PreparedSides,
  { minEffect, headline, maxPairs, folder, json }: Prepared,
  isInterrupted: boolean,
  terminal: Terminal,
): Promise<ChangeVerdict> {
  const standing = standingIn(document, plan);
  const comparison = compareSides(document, standing, {
    labels: { base, candidate },
    file: join(folder, RESULT_FILE),
    looks: plan.looks,
    minEffect,
    headline,
    createdAt: systemClock.date(),
  });
  writeResult(folder, document);
  await writeReport(folder, document);
  const data = await rendered('json', comparison);
  replaceFile(join(folder, COMPARISON_FILE), data);
  terminal.say(endingLine(isInterrupted ? undefined : standing.ending, standing, maxPairs));
  terminal.say('');
  terminal.tell(await rendered('text', comparison));
  for (const reason of leftOut(standing.blocks)) terminal.tell(reason);
  for (const line of fileLines(folder)) terminal.tell(line);
  terminal.tell(`comparison: ${join(folder, COMPARISON_FILE)}`);
  if (json) await terminal.print(data);
  return comparison.verdict.status;
}

async function rendered(format: ComparisonFormat, document: ComparisonDocument): Promise<string> {
  let text = '';
  for await (const piece of RENDERERS[format].render([document])) text += piece;
  return text;
}
