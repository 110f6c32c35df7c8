/** @module What each call of an identity should get from a fleet. */
import { clientIdOf } from '../../authority/authority.ts';
import type { Expected } from '../../generator/engine/load-auth.ts';
import type { GuardedOperation, Policy } from '../../guard/guard.ts';
import type { AuthSettings, CallSettings, IdentitySettings } from '../../profile/settings.ts';
import { compileTextTemplate } from '../../profile/template/template.ts';
import { randomAt } from '../../units/random.ts';
import { UserError } from '../../units/user-error.ts';
import type { AgentGroup } from './group.ts';

export interface RightsOptions {
  readonly auth: Pick<AuthSettings, 'mode'>;
  readonly calls: readonly CallSettings[];
  /** What the fleet decides with. */
  readonly policy: Pick<Policy, 'refuse'>;
  readonly seed: number;
}

/** Random values that are tried of arguments with templates. */
const SAMPLES = 64;
/** A value that no rule names. */
const ANY_VALUE = 'any-value-that-no-rule-names';

/**
 * By the index of a call in the mix: what calls of `group` should get while its tokens have `scopes`. Where arguments vary from call to
 * call, a call counts as allowed when it is for values that no rule names, and for all values that are tried. Throws a `UserError` when
 * it is allowed for some of these values only.
 */
export function expectedOf(
  group: AgentGroup,
  scopes: readonly string[],
  rights: RightsOptions,
): readonly Expected[] {
  const { auth, calls, policy, seed } = rights;
  const { name, token } = group.identity;
  if (auth.mode === 'none' || token !== 'valid') return expectedWithout(rights);
  const client = clientIdOf(name);
  const caller = { client, actor: client, scopes: new Set(scopes), tokenHash: '' };
  return calls.map((call) => {
    const decided = new Set(
      operationsOf(call, group.agents, seed).map(
        (operation) => policy.refuse(operation, caller) === undefined,
      ),
    );
    if (decided.size > 1) throw new UserError(dependsOnValues(name, call));
    return decided.has(true) ? 'allow' : 'forbidden';
  });
}

/** By the index of a call in the mix: what calls with a revoked token should get. */
export function expectedWithout({ auth, calls }: RightsOptions): readonly Expected[] {
  return calls.map(() => (auth.mode === 'none' ? 'allow' : 'unauthorized'));
}

/** The kind of refusal that the calls of an identity measure; `undefined`: not all of them are refused. */
export function refusalOf({ token }: IdentitySettings, expected: readonly Expected[]): string | undefined {
  if (expected.includes('allow')) return undefined;
  return typeof token === 'string' && token !== 'valid' ? token : 'wrong-scope';
}

/** `call` with its arguments as they may be: one operation when they are the same in every call. */
function operationsOf(
  { method, tool, arguments: given }: CallSettings,
  agents: readonly number[],
  seed: number,
): readonly GuardedOperation[] {
  if (method !== 'tools/call') return [{ method }];
  const operation = { method, name: tool };
  const template = compileTextTemplate(given ?? {}, 'calls');
  const rendered = Array.from({ length: SAMPLES }, (_, seq) => {
    const agent = agents[seq % agents.length]!;
    const random = randomAt(seed, 'argument', seq);
    // What earlier steps save, and rows of data, are known when the call is made only.
    return template.render({ agent, seq, random, valueOf: () => ANY_VALUE });
  });
  const texts = [...new Set(rendered)];
  const operations = texts.map((text) => ({ ...operation, arguments: JSON.parse(text) }));
  return texts.length === 1
    ? operations
    : [...operations, { ...operation, arguments: withAnyValues(given) as Record<string, unknown> }];
}

/** `value` with every text that has a template replaced. */
function withAnyValues(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\\{{', '').includes('{{') ? ANY_VALUE : value;
  if (Array.isArray(value)) return value.map(withAnyValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withAnyValues(child)]));
}

const dependsOnValues = (identity: string, { name }: CallSettings) => ({
  where: `identities ${identity}`,
  what: `may make the call ${name} with some of its arguments only, so what a call should get cannot be told in advance`,
  expected: 'rights that do not depend on arguments with templates',
  todo: 'write the arguments without templates, as several calls, or give the identity a scope with *',
});
