/** @module The names of tools that change during a load: an agent uses the new one once it has a list that has it. */
import type { PlannedChange } from '../engine/load-cache.ts';

/** The version of a catalogue that has not changed. */
export const FIRST_VERSION = 0;

interface Renaming {
  readonly version: number;
  readonly from: string;
  readonly to: string;
}

/** The same for all agents of one worker. */
export class ToolNames {
  readonly #renamings: readonly Renaming[];
  readonly #changesTools: readonly boolean[];
  /** The latest version of the list of tools that an instance may have. */
  #latest = FIRST_VERSION;

  /** @param changes - in their order: the version of each is its place, from 1 on. */
  constructor(changes: readonly PlannedChange[]) {
    this.#changesTools = changes.map(({ what }) => what === 'tools');
    this.#renamings = changes.flatMap(({ renamed }, index) =>
      renamed === undefined ? [] : [{ version: index + 1, ...renamed }],
    );
  }

  /** Instances begin to have `version` now. */
  begun(version: number): void {
    if (this.#changesTools[version - 1]) this.#latest = Math.max(this.#latest, version);
  }

  /** What an agent whose list has `version` calls the tool that was `name` at first. */
  nameIn(version: number, name: string): string {
    let current = name;
    for (const { version: since, from, to } of this.#renamings) {
      if (since <= version && current === from) current = to;
    }
    return current;
  }

  /** Whether a list of `version` is older than what an instance may have: reason enough for it not to know a tool. */
  isOld(version: number): boolean {
    return version < this.#latest;
  }
}
