/** @module Measures a profile: runs its trials, writes the result after each, and the report at the end. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runExperiment } from '../experiment/experiment.ts';
import { revisionHere } from '../experiment/history/git.ts';
import { shownArguments } from '../profile/command-line.ts';
import type { Profile } from '../profile/settings.ts';
import { busyText } from '../report/busy-machine.ts';
import type { Format } from '../report/format/names.ts';
import type { Calibration } from '../result/calibration.ts';
import type { ResultDocument } from '../result/document.ts';
import { RESULT_FILE } from '../result/file.ts';
import type { Machine } from '../result/machine.ts';
import { systemClock } from '../units/clock.ts';
import { CALIBRATION_FILE } from './calibration-file.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { listenForInterrupt } from './interrupt.ts';
import { noiseBefore } from './noise-before.ts';
import { type ProfileOptions, tlsOf } from './options.ts';
import { createProgress } from './progress.ts';
import { replaceFile } from './replace-file.ts';
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
  const interrupt = listenForInterrupt(() =>
    terminal.say(
      'interrupted: stopping the trial and writing the results so far (press Ctrl-C again to exit immediately)',
    ),
  );
  const progress = createProgress(terminal, systemClock);
  const experiment = runExperiment({
    profile,
    seed: options.seed,
    ...tlsOf(options),
    createdAt,
    command: shownArguments(process.argv.slice(2)),
    revision: revisionHere(),
    signal: interrupt.signal,
    calibration: await knownCalibration(),
    keep: options.keep,
  });
  let measured: ResultDocument | undefined;
  try {
    for await (const event of experiment) {
      if (event.kind === 'trial-started') {
        if (event.trial.order === 0) {
          sayBusy(experiment.machine, terminal);
          // While the testbed starts.
          void noiseBefore(profile, experiment.machine).then((line) => line && terminal.say(line));
        }
        progress.trialStart(event.trial, event.ahead);
      } else if (event.kind === 'preparing') progress.preparing(event.preparation);
      else if (event.kind === 'progress') progress.load(event.progress);
      else {
        const { trial, repetition } = event;
        measured = event.document;
        progress.trialEnd(trial, repetition);
        for (const line of verbose?.trialLines(trial, repetition, options.keep) ?? []) terminal.say(line);
        writeResult(out, measured);
      }
    }
  } catch (error) {
    // A trial that cannot begin does not take away what others have measured.
    if (measured !== undefined) await conclude(measured, out, options, terminal);
    throw error;
  }
  progress.end();
  const document = await experiment.result();
  await conclude(document, out, options, terminal);
  return interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(document.verdict);
}

/** Says how busy the machine is before the first load, when it is too busy to measure undisturbed. */
function sayBusy(machine: Machine, terminal: Terminal): void {
  const busy = busyText(machine);
  if (busy !== undefined) terminal.say(`note: ${busy}`);
}

async function conclude(
  document: ResultDocument,
  out: string,
  options: MeasureOptions,
  terminal: Terminal,
): Promise<void> {
  writeResult(out, document);
  // Loaded only now: charts need a library that would delay the start of the load.
  const [{ renderers }, { whole }, { failureLines, headline }, { modelOf }] = await Promise.all([
    import('../report/format/formats.ts'),
    import('../report/format/rendered.ts'),
    import('../report/format/text.ts'),
    import('../report/model.ts'),
  ]);
  const model = modelOf(document);
  const report = await renderers.html(model);
  replaceFile(join(out, 'report.html'), whole(report.files[0]!.content));
  if (options.quiet) for (const line of failureLines(model)) terminal.tellAnyway(line);
  terminal.say('');
  terminal.tell(`${headline(model)}\n`);
  terminal.tell(`result: ${join(out, RESULT_FILE)}`);
  terminal.tell(`report: ${join(out, 'report.html')}`);
  const asked = options.json ? 'json' : options.format;
  if (asked === undefined) return;
  const { files } = asked === 'html' ? report : await renderers[asked](model);
  for (const { content } of files) await terminal.print(content);
}

/** The calibration stored by `paceline calibrate`; without a readable file the report shows no share of the maximum. */
async function knownCalibration(): Promise<Calibration | undefined> {
  const text = await readFile(CALIBRATION_FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { Calibration } = await import('../result/calibration.ts');
  try {
    return Calibration.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function writeResult(out: string, document: ResultDocument): void {
  replaceFile(join(out, RESULT_FILE), `${JSON.stringify(document, null, 2)}\n`);
}
