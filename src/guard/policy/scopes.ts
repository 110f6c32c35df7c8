/** @module Policy `scopes`: a token must have the scopes that the operation requires. */
import {
  holds,
  mayHold,
  type Requires,
  requiredScopes,
  supportedScopes,
} from '../../protocol/authorization/scopes.ts';
import type { Policy } from '../guard.ts';

/** Requires of each tool what `requires` says, or else `tool:{name}`. */
export function scopesPolicy(requires: Requires): Policy {
  return {
    required: (operation) => requiredScopes(operation, requires),
    refuse: (operation, { scopes }, required = requiredScopes(operation, requires)) =>
      holds(scopes, required) ? undefined : 'scope-missing',
    lists: (tool, { scopes }) => mayHold(scopes, tool, requires),
    supported: supportedScopes(requires),
    listsByCaller: true,
  };
}
