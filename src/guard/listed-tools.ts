/** @module Which tools a caller is shown: those that the policy lets it call. */
import type { Identity, Policy } from './guard.ts';
import { BoundedMap } from './modes/bounded-map.ts';

/** Callers, and lists, that are kept: agents share identities, so there are far fewer. */
const KEPT = 4096;

/** The lists of one process. Callers that may call the same tools get the same array, so that a server can keep what it makes of it. */
export class ListedTools {
  readonly #policy: Policy;
  #byCaller = new BoundedMap<readonly string[]>(KEPT);
  #byNames = new BoundedMap<readonly string[]>(KEPT);
  #tools: readonly string[] = [];

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** Those of `tools` that `identity` may call, in their order. */
  of(tools: readonly string[], identity: Identity): readonly string[] {
    if (tools !== this.#tools) this.#forget(tools);
    const caller = JSON.stringify([identity.client, ...identity.scopes]);
    const known = this.#byCaller.get(caller);
    if (known !== undefined) return known;
    const listed = tools.filter((tool) => this.#policy.lists(tool, identity));
    const names = JSON.stringify(listed);
    const same = this.#byNames.get(names) ?? listed;
    this.#byNames.set(names, same);
    this.#byCaller.set(caller, same);
    return same;
  }

  #forget(tools: readonly string[]): void {
    this.#tools = tools;
    this.#byCaller = new BoundedMap(KEPT);
    this.#byNames = new BoundedMap(KEPT);
  }
}
