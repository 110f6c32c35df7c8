/** @module The folder of a run: a new one for each run, or one that the user names, in which no result is overwritten unasked. */
import { access } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { holdsTrials } from '../experiment/kept-folder.ts';
import { RESULT_FILE } from '../result/file-name.ts';
import { UserError } from '../units/user-error.ts';
import { claimFolder, makeFolder } from './folder.ts';

/** Where the folder of a run is made, unless a flag says otherwise. */
export const RESULTS_FOLDER = 'results';

export interface ResultFolderOptions {
  readonly out?: string;
  /** Folder to keep generated configuration, the output of servers and balancers, and recordings in. */
  readonly keep?: string;
  /** Whether files of another run may be overwritten. */
  readonly force: boolean;
}

/**
 * Makes the folder for the result of the profile at `path` and resolves with it: `--out`, or a new one below `results/`. Rejects with a
 * {@link UserError} when `--out` or `--keep` is a folder with the files of another run, unless `force` is given.
 */
export async function resultFolder(
  path: string,
  createdAt: Date,
  options: ResultFolderOptions,
): Promise<string> {
  if (!options.force) await refuseOtherRuns(options);
  if (options.out === undefined)
    return newFolder(join(RESULTS_FOLDER, `${stamp(createdAt)}-${basename(path, extname(path))}`));
  await makeFolder(options.out);
  return options.out;
}

async function refuseOtherRuns({ out, keep }: ResultFolderOptions): Promise<void> {
  const holders = [
    ['--out', out, out !== undefined && (await exists(join(out, RESULT_FILE))), 'a result'],
    ['--keep', keep, keep !== undefined && (await holdsTrials(keep)), 'the files of another run'],
  ] as const;
  const problems = holders
    .filter(([, , holds]) => holds)
    .map(([where, folder, , what]) => ({
      where,
      what: `${folder} holds ${what}`,
      todo: 'choose another folder, or give --force to overwrite it',
    }));
  if (problems.length > 0) throw new UserError(problems);
}

/** Creates `path`, or `path-2`, `path-3` ... when another run has that one. */
async function newFolder(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? path : `${path}-${number}`;
    if (await claimFolder(folder)) return folder;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** `2026-11-21T12-30-00`: sorts by time and is a valid file name on every system. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replaceAll(':', '-');
