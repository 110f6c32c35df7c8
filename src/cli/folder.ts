/** @module The output folder of a command: created and checked for write access before any work, and removed if nothing was written. */
import { rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolders } from '../units/make-folders.ts';
import { UserError } from '../units/user-error.ts';

/**
 * Creates the folder `path` if it is missing, and checks that files can be written in it. Created folders that are still
 * empty when the process ends are removed. Throws a `UserError` that names the flag `--out`.
 */
export async function makeFolder(path: string): Promise<void> {
  const made: string[] = [];
  process.once('exit', () => removeEmpty(made));
  try {
    made.push(...(await makeFolders(resolve(path))));
    const trial = join(path, '.paceline-writes-here');
    await (await open(trial, 'w')).close();
    await rm(trial);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** The error for a file or folder that could not be written. */
export function cannotWrite(path: string, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const what = `cannot write to ${path} (${code ?? String(cause)})`;
  const todo = code === 'ENOSPC' ? 'free up space on that disk' : 'choose a folder with write access';
  return new UserError({ where: '--out', what, todo }, { cause });
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
