/** @module The credentials of agents whose tokens come from the user's own sources: made before the load, and renewed in it. */
import { allInFlight, type InFlightOptions } from '../../credentials/in-flight.ts';
import type { IssuedToken } from '../../credentials/issued-token.ts';
import { nonsenseToken } from '../../credentials/nonsense.ts';
import { type OpenSource, type Supplied, supplied } from '../../credentials/source/source.ts';
import type { AuthUpdate } from '../../generator/engine/load-auth.ts';
import { after, epochMs } from '../../units/clock.ts';
import { expiryNotes, type Note } from '../note.ts';
import type { AgentGroup } from './group.ts';
import { HeldTokens } from './held-tokens.ts';
import { Renewal } from './renewal.ts';

/** The agents of an identity, with the source of their tokens; absent: they send none, or one that must be refused. */
export interface SourcedGroup extends AgentGroup {
  readonly source?: OpenSource | undefined;
}

/** Requests under way at most during the load, which should have the machine for itself. */
const LIMIT_IN_LOAD = 4;

/** All agents, each with its own token or that of its identity. */
export class SourceCredentials {
  readonly #groups: readonly SourcedGroup[];
  readonly #held: HeldTokens;
  readonly #renewal: Renewal;
  readonly #ends: (() => void)[] = [];
  readonly #over = new AbortController();
  #failure: string | null = null;

  /** `tokens` are those of all agents, as {@link supplyAll} gives them. */
  constructor(groups: readonly SourcedGroup[], tokens: readonly (IssuedToken | null)[]) {
    this.#groups = groups;
    this.#held = new HeldTokens(tokens);
    this.#renewal = new Renewal({
      tokenOf: (agent) => this.#held.of(agent),
      renew: (agents) => this.#renew(agents),
      after,
      now: epochMs,
    });
  }

  /** Tells `listener` every change from now on, and begins to renew tokens and to watch files. */
  subscribe(listener: (update: AuthUpdate) => void): void {
    this.#held.subscribe(listener);
    const refreshed = this.#groups.filter(({ identity }) => identity.refresh);
    for (const group of refreshed) {
      const end = group.source?.watch?.(() => void this.#reread(group));
      if (end !== undefined) this.#ends.push(end);
    }
    // Agents that share a token are renewed together.
    this.#renewal.start(
      refreshed.flatMap(({ source, agents }) =>
        source?.renews !== true ? [] : source.perAgent ? agents : agents.slice(0, 1),
      ),
    );
  }

  notes(): readonly Note[] {
    const agents = this.#groups.flatMap((group) => (group.source === undefined ? [] : group.agents));
    return expiryNotes(this.#held.countExpired(agents), this.#renewal.failure() ?? this.#failure);
  }

  stop(): Promise<void> {
    for (const end of this.#ends) end();
    this.#over.abort();
    return this.#renewal.stop();
  }

  async #renew(agents: readonly number[]): Promise<void> {
    for (const group of this.#groups) {
      const own = agents.filter((agent) => agent >= group.agents[0]! && agent <= group.agents.at(-1)!);
      if (own.length === 0) continue;
      const renewed = group.source?.perAgent === true ? own : group.agents;
      const options = { limit: LIMIT_IN_LOAD, signal: this.#over.signal };
      const got = await supplyGroup({ ...group, agents: renewed }, options);
      this.#held.replace(
        renewed,
        got.map(({ token }) => token),
      );
      this.#renewal.schedule(own);
    }
  }

  /** A file has changed. One that is being written is read again at its next change. */
  async #reread(group: SourcedGroup): Promise<void> {
    try {
      const got = await supplyGroup(group, { limit: 1, signal: this.#over.signal });
      this.#held.replace(
        group.agents,
        got.map(({ token }) => token),
      );
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }
}

/** What each agent of `groups` sends, one group after the other. `onDone` is told how many there are so far. */
export async function supplyAll(
  groups: readonly SourcedGroup[],
  { onDone, ...options }: InFlightOptions,
): Promise<readonly Supplied[]> {
  const all: Supplied[] = [];
  for (const group of groups) {
    const before = all.length;
    const tell = (done: number): void => onDone?.(before + done);
    for (const each of await supplyGroup(group, { ...options, onDone: tell })) all.push(each);
  }
  return all;
}

/** What each agent of one group sends. */
async function supplyGroup(
  { identity, agents, source }: SourcedGroup,
  options: InFlightOptions,
): Promise<readonly Supplied[]> {
  if (source === undefined) {
    const valueless = identity.token === 'missing';
    return agents.map(() =>
      supplied(valueless ? null : { value: nonsenseToken(), expiresAtEpochMs: undefined }),
    );
  }
  if (source.perAgent) return allInFlight(agents, (_, signal) => source.supply(signal), options);
  const shared = await source.supply(options.signal);
  return agents.map(() => shared);
}
