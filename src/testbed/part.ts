/** @module A part of a testbed: started after the parts it depends on, offers something to later parts, and is stopped before the earlier ones. */
import type { ForeignServer } from '../generator/agent/foreign-server.ts';
import type { Era } from '../profile/settings.ts';
import type { UserHeaders } from '../profile/template/header-text.ts';
import type { Micros } from '../units/time.ts';
import type { Note } from './note.ts';

/** An instance by name, and the URL of its MCP endpoint. */
interface InstanceAddress {
  readonly id: string;
  readonly url: string;
}

/** Where a load is sent, and in which form. */
export interface Endpoint {
  readonly url: string;
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: UserHeaders;
  /** URL of the forward proxy to the endpoint, with its credentials. */
  readonly proxy?: string;
  /** What is known of a server that is not built into Paceline; absent of a built-in one. */
  readonly foreign?: ForeignServer;
}

/** The actions that events can perform on a testbed. Instances are identified by name. */
export interface Controls {
  /** Starts one more instance, which is not behind the balancer yet. Rejects with a `UserError` when it does not start. */
  startInstance(signal?: AbortSignal): Promise<InstanceAddress>;
  /** Puts a standby instance behind the balancer; resolves with its name. Rejects when none is left, or the balancer rejects it. */
  join(): Promise<string>;
  /** Sends no new work to an instance. */
  drain(id: string): Promise<void>;
  /** Kills an instance (SIGKILL); resolves when it has ended. */
  kill(id: string): Promise<void>;
  /** Pauses an instance (SIGSTOP). */
  pause(id: string): void;
  /** Resumes a paused instance (SIGCONT). */
  resume(id: string): void;
  /** Delays every answer of an instance by `us`; 0 removes the delay. */
  slow(id: string, us: Micros): Promise<void>;
}

/** What the parts of a testbed that have started so far offer together. */
export interface Offer {
  /** Absent until a part offers one. */
  readonly endpoint?: Endpoint;
  /** The instances behind the endpoint when the testbed has started; empty when they are unknown. */
  readonly instances: readonly InstanceAddress[];
  /** Instances that are running but not behind the balancer yet. */
  readonly standby: readonly InstanceAddress[];
  readonly controls: Partial<Controls>;
}

/** The input for starting a part. */
export interface StartContext {
  /** What the parts before it offer. */
  readonly offered: Offer;
  /** Aborts the start; has no effect once the part has started. */
  readonly signal?: AbortSignal | undefined;
  /** An existing folder to keep generated configuration and the output of processes in. Absent: neither is kept. */
  readonly keep?: string | undefined;
}

/** A component of a testbed. */
export interface Part {
  /** Rejects with a `UserError` when it cannot be started, and with the signal's reason when aborted; in either case nothing of it is left. */
  start(context: StartContext): Promise<StartedPart>;
}

/** A part that has started. */
export interface StartedPart {
  /** What it offers. An endpoint or a list replaces an earlier one; controls are added to the earlier ones. */
  readonly offers: Partial<Offer>;
  /** Its notes so far. */
  notes(): readonly Note[];
  /** Releases its resources; resolves when that is done. */
  stop(): Promise<void>;
}

/** A started part without resources: there is nothing to stop, and `notes` never changes. */
export function passive(offers: Partial<Offer>, notes: readonly Note[] = []): StartedPart {
  return { offers, notes: () => notes, stop: async () => {} };
}
