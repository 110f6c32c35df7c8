/** @module Checks that the program of an engine is installed, in a version that supports the policy. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram, SERVER_FOLDERS } from '../../process/find-program.ts';
import { ENGINES, supportOf } from '../../profile/balancer-kinds.ts';
import type { BalancerSettings } from '../../profile/settings.ts';
import { unsupportedVersion } from '../../profile/unsupported.ts';
import { type Problem, UserError } from '../../units/user-error.ts';

/** The reason why this machine cannot run `settings`; `undefined` when it can. Runs the program for its version if the policy needs one. */
export async function installationProblem(settings: BalancerSettings): Promise<Problem | undefined> {
  const { program } = ENGINES[settings.engine];
  if (program === undefined) return undefined;
  const path = findProgram(program);
  if (path === undefined) return notInstalled(program);
  const support = supportOf(settings.engine, settings.policy);
  if (support.kind !== 'since') return undefined;
  const version = await versionOf(program, path);
  if (version !== undefined && isAtLeast(version, support.version)) return undefined;
  return {
    where: 'balancer.policy',
    ...unsupportedVersion(settings.policy, support, { program, path, version }),
  };
}

/** The file of program `name`. Throws a {@link UserError} that says how to install it. */
export function installedProgram(name: string): string {
  const file = findProgram(name);
  if (file !== undefined) return file;
  throw new UserError(notInstalled(name));
}

const notInstalled = (name: string): Problem => ({
  where: 'balancer.engine',
  what: `${name} is not installed (looked in PATH, ${SERVER_FOLDERS.join(' and ')})`,
  todo: `install it, on Debian and Ubuntu with: sudo apt-get install ${name}; or use engine embedded`,
});

/** `1.22.1`, as the program at `path` reports it; `undefined` when its output has no version. */
async function versionOf(program: string, path: string): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(path, ['-v'], { timeout: 5000 });
    return versionIn(program, stdout + stderr);
  } catch {
    return undefined;
  }
}

/** The version in the output of `program -v`: `nginx version: nginx/1.22.1`, `HAProxy version 2.6.12-1+deb12u4 2026/10/17`. */
export function versionIn(program: string, output: string): string | undefined {
  const [, version] = new RegExp(`\\b${program}(?:/| version )(\\d+(?:\\.\\d+)+)`, 'i').exec(output) ?? [];
  return version;
}

/** Whether `version` is `minimum` or later, number by number: `1.30.0` is later than `1.29.6`. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [version, minimum].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const differing = need.findIndex((number, index) => (have[index] ?? 0) !== number);
  return differing === -1 || (have[differing] ?? 0) > need[differing]!;
}
