/** @module A part of a testbed: it is started after those it builds on, offers something to those after it, and is stopped before them. */
import type { Era } from '../profile/settings.ts';
import type { Micros } from '../units/time.ts';
import type { Note } from './note.ts';

/** An instance by name, and the URL of its MCP endpoint. */
interface InstanceAddress {
  readonly id: string;
  readonly url: string;
}

/** Where a load is sent, and how it has to be made. */
export interface Endpoint {
  readonly url: string;
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** URL of the forward proxy on the way there, with its credentials. */
  readonly proxy?: string;
}

/** What injected events can do to a testbed. Instances go by their names. */
export interface Controls {
  /** Starts one more instance, which the balancer does not know yet. Rejects with a `UserError` when it does not start. */
  startInstance(signal?: AbortSignal): Promise<InstanceAddress>;
  /** Puts an instance of the standby behind the balancer; resolves with its name. Rejects when none is left, or the balancer refuses it. */
  join(): Promise<string>;
  /** Gives an instance no new work. */
  drain(id: string): Promise<void>;
  /** Ends an instance at once (SIGKILL); resolves when it is gone. */
  kill(id: string): Promise<void>;
  /** Stops an instance where it is (SIGSTOP). */
  pause(id: string): void;
  /** Lets a paused instance go on (SIGCONT). */
  resume(id: string): void;
  /** Delays every answer of an instance by `us`; 0 ends that. */
  slow(id: string, us: Micros): Promise<void>;
}

/** What the parts of a testbed offer together, as far as they are up. */
export interface Offer {
  /** Absent until a part offers one. */
  readonly endpoint?: Endpoint;
  /** Behind the endpoint when the testbed has started; empty where that is unknown. */
  readonly instances: readonly InstanceAddress[];
  /** Up, and not behind the balancer yet. */
  readonly standby: readonly InstanceAddress[];
  readonly controls: Partial<Controls>;
}

/** What a part is started with. */
export interface StartContext {
  /** What the parts before it offer. */
  readonly offered: Offer;
  /** Aborts the start; afterwards it has no effect. */
  readonly signal?: AbortSignal | undefined;
  /** An existing folder for generated configuration and for the output of processes. Absent: neither is kept. */
  readonly keep?: string | undefined;
}

/** Something that a testbed is made of. */
export interface Part {
  /** Rejects with a `UserError` when it cannot be had, and with the signal's reason when aborted; then nothing of it is left. */
  start(context: StartContext): Promise<StartedPart>;
}

/** A part that is up. */
export interface StartedPart {
  /** What it adds. An endpoint or a list takes the place of an earlier one; controls are added to the earlier ones. */
  readonly offers: Partial<Offer>;
  /** What happened to it so far that a reader of the figures should know. */
  notes(): readonly Note[];
  /** Releases what it holds; resolves when that is gone. */
  stop(): Promise<void>;
}

/** A started part that holds nothing: there is nothing to stop, and `notes` is all that is to be noted. */
export function passive(offers: Partial<Offer>, notes: readonly Note[] = []): StartedPart {
  return { offers, notes: () => notes, stop: async () => {} };
}
