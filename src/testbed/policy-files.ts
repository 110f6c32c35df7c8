/** @module The policy of a fleet, from the settings and the files that they name. */
import { readFile } from 'node:fs/promises';
import type { PolicyInput } from '../guard/guard.ts';
import { describeSystemError } from '../process/system-error.ts';
import type { AuthSettings } from '../profile/settings.ts';
import { type Problem, UserError } from '../units/user-error.ts';

/** The policy that `auth` asks for. Rejects with a `UserError` when its files cannot be read, or are wrong. */
export async function readPolicy({ policy, requires, cedar }: AuthSettings): Promise<PolicyInput> {
  if (policy === 'none') return { kind: 'none' };
  if (policy === 'scopes' || cedar === undefined) return { kind: 'scopes', requires };
  const [policies, entities] = await Promise.all([
    textOf(cedar.policies, 'auth.cedar.policies'),
    textOf(cedar.entities, 'auth.cedar.entities'),
  ]);
  // The engine takes a while to load.
  const { cedarProblems } = await import('../guard/policy/cedar-problems.ts');
  const problems = cedarProblems(
    { path: cedar.policies, text: policies },
    { path: cedar.entities, text: entities },
  );
  if (problems.length > 0) throw new UserError(problems);
  return { kind: 'cedar', policies, entities };
}

/** What is wrong with the files of the policy, before anything is started. */
export async function policyProblems(auth: AuthSettings): Promise<readonly Problem[]> {
  if (auth.mode === 'none') return [];
  try {
    await readPolicy(auth);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}

async function textOf(path: string, where: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError({
      where,
      what: `cannot be read: ${describeSystemError(error)}`,
      todo: 'correct the path, which is relative to the folder of the profile',
    });
  }
}
