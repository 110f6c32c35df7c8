/** @module A part of a testbed: started after the parts it depends on, offers something to later parts, and is stopped before the earlier ones. */
import type { AskAuthority, AuthorityInput, AuthorityReady } from '../authority/authority.ts';
import type { ForeignServer } from '../generator/agent/foreign-server.ts';
import type { AuthUpdate, LoadAuth } from '../generator/engine/load-auth.ts';
import type { Era, PlannedAuthEvent } from '../profile/settings.ts';
import type { UserHeaders } from '../profile/template/header-text.ts';
import type { CatalogueChange } from '../server/catalogue-change.ts';
import type { StateInput } from '../state/state-input.ts';
import type { Micros } from '../units/time.ts';
import type { GuardInputOf } from './guarded-process.ts';
import type { Note } from './note.ts';
import type { Preparation } from './preparation.ts';
import type { SampledProcess } from './sampling.ts';

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
  /** File of the certificate that its clients have to trust; absent: those of the user, or of the system. */
  readonly caFile?: string;
  /** What is known of a server that is not built into Paceline; absent of a built-in one. */
  readonly foreign?: ForeignServer;
}

/** Counts of a part of the testbed. They are read when the measured time begins and when it ends, and the difference is recorded. */
export interface Meter {
  /** Name of the measure in `recording/measure` that merges them. */
  readonly measure: string;
  /** The counts so far. */
  read(): Promise<Readonly<Record<string, number>>>;
}

/** The authorization server of a testbed. */
export interface AuthorityOffer extends AuthorityReady {
  /** Its clients are those of the identities of the settings, in their order. */
  readonly input: AuthorityInput;
  /** Private key of each client, as a JWK, by the id of the client; for `private_key_jwt`. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Shared by the balancer and the instances in the mode `gateway`. */
  readonly gatewaySecret: string;
  readonly ask: AskAuthority;
}

/** The credentials of the agents of a load. */
export interface CredentialsOffer {
  /** At the start of the load. */
  readonly auth: LoadAuth;
  /** Passes on every later change; they begin with the load. */
  subscribe(listener: (update: AuthUpdate) => void): void;
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
  /** Changes what an instance offers; resolves when it answers so. Has no effect when it has ended. */
  changeCatalogue(id: string, change: CatalogueChange): Promise<void>;
}

/** The actions that concern tokens and their check. */
export interface AuthControls {
  /** Tells the check of every instance, also of later ones, the URL under which clients reach the fleet. */
  publish(url: string): Promise<void>;
  /** Makes the clock of an instance wrong by `us`; 0: right again. */
  skewClock(id: string, us: Micros): Promise<void>;
  /** Revokes the tokens of agents of an identity, drawn by the seed. Resolves when the authorization server has confirmed it. */
  revoke(event: number, planned: PlannedAuthEvent): Promise<void>;
  /** Takes a scope from an identity: its agents get tokens without it, and the old ones are revoked. */
  removeScope(event: number, planned: PlannedAuthEvent): Promise<void>;
  /** The authorization server signs with a new key, and all agents get new tokens. */
  rotateKeys(): Promise<void>;
  /** Resolves when the audit logs so far are in their files. */
  flushAudit(): Promise<void>;
  /** Whether the authorization server answers instances. */
  authorityDown(down: boolean): Promise<void>;
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
  readonly authControls: Partial<AuthControls>;
  readonly authority?: AuthorityOffer;
  /** The check of each process; absent: the fleet has none. */
  readonly guardOf?: GuardInputOf;
  /** How an instance keeps state, by its number from 0; absent: none does. */
  readonly stateOf?: (index: number) => StateInput;
  readonly credentials?: CredentialsOffer;
  /** Those of all parts. */
  readonly meters: readonly Meter[];
  /** Those of all parts: the processes whose use of the machine is sampled, with those that have joined. */
  readonly sampled: readonly (() => readonly SampledProcess[])[];
  /** The folder of the audit logs of the fleet. */
  readonly auditFolder?: string;
}

/** The input for starting a part. */
export interface StartContext {
  /** What the parts before it offer. */
  readonly offered: Offer;
  /** Aborts the start; has no effect once the part has started. */
  readonly signal?: AbortSignal | undefined;
  /** An existing folder to keep generated configuration and the output of processes in. Absent: neither is kept. */
  readonly keep?: string | undefined;
  /** Is told how far the start is. */
  readonly onPreparing?: ((preparation: Preparation) => void) | undefined;
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
