/** @module What an earlier result of the same workload says about noise, before the load: the smallest change that this run can show. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Profile } from '../profile/settings.ts';
import { RESULT_FILE } from '../result/file-name.ts';
import type { Machine } from '../result/machine.ts';
import { BASELINES_FOLDER } from './baselines-folder.ts';
import { RESULTS_FOLDER } from './result-folder.ts';

/** Where earlier results may be. */
interface ResultFolders {
  readonly results: string;
  readonly baselines: string;
}

/** So many of the latest results in the folder are looked at. */
const MOST_READ = 3;

/** One line about the latest result of this workload on a machine of this class: in `results/`, or among the baselines. Undefined when there is none. */
export async function noiseBefore(
  profile: Profile,
  machine: Machine,
  folders: ResultFolders = { results: RESULTS_FOLDER, baselines: BASELINES_FOLDER },
): Promise<string | undefined> {
  const files = [...(await runsOf(profile.file, folders.results)), ...(await latestIn(folders.baselines))];
  if (files.length === 0) return undefined;
  // Loaded only where there is something to read.
  const { earlierNoise } = await import('./earlier-noise.ts');
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const line = text === undefined ? undefined : earlierNoise(text, profile, machine);
    if (line !== undefined) return line;
  }
  return undefined;
}

/** The latest results of runs of the profile at `path`, the latest first. */
async function runsOf(path: string, results: string): Promise<readonly string[]> {
  const name = `-${basename(path, extname(path))}`;
  const folders = await foldersIn(results);
  return folders
    .filter((folder) => folder.replace(/-\d+$/, '').endsWith(name) || folder.endsWith(name))
    .slice(0, MOST_READ)
    .map((folder) => join(results, folder, RESULT_FILE));
}

/** The latest result of each branch and key among baselines. */
async function latestIn(baselines: string): Promise<readonly string[]> {
  const keys = await insideOf([baselines]).then(insideOf);
  const latest = keys.map(async (key) => (await foldersIn(key)).slice(0, 1).map((one) => join(key, one)));
  return (await Promise.all(latest)).flat().map((folder) => join(folder, RESULT_FILE));
}

async function insideOf(folders: readonly string[]): Promise<readonly string[]> {
  const inside = folders.map(async (folder) => (await foldersIn(folder)).map((one) => join(folder, one)));
  return (await Promise.all(inside)).flat();
}

/** The entries of a folder, the last by name first: their names begin with a time. None of a folder that is not there. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort().reverse();
}
