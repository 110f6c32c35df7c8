/** @module What is read from a profile, complete and plain (it can be cloned to another thread): every default filled in, every unit in the name. Nothing downstream defaults again. */
import type { Settings, SharedSettings } from './section/sections.ts';

export type { DriverName, EngineName, Era, PolicyName } from './kinds.ts';
export type { BalancerSettings } from './section/balancer.ts';
export type { CallSettings } from './section/calls.ts';
export type { CommandServer } from './section/command.ts';
export type { FleetSettings, ReplicaSettings, TargetSettings } from './section/endpoint.ts';
export type { FaultKind, PlannedFault } from './section/faults.ts';
export type { LoadSettings, Shape } from './section/load.ts';
export type { Settings } from './section/sections.ts';
export type { Stage } from './section/stages.ts';
export type { ServiceTime, ToolSettings } from './section/tools.ts';

/** A variant by name, with what it overrides as the profile has it. */
export interface Variant {
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}

/** A profile, read and checked. */
export interface Profile extends SharedSettings {
  /** The document as the user wrote it, flags applied: goes into the result so that it can be run again. */
  readonly document: Readonly<Record<string, unknown>>;
  /** At least one. */
  readonly variants: readonly Variant[];
  /** What the user should know about how the profile was read: `--target given: variants "a", "b" differ only in fleet.era; one of them is run`. */
  readonly notices: readonly string[];
}
