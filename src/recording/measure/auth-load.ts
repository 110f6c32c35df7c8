/** @module What the measure `auth` has to know of a load: its groups of agents, and what their calls should get. */
import type { AuthTimingSettings } from '../../profile/settings.ts';
import type { Micros, Millis } from '../../units/time.ts';

/** What a call should be answered: let through, 401 or 403. */
export type Expected = 'allow' | 'unauthorized' | 'forbidden';

/** Agents are numbered through the identities, in their order: those of the first come first. */
export interface JudgedLoad {
  readonly mode: string;
  readonly identities: readonly {
    readonly name: string;
    readonly agents: number;
    /** The kind of refusal that its calls measure. */
    readonly refusal?: string;
    /** By the index of a call in the mix. */
    readonly expected: readonly Expected[];
  }[];
  /** Every call has a token that no call had before. */
  readonly perCall: boolean;
  /** Calls sent within this time after a change of their rights are not judged. */
  readonly graceUs: Micros;
  readonly timing: AuthTimingSettings;
  /** Kinds of the changes of rights, by the index of an event. */
  readonly events: readonly string[];
  /** By agent: when its first token expires; null: not known, or of no consequence. */
  readonly expiresAtEpochMs?: readonly (Millis | null)[];
}

/** The index of the identity of each agent. */
export function identityByAgent(identities: readonly { readonly agents: number }[]): Uint16Array {
  const total = identities.reduce((sum, { agents }) => sum + agents, 0);
  const byAgent = new Uint16Array(total);
  let from = 0;
  for (const [identity, { agents }] of identities.entries()) {
    byAgent.fill(identity, from, from + agents);
    from += agents;
  }
  return byAgent;
}
