/** @module The folder that a command writes to: made and tried before any work, gone again when nothing was written. */
import { rmdirSync } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../units/user-error.ts';

/**
 * Makes `path` where it is not there, and proves that files can be written in it. Folders that were made and are still
 * empty when the process ends are taken away again. Throws a `UserError` that names the flag `--out`.
 */
export async function makeFolder(path: string): Promise<void> {
  const made: string[] = [];
  process.once('exit', () => removeEmpty(made));
  try {
    await makeMissing(resolve(path), made);
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

/** Folder by folder: for some paths (below /proc) Node's own recursive way never ends. */
async function makeMissing(path: string, made: string[]): Promise<void> {
  const missing: string[] = [];
  let there = path;
  while (!(await isFolder(there))) {
    missing.unshift(there);
    there = dirname(there);
  }
  for (const folder of missing) {
    try {
      await mkdir(folder);
      made.unshift(folder);
    } catch (error) {
      // Another run may just have made it.
      if (!(await isFolder(folder).catch(() => false))) throw error;
    }
  }
}

/** False when there is nothing at `path`; throws when there is something else, which nothing can be put into. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
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
