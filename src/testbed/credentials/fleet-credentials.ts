/** @module The credentials of the agents of a fleet: made before the load, renewed in it, and changed by events. */
import type { InFlightOptions } from '../../credentials/in-flight.ts';
import type { IssuedToken } from '../../credentials/issued-token.ts';
import type { AuthUpdate } from '../../generator/engine/load-auth.ts';
import type { PlannedAuthEvent } from '../../profile/settings.ts';
import { after, epochMs } from '../../units/clock.ts';
import { drawDistinct, randomAt } from '../../units/random.ts';
import { expiryNotes, type Note } from '../note.ts';
import type { AuthControls, AuthorityOffer } from '../part.ts';
import type { FleetTokens } from './fleet-tokens.ts';
import type { AgentGroup } from './group.ts';
import { HeldTokens } from './held-tokens.ts';
import { Renewal } from './renewal.ts';
import { expectedOf, expectedWithout, type RightsOptions } from './rights.ts';

export interface FleetCredentialsOptions {
  readonly groups: readonly AgentGroup[];
  readonly fleet: FleetTokens;
  readonly ask: AuthorityOffer['ask'];
  readonly rights: RightsOptions;
  /** Decides which agents are revoked. */
  readonly seed: number;
  /** Requests under way at most, before the load. */
  readonly limit: number;
}

/** Requests under way at most during the load, which should have the machine for itself. */
const LIMIT_IN_LOAD = 8;

/** All agents with a token each. */
export class FleetCredentials implements Pick<AuthControls, 'revoke' | 'removeScope' | 'rotateKeys'> {
  readonly #held: HeldTokens;
  readonly #options: FleetCredentialsOptions;
  readonly #groupOf: readonly AgentGroup[];
  /** Of the tokens that a group gets from now on. */
  readonly #scopes = new Map<AgentGroup, readonly string[]>();
  /** Agents whose tokens are revoked: they keep and send them, which is what is measured. */
  readonly #revoked = new Set<number>();
  readonly #renewal: Renewal;

  /** `tokens` are those of all agents, as {@link issueAll} gives them. */
  constructor(options: FleetCredentialsOptions, tokens: readonly (IssuedToken | null)[]) {
    this.#options = options;
    this.#held = new HeldTokens(tokens);
    this.#groupOf = options.groups.flatMap((group) => group.agents.map(() => group));
    for (const group of options.groups) this.#scopes.set(group, group.identity.scopes);
    this.#renewal = new Renewal({
      tokenOf: (agent) => this.#held.of(agent),
      renew: (agents) => this.#renew(agents),
      after,
      now: epochMs,
    });
  }

  /** Tells `listener` every change from now on, and begins to renew tokens. */
  subscribe(listener: (update: AuthUpdate) => void): void {
    this.#held.subscribe(listener);
    this.#renewal.start(this.#renewed().flatMap(({ agents }) => agents));
  }

  async revoke(event: number, planned: PlannedAuthEvent): Promise<void> {
    const group = this.#concerned(planned);
    const { seed } = this.#options;
    const able = group.agents.filter((agent) => !this.#revoked.has(agent));
    const agents = drawDistinct(able, planned.agents ?? 1, randomAt(seed, 'revocation', event));
    this.#held.begun(event, agents);
    for (const agent of agents) this.#revoked.add(agent);
    this.#renewal.forget(agents);
    await this.#options.fleet.revoke(group, this.#tokensOf(agents), this.#options.limit);
    this.#held.confirmed(event, agents, expectedWithout(this.#options.rights));
  }

  async removeScope(event: number, planned: PlannedAuthEvent): Promise<void> {
    const group = this.#concerned(planned);
    const scopes = this.#scopes.get(group)!.filter((scope) => scope !== planned.scope);
    const agents = group.agents.filter((agent) => !this.#revoked.has(agent));
    const old = this.#tokensOf(agents);
    this.#held.begun(event, agents);
    this.#scopes.set(group, scopes);
    await this.#replace(group, agents, this.#options.limit);
    await this.#options.fleet.revoke(group, old, this.#options.limit);
    this.#held.confirmed(event, agents, expectedOf(group, scopes, this.#options.rights));
  }

  async rotateKeys(): Promise<void> {
    await this.#options.ask({ kind: 'rotate' });
    for (const group of this.#options.groups.filter(isValid)) {
      const agents = group.agents.filter((agent) => !this.#revoked.has(agent));
      await this.#replace(group, agents, this.#options.limit);
    }
  }

  notes(): readonly Note[] {
    const agents = this.#options.groups
      .filter(isValid)
      .flatMap((group) => group.agents.filter((agent) => !this.#revoked.has(agent)));
    return expiryNotes(this.#held.countExpired(agents), this.#renewal.failure());
  }

  stop(): Promise<void> {
    return this.#renewal.stop();
  }

  /** The groups whose tokens are renewed. */
  #renewed(): readonly AgentGroup[] {
    return this.#options.groups.filter((group) => isValid(group) && group.identity.refresh);
  }

  async #renew(agents: readonly number[]): Promise<void> {
    for (const group of this.#renewed()) {
      const own = agents.filter((agent) => this.#groupOf[agent] === group);
      await this.#replace(group, own, LIMIT_IN_LOAD);
    }
  }

  /** New tokens for `agents` of `group`. Those that were revoked, or lost a scope, in the meantime get none. */
  async #replace(group: AgentGroup, agents: readonly number[], limit: number): Promise<void> {
    const scopes = this.#scopes.get(group)!;
    const tokens = await this.#options.fleet.issue(group, scopes, agents.length, { limit });
    if (this.#scopes.get(group) !== scopes) return;
    const still = agents.flatMap((agent, index) =>
      this.#revoked.has(agent) ? [] : [[agent, index] as const],
    );
    const renewed = still.map(([agent]) => agent);
    this.#held.replace(
      renewed,
      still.map(([, index]) => tokens[index] ?? null),
    );
    if (group.identity.refresh) this.#renewal.schedule(renewed);
  }

  #tokensOf(agents: readonly number[]): readonly IssuedToken[] {
    return agents.flatMap((agent) => this.#held.of(agent) ?? []);
  }

  /** The group whose rights an event changes. */
  #concerned({ identity }: PlannedAuthEvent): AgentGroup {
    const group = this.#options.groups.find((each) =>
      identity === undefined ? isValid(each) : each.identity.name === identity,
    );
    if (group === undefined) throw new Error('no identity has valid tokens');
    return group;
  }
}

/** The first tokens of all groups, one after the other; `counts`: how many of each group. `onDone` is told how many there are so far. */
export async function issueAll(
  groups: readonly AgentGroup[],
  counts: readonly number[],
  fleet: FleetTokens,
  { onDone, ...options }: InFlightOptions,
): Promise<readonly (IssuedToken | null)[]> {
  const all: (IssuedToken | null)[] = [];
  for (const [index, group] of groups.entries()) {
    const before = all.length;
    const tell = (done: number): void => onDone?.(before + done);
    const { scopes } = group.identity;
    const issued = await fleet.issue(group, scopes, counts[index]!, { ...options, onDone: tell });
    for (const token of issued) all.push(token);
  }
  return all;
}

const isValid = ({ identity }: AgentGroup): boolean => identity.token === 'valid';
