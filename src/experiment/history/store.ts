/** @module The folder of baselines: a folder for each branch, in it one for each key, in it one for each result. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ResultDocument } from '../../result/document.ts';
import { RESULT_FILE } from '../../result/file-name.ts';
import { type Baseline, readBaseline } from '../../result/history/baseline.ts';
import { identityOf, keyOf } from '../../result/history/identity.ts';
import { makeFolders } from '../../units/make-folders.ts';
import { type Problem, UserError } from '../../units/user-error.ts';

/** Beside the result in the folder of a baseline. */
const BASELINE_FILE = 'baseline.json';

/** Of folders that are being written. */
const PARTIAL = '.part-';

export interface StoredBaseline extends Baseline {
  /** The folder that holds the result. */
  readonly folder: string;
}

export interface SaveOptions {
  readonly branch: string;
  readonly name: string | undefined;
  readonly savedAt: Date;
  /** How many results of a key are kept, the latest ones; those with a name are not counted. */
  readonly keep: number;
}

export interface Saved {
  readonly stored: StoredBaseline;
  /** The folders of results that were removed, as more than are kept. */
  readonly removed: readonly string[];
}

/**
 * Stores a copy of the result file at `path`, which holds `document`, below `dir`. A result that is there already is stored once. Neither a reader nor a
 * crash leaves a part of it. Rejects with the error of the system when it cannot be written.
 */
export async function saveBaseline(
  dir: string,
  path: string,
  document: ResultDocument,
  { branch, name, savedAt, keep }: SaveOptions,
): Promise<Saved> {
  const content = await readFile(path);
  const baseline: Baseline = {
    schema: 'paceline/baseline@1',
    branch,
    ...(name !== undefined && { name }),
    savedAt: savedAt.toISOString(),
    ...identityOf(document),
    title: String(document.profile['title'] ?? ''),
    createdAt: document.createdAt,
    seed: document.seed,
    variants: document.variants.map((variant) => variant.name),
    ...(document.revision && { revision: document.revision }),
  };
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
  const stamp = document.createdAt.slice(0, 19).replaceAll(':', '-');
  const folder = join(dir, folderNameOf(branch), keyOf(baseline), `${stamp}-${digest}`);
  await writeFolder(folder, { [RESULT_FILE]: content, [BASELINE_FILE]: jsonOf(baseline) });
  const removed = await removeOldest(dir, baseline, keep);
  return { stored: { ...baseline, folder }, removed };
}

/** All baselines below `dir`, the oldest result first; none when there is no such folder. Rejects with a `UserError` for files that are no baseline. */
export async function listBaselines(dir: string): Promise<readonly StoredBaseline[]> {
  const folders = await subfolders([dir]).then(subfolders).then(subfolders).then(withFile);
  const read = await Promise.allSettled(folders.map((folder) => readBaseline(join(folder, BASELINE_FILE))));
  const problems = read.flatMap((one): readonly Problem[] =>
    one.status === 'rejected' ? problemsOf(one.reason) : [],
  );
  if (problems.length > 0) throw new UserError(problems);
  return read
    .flatMap((one, at) => (one.status === 'fulfilled' ? { ...one.value, folder: folders[at]! } : []))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** The branch under which the result in `folder` was stored; undefined when that is no folder of a baseline. */
export async function branchOfBaseline(folder: string): Promise<string | undefined> {
  const names: readonly string[] = await readdir(folder);
  return names.includes(BASELINE_FILE) ? (await readBaseline(join(folder, BASELINE_FILE))).branch : undefined;
}

/** The file with the result of a baseline. */
export const resultFileOf = ({ folder }: StoredBaseline): string => join(folder, RESULT_FILE);

function problemsOf(reason: unknown): readonly Problem[] {
  if (reason instanceof UserError) return reason.problems;
  throw reason;
}

/** Without folders that hold no baseline, such as one that another process has just emptied. */
async function withFile(folders: readonly string[]): Promise<readonly string[]> {
  const names = await Promise.all(
    folders.map((folder): Promise<readonly string[]> => readdir(folder).catch(noneIfMissing(folder))),
  );
  return folders.filter((_, at) => names[at]!.includes(BASELINE_FILE));
}

async function subfolders(parents: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    parents.map(async (parent) => {
      const entries = await readdir(parent, { withFileTypes: true }).catch(noneIfMissing(parent));
      return entries
        .filter((entry) => entry.isDirectory() && !entry.name.includes(PARTIAL))
        .map((entry) => join(parent, entry.name));
    }),
  );
  return found.flat().sort();
}

/** No entries of a folder that is not there, or that another process has just removed. */
const noneIfMissing =
  (folder: string) =>
  (error: NodeJS.ErrnoException): [] => {
    if (error.code === 'ENOENT') return [];
    throw new UserError({
      where: folder,
      what: `cannot be read (${error.code})`,
      expected: 'a folder of baselines',
    });
  };

/** Writes a folder with `files` as a whole; replaces the files of one that is there. */
async function writeFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await makeFolders(resolve(dirname(folder)));
  const partial = `${folder}${PARTIAL}${randomUUID()}`;
  try {
    await mkdir(partial);
    for (const [name, content] of Object.entries(files)) await writeFile(join(partial, name), content);
    await rename(partial, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      for (const name of Object.keys(files)) await rename(join(partial, name), join(folder, name));
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeOldest(dir: string, baseline: Baseline, keep: number): Promise<readonly string[]> {
  const key = keyOf(baseline);
  const ofKey = (await listBaselines(dir)).filter(
    (one) => one.branch === baseline.branch && keyOf(one) === key && one.name === undefined,
  );
  const removed = ofKey.slice(0, Math.max(0, ofKey.length - keep)).map(({ folder }) => folder);
  for (const folder of removed) {
    for (const name of [RESULT_FILE, BASELINE_FILE]) await rm(join(folder, name), { force: true });
    // Whatever else somebody put there stays.
    await rmdir(folder).catch(() => undefined);
  }
  return removed;
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A branch as the name of a folder, on any system: `feature-cache`. The file in it says which branch it is. */
const folderNameOf = (branch: string): string =>
  branch.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'branch';
