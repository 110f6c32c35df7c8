/** @module Finds all results below a folder, for a history: those of runs, and stored baselines. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { branchOfBaseline } from '../experiment/history/store.ts';
import { readResult } from '../result/file.ts';
import { RESULT_FILE } from '../result/file-name.ts';
import type { HistoryFile } from '../result/trend/trend-of.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** Folders in which nobody keeps results, and which may be large. */
const SKIPPED: readonly string[] = ['node_modules', '.git'];

/** How many files are read at the same time. */
const AT_ONCE = 8;

/** All results below `folder`, at any depth. Rejects with a `UserError` when there is none, and with one that names every file that is no result. */
export async function historyIn(folder: string): Promise<readonly HistoryFile[]> {
  const paths = await resultsBelow(folder);
  if (paths.length === 0) {
    throw new UserError({
      where: folder,
      what: 'the folder holds no result',
      expected: `${RESULT_FILE} in it or below it`,
    });
  }
  const files: HistoryFile[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const read = await Promise.allSettled(paths.slice(at, at + AT_ONCE).map(historyFile));
    for (const one of read) {
      if (one.status === 'fulfilled') files.push(one.value);
      else if (one.reason instanceof UserError) problems.push(...one.reason.problems);
      else throw one.reason;
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return files;
}

async function historyFile(path: string): Promise<HistoryFile> {
  const document = await readResult(path);
  return { path, document, branch: await branchOfBaseline(dirname(path)) };
}

async function resultsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      where: folder,
      what: `cannot be read (${error.code})`,
      expected: 'a folder of results',
    });
  });
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() && !SKIPPED.includes(entry.name))
      .map((entry) => resultsBelow(join(folder, entry.name))),
  );
  const own = entries.some((entry) => entry.isFile() && entry.name === RESULT_FILE);
  return [...(own ? [join(folder, RESULT_FILE)] : []), ...below.flat()].sort();
}
