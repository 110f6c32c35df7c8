/** @module What each call of an identity should get. */
import type { Expected } from '../../generator/engine/load-auth.ts';
import type { IdentitySettings, Settings } from '../../profile/settings.ts';

/** By the index of a call in the mix: what a fleet should answer to calls of `identity` when its tokens have `scopes`. */
export function expectedOf(
  { auth, calls }: Pick<Settings, 'auth' | 'calls'>,
  { token }: IdentitySettings,
  _scopes: readonly string[],
): readonly Expected[] {
  if (auth.mode === 'none') return calls.map(() => 'allow');
  if (token !== 'valid') return calls.map(() => 'unauthorized');
  return calls.map(() => 'allow');
}

/** The kind of refusal that the calls of an identity measure; `undefined`: not all of them are refused. */
export function refusalOf({ token }: IdentitySettings, expected: readonly Expected[]): string | undefined {
  if (expected.length === 0 || expected.includes('allow')) return undefined;
  return typeof token === 'string' && token !== 'valid' ? token : 'wrong-scope';
}
