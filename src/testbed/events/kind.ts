/** @module What a kind of event is: a row of the table in kinds.ts, and a file of its own. */
import type { PlannedFault } from '../../profile/settings.ts';
import type { Micros } from '../../units/time.ts';
import type { Controls } from '../part.ts';

/** One step of an event: first instances join, then the event is injected into its targets. */
export interface Step {
  /** From the beginning of the event. */
  readonly afterUs: Micros;
  /** How many instances of the standby join. */
  readonly joins: number;
  /** The instances it is injected into, by name. */
  readonly targets: readonly string[];
}

/** The instances that are given work when an event begins. */
export interface Serving {
  readonly names: readonly string[];
  /** The one that `fault` names, or as many as it asks for, drawn among those that are given work; empty when there is none. */
  choose(fault: PlannedFault): readonly string[];
}

/** A row of the table. Its file can only use the controls that the row says it needs. */
export interface EventKind<Needs extends keyof Controls = keyof Controls> {
  /** The controls that the testbed must offer. */
  readonly needs: readonly Needs[];
  /**
   * How the set of instances that are given work changes: some leave it, some join it, each is replaced in turn, or it stays
   * as it is. Instances that leave take their sessions with them.
   */
  readonly serving: 'leave' | 'join' | 'replace' | 'stay';
  /** Whether the instances cannot have served equally over the whole load. */
  readonly unequal: boolean;
  /** How reports name it in a sentence: `killing`. */
  readonly doing: string;
  /** The steps of `fault`; none when there is no instance to inject it into. */
  plan(fault: PlannedFault, serving: Serving): readonly Step[];
  /** Does it to an instance. Absent: joining is all there is to do. */
  inject?(controls: Pick<Controls, Needs>, instance: string, fault: PlannedFault): void | Promise<void>;
  /** Ends it at an instance, `forUs` after it was injected, or when the load ends. Absent: it is done at once. */
  end?(controls: Pick<Controls, Needs>, instance: string): void | Promise<void>;
}

/** The plan of a kind that is injected once, into the instances that are chosen for it. */
export function onceIntoChosen(fault: PlannedFault, serving: Serving): readonly Step[] {
  const targets = serving.choose(fault);
  return targets.length === 0 ? [] : [{ afterUs: 0, joins: 0, targets }];
}
