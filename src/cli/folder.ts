/** @module The output folder of a command: created and checked for write access before any work, and removed if nothing was written. */
import { rmdirSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeFolders } from '../units/make-folders.ts';
import { UserError } from '../units/user-error.ts';

/**
 * Creates the folder `path` if it is missing, and checks that files can be written in it. Created folders that are still
 * empty when the process ends are removed. Throws a `UserError` that names the flag `--out`.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    removeAtExit(await makeFolders(resolve(path)));
    await tryToWrite(path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** As {@link makeFolder}, for a folder that must not be there yet; resolves with whether this process has created it. */
export async function claimFolder(path: string): Promise<boolean> {
  try {
    const parents = await makeFolders(resolve(dirname(path)));
    await mkdir(path);
    removeAtExit([resolve(path), ...parents]);
    await tryToWrite(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(path, cause);
  }
}

async function tryToWrite(folder: string): Promise<void> {
  const trial = join(folder, '.paceline-writes-here');
  await (await open(trial, 'w')).close();
  await rm(trial);
}

function removeAtExit(folders: readonly string[]): void {
  process.once('exit', () => removeEmpty(folders));
}

/** The error for a file or folder that could not be written; `flag` names it. */
export function cannotWrite(path: string, cause: unknown, flag = '--out'): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const what = `cannot write to ${path} (${code ?? String(cause)})`;
  const todo = code === 'ENOSPC' ? 'free up space on that disk' : 'choose a folder with write access';
  return new UserError({ where: flag, what, todo }, { cause });
}

/** Removes empty folders, innermost first; stops at the first one that is not empty. */
function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
