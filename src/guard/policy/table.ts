/** @module The policies by name. */
import type { Policy, PolicyInput } from '../guard.ts';
import { nonePolicy } from './none.ts';
import { scopesPolicy } from './scopes.ts';

/** The policy that `input` asks for. Rejects with a `UserError` when its files are wrong. */
export async function createPolicy(input: PolicyInput): Promise<Policy> {
  switch (input.kind) {
    case 'none':
      return nonePolicy;
    case 'scopes':
      return scopesPolicy(input.requires);
    case 'cedar': {
      // The engine is 4 MB of WebAssembly: loaded only where it decides.
      const { cedarPolicy } = await import('./cedar.ts');
      return cedarPolicy(input);
    }
  }
}
