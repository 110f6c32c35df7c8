/** @module The agents of each identity. They are numbered through the identities, in their order. */
import type { IdentitySettings } from '../../profile/settings.ts';

/** The agents of one identity. */
export interface AgentGroup {
  /** Its place among the identities. */
  readonly index: number;
  readonly identity: IdentitySettings;
  readonly agents: readonly number[];
}

/** The groups in the order of `identities`; together they have all agents. */
export function groupsOf(identities: readonly IdentitySettings[]): readonly AgentGroup[] {
  let first = 0;
  return identities.map((identity, index) => {
    const from = first;
    first += identity.agents;
    return { index, identity, agents: Array.from({ length: identity.agents }, (_, own) => from + own) };
  });
}
