/** @module `paceline run PROFILE`: runs a profile, writes the result after every trial and the report at the end. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { runExperiment } from '../experiment/experiment.ts';
import type { Thread } from '../generator/engine/thread.ts';
import { readProfile } from '../profile/profile.ts';
import { Calibration } from '../result/calibration.ts';
import type { ResultDocument } from '../result/document.ts';
import { systemClock } from '../units/clock.ts';
import { CALIBRATION_FILE } from './calibration-file.ts';
import { EXIT, exitCodeOf } from './exit.ts';
import { cannotWrite, makeFolder } from './folder.ts';
import { listenForInterrupt } from './interrupt.ts';
import { once } from './once.ts';
import { type ProfileOptions, readOptions, tlsOf } from './options.ts';
import { createProgress } from './progress.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { selectVariants } from './variants.ts';

export interface RunOptions extends ProfileOptions {
  /** Only these variants; empty: all. */
  readonly variant: readonly string[];
  readonly once: boolean;
  readonly out?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Runs the profile at `path`, its first trial on `thread`; resolves with the exit code. */
export async function run(path: string, options: RunOptions, thread: Thread): Promise<number> {
  const terminal = openTerminal(options);
  const profile = selectVariants(await readProfile(path, readOptions(options)), options.variant);
  if (options.once) return once(profile, options, terminal);
  const createdAt = systemClock.date();
  const out = options.out ?? join('results', `${stamp(createdAt)}-${basename(path, extname(path))}`);
  await makeFolder(out);
  for (const notice of profile.notices) terminal.say(`note: ${notice}`);
  const interrupt = listenForInterrupt(() =>
    terminal.say(
      'interrupted: ending the trial and writing what was measured (once more ends at once, without writing)',
    ),
  );
  const progress = createProgress(terminal, systemClock);
  const experiment = runExperiment({
    profile,
    seed: options.seed,
    ...tlsOf(options),
    createdAt,
    signal: interrupt.signal,
    thread,
    calibration: await knownCalibration(),
  });
  for await (const event of experiment) {
    if (event.kind === 'trial-started') progress.trialStart(event.trial, event.ahead);
    else if (event.kind === 'progress') progress.load(event.progress);
    else {
      progress.trialEnd(event.trial, event.repetition);
      await writeResult(out, event.document);
    }
  }
  const document = await experiment.result();
  await conclude(document, out, options, terminal);
  return interrupt.signal.aborted ? EXIT.interrupted : exitCodeOf(document.verdict);
}

async function conclude(
  document: ResultDocument,
  out: string,
  options: RunOptions,
  terminal: Terminal,
): Promise<void> {
  await writeResult(out, document);
  // Loaded now and not at the start: drawing charts takes a library that the load need not wait for.
  const [{ renderers }, { headline }] = await Promise.all([
    import('../report/formats.ts'),
    import('../report/format/text.ts'),
  ]);
  const report = await renderers.html(document);
  await replaceFile(join(out, 'report.html'), report.files[0]!.content);
  terminal.say(`\n${headline(document)}\n`);
  terminal.say(`result: ${join(out, 'result.json')}`);
  terminal.say(`report: ${join(out, 'report.html')}`);
  if (options.json) await terminal.print(`${JSON.stringify(document, null, 2)}\n`);
}

/** What `paceline calibrate` has stored; a missing or unreadable file is no fault, the report then names no ceiling. */
async function knownCalibration(): Promise<Calibration | undefined> {
  const text = await readFile(CALIBRATION_FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Calibration.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function writeResult(out: string, document: ResultDocument): Promise<void> {
  await replaceFile(join(out, 'result.json'), `${JSON.stringify(document, null, 2)}\n`);
}

/** Replaces a file in one step, so that a reader (or a crash) never finds half of it. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(`${path}.part`, content);
    await rename(`${path}.part`, path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** `2026-11-21T12-30-00`, which sorts and is a file name everywhere. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replaceAll(':', '-');
