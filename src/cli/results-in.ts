/** @module Finds the result files that a path names: the file itself, the result of a run's folder, or those of all runs in a folder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RESULT_FILE } from '../result/file-name.ts';
import { UserError } from '../units/user-error.ts';

/** The result file at `path`: the one in it when that is the folder of a run. */
export async function resultIn(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true ? join(path, RESULT_FILE) : path;
}

/** All result files at `path`, in the order of their names. Rejects with a `UserError` when it is a folder without one. */
export async function resultsIn(path: string): Promise<readonly string[]> {
  const file = await resultIn(path);
  if (file === path || (await isFile(file))) return [file];
  const folders = (await readdir(path)).sort();
  const files = folders.map((folder) => join(path, folder, RESULT_FILE));
  const found = await Promise.all(files.map(isFile));
  const results = files.filter((_, at) => found[at]);
  if (results.length > 0) return results;
  throw new UserError({
    where: path,
    what: 'the folder holds no result',
    expected: `${RESULT_FILE} in it or in its subfolders`,
  });
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
