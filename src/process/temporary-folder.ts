/** @module A temporary folder that does not outlive this process. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './cleanup.ts';
import { removeWhenGone } from './when-gone.ts';

export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with its content. It is removed when this process ends, at the latest, even by kill -9. */
  remove(): void;
}

/** Creates a folder `paceline-PURPOSE-` with a random end. */
export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `paceline-${purpose}-`));
  const endShell = removeWhenGone(path);
  return {
    path,
    remove() {
      removeFolder(path);
      endShell();
    },
  };
}
