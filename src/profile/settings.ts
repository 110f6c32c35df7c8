/** @module The settings read from a profile, as plain data that can be cloned to another thread: every default is filled in, every unit is in the name. No later code applies defaults. */
import type { Settings, SharedSettings } from './section/sections.ts';

export type { AuthAlgorithm } from './auth-kinds.ts';
export type { EngineName, PolicyName } from './balancer-kinds.ts';
export type { DriverName, Era } from './kinds.ts';
export type { AgentSettings, CookieSetting } from './section/agents.ts';
export type { AnswerSettings } from './section/answers.ts';
export type { AppSettings } from './section/apps.ts';
export type { AuthSettings, AuthTimingSettings } from './section/auth.ts';
export type { BalancerSettings } from './section/balancer.ts';
export type { CacheSettings } from './section/cache.ts';
export type { CallSettings } from './section/call.ts';
export type { CatalogueEventKind, PlannedCatalogueEvent } from './section/catalogue-events.ts';
export type { CommandServer } from './section/command.ts';
export type { FleetSettings, ReplicaSettings, TargetSettings } from './section/endpoint.ts';
export type {
  AuthEventKind,
  PlannedAuthEvent,
} from './section/events.ts';
export type { FaultKind, PlannedFault } from './section/faults.ts';
export type { FleetTaskSettings } from './section/fleet-tasks.ts';
export type { CallStep, FlowSettings } from './section/flow.ts';
export type { IdentitySettings } from './section/identities.ts';
export type { LoadSettings, Shape } from './section/load.ts';
export type { OfferSettings } from './section/offer.ts';
export type { ReplayShape } from './section/replay.ts';
export type { RoundSettings } from './section/rounds.ts';
export type { Settings } from './section/sections.ts';
export type { Stage } from './section/stages.ts';
export type { StateSettings } from './section/state.ts';
export type { TaskSettings } from './section/tasks.ts';
export type { TokenKind, TokenSource } from './section/token-source.ts';
export type { ServiceTime, ToolSettings } from './section/tools.ts';

/** A variant by name, with its overrides as written in the profile. */
export interface Variant {
  readonly name: string;
  /** The variant that it is compared with. Absent: the first one with the same question, or of all. */
  readonly base?: string;
  /** What it helps to answer. Absent: the question of its base, if that has one. */
  readonly question?: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}

/** A profile, read and checked. */
export interface Profile extends SharedSettings {
  /** Its file, as the user named it. */
  readonly file: string;
  /** The document as the user wrote it, with flags applied; stored in the result so that it can be run again. */
  readonly document: Readonly<Record<string, unknown>>;
  /** At least one. */
  readonly variants: readonly Variant[];
  /** Notices for the user about how the profile was read: `--target given: fleet.era of the variants does not apply`. */
  readonly notices: readonly string[];
}
