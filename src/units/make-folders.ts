/** @module Makes folders. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes the absolute `path` and what is missing above it; resolves with the folders that were made, the innermost first. Works folder
 * by folder: for some paths (below /proc) Node's own recursive `mkdir` never ends. Rejects with the error of the system.
 */
export async function makeFolders(path: string): Promise<readonly string[]> {
  const made: string[] = [];
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
  return made;
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
