/** @module One variant of a profile, complete and plain (it can be cloned to another thread): every default filled in, every unit in the name. Nothing downstream defaults again. */
import type { Micros, Millis, PerSecond } from '../units/time.ts';
import type { DriverName, EngineName, Era, OwnServerName, PolicyName } from './kinds.ts';

export type { DriverName, EngineName, Era, PolicyName } from './kinds.ts';

export const FAULT_KINDS = ['kill', 'add', 'pause', 'drain', 'restart', 'slow'] as const;
/** What can befall a fleet on purpose. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** When calls fall due: an open loop at a rate, an open loop in stages, or a closed loop. */
export type Shape =
  | { readonly kind: 'rate'; readonly perSecond: PerSecond }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  | { readonly kind: 'closed'; readonly concurrency: number };

/** A stretch of time over which the rate goes linearly from `from` to `to` (equal: a step). */
export interface Stage {
  readonly durationUs: Micros;
  readonly fromPerSecond: PerSecond;
  readonly toPerSecond: PerSecond;
}

export interface LoadSettings {
  readonly shape: Shape;
  readonly arrivals: 'constant' | 'poisson';
  readonly warmupUs: Micros;
  /** Measured time, after the warm-up. */
  readonly durationUs: Micros;
  readonly agents: number;
  readonly connections: number;
  readonly timeoutUs: Micros;
  readonly driver: DriverName;
  readonly maxInFlight: number;
  readonly checkIds: boolean;
  /** Calls after which a connection is replaced. Absent: never. */
  readonly perConnection?: number;
  /** Exponent of Zipf's law over the agents: how much more some of them call than others. Absent: all alike. */
  readonly skew?: number;
  /** Threads that generate load; `auto`: what the machine has left beside fleet and balancer. */
  readonly workers: number | 'auto';
}

/** One entry of the weighted mix. */
export interface CallSettings {
  /** As results name it: `tools/call echo`, `tools/list`. */
  readonly name: string;
  readonly method: 'tools/call' | 'tools/list';
  /** Only for `tools/call`. */
  readonly tool?: string;
  /**
   * `params.arguments` with its `{{...}}` holes, as the profile wrote it; already known to compile (`compileTemplate`).
   * Raw, not compiled, so that settings can be handed to another thread. Only for `tools/call`.
   */
  readonly arguments?: unknown;
  readonly weight: number;
}

export interface TargetSettings {
  readonly kind: 'target';
  readonly url: string;
  /** URL of the forward proxy on the way there, with its credentials: never to be shown or stored. */
  readonly proxy?: string;
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

/** Instances that run already; our balancer is put in front of them. */
export interface ReplicaSettings {
  readonly kind: 'replicas';
  /** At least one, plain HTTP. */
  readonly urls: readonly string[];
  readonly era: Era | 'auto';
  readonly headers: Readonly<Record<string, string>>;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

/** How long the `work` tool takes: a distribution of service times. */
export type ServiceTime =
  | { readonly kind: 'constant'; readonly us: Micros }
  | { readonly kind: 'uniform'; readonly minUs: Micros; readonly maxUs: Micros }
  | { readonly kind: 'exponential'; readonly meanUs: Micros }
  | { readonly kind: 'lognormal'; readonly medianUs: Micros; readonly sigma: number }
  | {
      readonly kind: 'bimodal';
      readonly fastUs: Micros;
      readonly slowUs: Micros;
      readonly slowShare: number;
    };

/** What the demonstration servers offer. */
export interface ToolSettings {
  /** How many tools `tools/list` names (the built-in ones first, then generated ones). */
  readonly catalogue: number;
  /** Service time of the tool `work`. */
  readonly work: ServiceTime;
  /** Size of the answer of the tool `report`. */
  readonly reportBytes: number;
  readonly ttlMs: Millis;
  readonly cacheScope: 'public' | 'private';
  /** How many of `tools/call` and `tools/list` an instance works on at once; the others wait in order. Absent: all. */
  readonly concurrency?: number;
  /** How long an instance takes for `tools/list`. Absent: no longer than it needs. */
  readonly listUs?: Micros;
}

/** A server that is not ours, as a command. */
export interface CommandServer {
  /** Program and arguments, or one line for `/bin/sh`; `{{port}}` stands for the port. */
  readonly command: readonly [string, ...string[]] | string;
  /** Added to our environment, beside `PORT`. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it runs: an absolute path. */
  readonly cwd: string;
  /** How long it may take until it answers MCP. */
  readonly readyWithinUs: Micros;
  /** Of its MCP endpoint: `/mcp`. */
  readonly path: string;
}

export interface FleetSettings {
  readonly kind: 'fleet';
  readonly server: OwnServerName | CommandServer;
  readonly era: Era;
  readonly instances: number;
  /** Of the servers that are ours. */
  readonly tools: ToolSettings;
  /** Response header that names the instance, lower case. */
  readonly instanceHeader: string;
}

export interface BalancerSettings {
  readonly engine: EngineName;
  readonly policy: PolicyName;
}

/** Something that befalls the fleet on purpose while it is measured. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the start of the measured time. */
  readonly atUs: Micros;
  /** How many instances; `restart` takes them all. */
  readonly count: number;
  /** The one instance it is, by its number; absent: drawn. */
  readonly instance?: number;
  /** How long it lasts: `pause`, `drain`, `slow`; of `restart`, the time between two instances. 0 for the others. */
  readonly forUs: Micros;
  /** By how much `slow` delays answers; 0 for the others. */
  readonly byUs: Micros;
}

/** One variant, ready to run. */
export interface Settings {
  readonly load: LoadSettings;
  readonly calls: readonly CallSettings[];
  readonly endpoint: TargetSettings | ReplicaSettings | FleetSettings;
  /** Absent with the URL of a `target`: what stands in front of it is not ours. */
  readonly balancer?: BalancerSettings;
  /** In the order in which they come. Absent: none. */
  readonly faults?: readonly PlannedFault[];
}

/** A variant by name, with what it overrides as the profile wrote it. */
export interface Variant {
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}

/** A profile, read and checked. */
export interface Profile {
  readonly title: string;
  /** The document as the user wrote it, flags applied: goes into the result so that it can be run again. */
  readonly document: Readonly<Record<string, unknown>>;
  /** At least one. */
  readonly variants: readonly Variant[];
  readonly repetitions: number;
  readonly thresholds: readonly string[];
  /** What the user should know about how the profile was read: `--target given: variants "a", "b" differ only in fleet.era; one of them is run`. */
  readonly notices: readonly string[];
}
