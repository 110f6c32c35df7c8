/** @module The folder that keeps the generated files and the output of a trial's testbed. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolders } from '../units/make-folders.ts';
import { UserError } from '../units/user-error.ts';
import type { Trial, TrialResult } from './plan/plan.ts';

/** The folder of `trial` in `keep`, named by its place in the order and its variant; unique for each trial. */
export function trialFolder(keep: string, { order, index, variant }: Trial): string {
  const place = String(order + 1).padStart(2, '0');
  const name = variant.name.replace(/[^\w.-]+/g, '-').slice(0, 60);
  return join(resolve(keep), `${place}-${name}-${index + 1}`);
}

/** Whether `keep` has the folder of a trial. */
export async function holdsTrials(keep: string): Promise<boolean> {
  const entries = await readdir(keep, { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => entry.isDirectory() && /^\d{2,}-[\w.-]+-\d+$/.test(entry.name));
}

/** Creates {@link trialFolder} when it is missing. Rejects with a `UserError` when it cannot be created. */
export async function makeTrialFolder(keep: string, trial: Trial): Promise<string> {
  const folder = trialFolder(keep, trial);
  await makeFolders(folder).catch((cause: NodeJS.ErrnoException) => {
    const what = `cannot make the folder ${folder} (${cause.code})`;
    throw new UserError({ where: '--keep', what, todo: 'choose a folder with write access' }, { cause });
  });
  return folder;
}

/** Writes the recording of a trial to `recording.json` in its folder. `seed` is that of the experiment. */
export async function keepRecording(
  folder: string,
  seed: number,
  { trial, recording }: TrialResult,
): Promise<void> {
  const { variant, index: repetition } = trial;
  const { writeRecording } = await import('../recording/file.ts');
  await writeRecording(join(folder, 'recording.json'), {
    seed,
    variant: variant.name,
    repetition,
    recording,
  });
}
