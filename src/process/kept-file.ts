/** @module Files in the folder in which a user keeps generated configuration and the output of processes. */
import { join } from 'node:path';

/** The path of file `name` in `folder`; `undefined` when no files are kept. */
export function keptFile(folder: string | undefined, name: string): string | undefined {
  return folder === undefined ? undefined : join(folder, name);
}
