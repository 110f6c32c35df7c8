/** @module Measures a profile: runs its trials, writes the result after each, and the report at the end. */

import { runExperiment } from '../experiment/experiment.ts';
import { revisionHere } from '../experiment/history/git.ts';
import { shownArguments } from '../profile/command-line.ts';
import type { Profile } from '../profile/settings.ts';
import type { Format } from '../report/format/names.ts';
import type { ResultDocument } from '../result/document.ts';
import { systemClock } from '../units/clock.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { follow, STOPPING } from './follow.ts';
import { listenForInterrupt } from './interrupt.ts';
import { knownCalibration } from './known-calibration.ts';
import { noiseBefore } from './noise-before.ts';
import { type ProfileOptions, tlsOf } from './options.ts';
import { fileLines, writeReport, writeResult } from './result-files.ts';
import { type ResultFolderOptions, resultFolder } from './result-folder.ts';
import type { Terminal } from './terminal.ts';

export interface MeasureOptions extends ProfileOptions, ResultFolderOptions {
  readonly json: boolean;
  /** The format in which the result is printed on stdout; absent: a summary for people. */
  readonly format?: Format;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Measures `profile`. Resolves with the exit code. */
export async function measure(
  profile: Profile,
  options: MeasureOptions,
  terminal: Terminal,
): Promise<number> {
  const createdAt = systemClock.date();
  const out = await resultFolder(profile.file, createdAt, options);
  for (const notice of profile.notices) terminal.say(`note: ${notice}`);
  const verbose = options.verbose ? await import('./verbose.ts') : undefined;
  for (const line of verbose?.planLines(profile, options.seed) ?? []) terminal.say(line);
  const interrupt = listenForInterrupt(() => terminal.say(STOPPING));
  const experiment = runExperiment({
    profile,
    seed: options.seed,
    ...tlsOf(options),
    createdAt,
    command: shownArguments(process.argv.slice(2)),
    revision: () => revisionHere(),
    signal: interrupt.signal,
    calibration: await knownCalibration(),
    keep: options.keep,
  });
  let measured: ResultDocument | undefined;
  try {
    await follow(experiment, terminal, {
      started({ trial }) {
        if (trial.order > 0) return;
        // While the testbed starts.
        void noiseBefore(profile, experiment.machine).then((line) => line && terminal.say(line));
      },
      ended({ trial, repetition, document }) {
        measured = document;
        for (const line of verbose?.trialLines(trial, repetition, options.keep) ?? []) terminal.say(line);
        writeResult(out, document);
      },
    });
  } catch (error) {
    // A trial that cannot begin does not take away what others have measured.
    if (measured !== undefined) await conclude(measured, out, options, terminal);
    throw error;
  }
  const document = await experiment.result();
  await conclude(document, out, options, terminal);
  return interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(document.verdict);
}

async function conclude(
  document: ResultDocument,
  out: string,
  options: MeasureOptions,
  terminal: Terminal,
): Promise<void> {
  writeResult(out, document);
  const { model, html } = await writeReport(out, document);
  const [{ renderers }, { failureLines, headline }] = await Promise.all([
    import('../report/format/formats.ts'),
    import('../report/format/text.ts'),
  ]);
  if (options.quiet) for (const line of failureLines(model)) terminal.tellAnyway(line);
  terminal.say('');
  terminal.tell(`${headline(model)}\n`);
  for (const line of fileLines(out)) terminal.tell(line);
  const asked = options.json ? 'json' : options.format;
  if (asked === undefined) return;
  const contents =
    asked === 'html' ? [html] : (await renderers[asked](model)).files.map(({ content }) => content);
  for (const content of contents) await terminal.print(content);
  if (asked === 'github') await (await import('./step-summary.ts')).summarise(model);
}
