/** @module Two revisions of a git repository, each checked out in a temporary folder of its own and built there. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { removeWorktreesWhenGone } from '../../process/when-gone.ts';
import { UserError } from '../../units/user-error.ts';

/** A revision as the user names it, and the flag for it. */
export interface Wanted {
  readonly flag: string;
  readonly ref: string;
}

/** A revision that is checked out. */
export interface Worktree {
  readonly wanted: Wanted;
  readonly commit: string;
  /** Its folder. */
  readonly path: string;
  /** The folder in it that stands for `folder` of the repository; undefined where that lies outside of the repository. */
  standsFor(folder: string): string | undefined;
}

/** Worktrees, until they are removed. */
export interface Worktrees {
  readonly all: readonly Worktree[];
  /** Removes them with all that is in them. Has no effect the second time. */
  remove(): void;
}

/**
 * Checks out each of `wanted` of the repository around `folder`. What is checked out is removed when this process ends, at the latest,
 * even by kill -9.
 * Rejects with a `UserError` for every revision that does not exist, and outside of a repository.
 */
export async function checkOut(
  folder: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<Worktrees> {
  const top = await git(folder, signal, 'rev-parse', '--show-toplevel').catch((error: Failed) => {
    throw new UserError({
      where: wanted.map(({ flag }) => flag).join(' and '),
      what: error.code === 'ENOENT' ? 'git is not installed' : `${folder} is not in a git repository`,
      todo: 'start paceline in the repository whose revisions are compared',
    });
  });
  const commits = await commitsOf(folder, wanted, signal);
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'paceline-ab-'));
  const remove = removalOf(top, home);
  try {
    const all: Worktree[] = [];
    for (const [at, one] of wanted.entries()) {
      const path = join(home, String.fromCharCode(97 + at));
      await git(top, signal, 'worktree', 'add', '--detach', '--quiet', path, commits[at]!);
      all.push({ wanted: one, commit: commits[at]!, path, standsFor: (inner) => placeIn(path, top, inner) });
    }
    return { all, remove };
  } catch (error) {
    remove();
    signal.throwIfAborted();
    throw notCheckedOut(error as Failed);
  }
}

/** An error of a program that was run. */
type Failed = Error & { readonly code?: string | number; readonly stderr?: string };

const notCheckedOut = ({ message, stderr }: Failed): UserError =>
  new UserError({ where: 'git worktree add', what: (stderr ?? message).trim() });

async function commitsOf(
  folder: string,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await Promise.all(
    wanted.map(({ ref }) =>
      git(folder, signal, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`).catch(
        () => undefined,
      ),
    ),
  );
  signal.throwIfAborted();
  const problems = wanted.flatMap(({ flag, ref }, at) =>
    found[at] === undefined
      ? [
          {
            where: flag,
            what: `the repository has no revision "${ref}"`,
            expected: 'a branch, a tag or a commit',
            todo: 'in a checkout of a CI system, fetch it first',
          },
        ]
      : [],
  );
  if (problems.length > 0) throw new UserError(problems);
  return found as readonly string[];
}

/** Also at the end of the process, however a second Ctrl-C ends it: so it does not wait for anything. */
function removalOf(top: string, home: string): () => void {
  const endShell = removeWorktreesWhenGone(home, top);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    // The repository forgets worktrees whose folders are gone.
    execFileSync('git', ['worktree', 'prune'], { cwd: top, stdio: 'ignore' });
    endShell();
  };
  process.once('exit', remove);
  return remove;
}

function placeIn(path: string, top: string, folder: string): string | undefined {
  const inner = relative(top, folder);
  return inner.startsWith('..') || isAbsolute(inner) ? undefined : join(path, inner);
}

async function git(cwd: string, signal: AbortSignal, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd, signal });
  return stdout.trim();
}
