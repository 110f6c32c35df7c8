/** @module The agents of each identity. They are numbered through the identities, in their order. */
import type { IdentitySettings } from '../../profile/settings.ts';

/** The agents of one identity. */
export interface AgentGroup {
  readonly identity: IdentitySettings;
  readonly agents: readonly number[];
}

export function groupsOf(identities: readonly IdentitySettings[]): readonly AgentGroup[] {
  let first = 0;
  return identities.map((identity) => {
    const from = first;
    first += identity.agents;
    return { identity, agents: Array.from({ length: identity.agents }, (_, index) => from + index) };
  });
}
