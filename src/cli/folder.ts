/** @module The folder that a command writes to: made and tried before any work, gone again when nothing was written. */
import { rmdirSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolders } from '../units/make-folders.ts';
import { UserError } from '../units/user-error.ts';

/**
 * Makes `path` where it is not there, and proves that files can be written in it. Folders that were made and are still
 * empty when the process ends are taken away again. Throws a `UserError` that names the flag `--out`.
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

/** The fault of a file or folder that could not be written. */
export function cannotWrite(path: string, cause: unknown): UserError {
  const { code } = cause as NodeJS.ErrnoException;
  const what = `cannot write to ${path} (${code ?? String(cause)})`;
  const todo = code === 'ENOSPC' ? 'make room on that disk' : 'choose a folder that you may write to';
  return new UserError({ where: '--out', what, todo }, { cause });
}

/** Innermost first; one that holds something stays, and so does what it is in. */
function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
