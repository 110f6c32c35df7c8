/** @module What a balancer is, whichever engine it runs on. */
import type { Exit } from '../../process/child.ts';
import type { BalancerSettings } from '../../profile/settings.ts';
import type { BalancerStats } from '../stats.ts';

export interface BalancerOptions {
  readonly settings: BalancerSettings;
  /** At least one, all with the same path. */
  readonly upstreams: readonly { readonly id: string; readonly url: string }[];
  /** Same seed, same requests in the same order: same choices; programs that are not ours draw on their own. */
  readonly seed: number;
  /** Response header, lower case, that names the instance: added where the instance did not send it. `x-served-by` when absent. */
  readonly instanceHeader?: string;
}

/** A balancer that accepts connections, in a process of its own. */
export interface Balancer {
  /** Where clients go: loopback, and the path of the upstreams. */
  readonly url: string;
  readonly pid: number;
  /** The counts as they are now, or undefined from an engine that keeps none (nginx); rejects when the process has ended. */
  stats(): Promise<BalancerStats | undefined>;
  /** Puts one more instance behind it. Rejects when the engine refuses it. */
  addUpstream(upstream: { readonly id: string; readonly url: string }): Promise<void>;
  /** Gives an instance no new work; with `sticky` its sessions stay. Rejects when there is none of that name. */
  drain(id: string): Promise<void>;
  /** Calls `listener` once when the process has ended, whatever ended it (`stop` too), even if it already has. */
  onExit(listener: (exit: Exit) => void): void;
  /** Ends the process and its connections; resolves when it is gone. */
  stop(): Promise<void>;
}

/** One line in the table of engines. */
export type StartEngine = (options: BalancerOptions, signal?: AbortSignal) => Promise<Balancer>;
