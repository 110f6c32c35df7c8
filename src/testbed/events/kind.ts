/** @module The interface of a kind of event. Each kind is a row of the table in kinds.ts and has its own file. */
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

/** The instances in service when an event begins. */
export interface Serving {
  readonly names: readonly string[];
  /** The instance that `fault` names, or the number of instances that it requires, drawn from those in service; empty when there is none. */
  choose(fault: PlannedFault): readonly string[];
}

/** A row of the table. The type allows its file to use only the controls listed in `needs`. */
export interface EventKind<Needs extends keyof Controls = keyof Controls> {
  /** The controls that the testbed must offer. */
  readonly needs: readonly Needs[];
  /**
   * How the set of instances in service changes: some leave it, some join it, each is replaced in turn, or it stays
   * as it is. Instances that leave take their sessions with them.
   */
  readonly serving: 'leave' | 'join' | 'replace' | 'stay';
  /** Whether the event prevents the instances from sharing the whole load equally. */
  readonly unequal: boolean;
  /** Its name within a sentence of a report: `killing`. */
  readonly doing: string;
  /** The steps of `fault`; none when there is no instance to inject it into. */
  plan(fault: PlannedFault, serving: Serving): readonly Step[];
  /** Injects it into an instance. Absent: the event only lets instances join. */
  inject?(controls: Pick<Controls, Needs>, instance: string, fault: PlannedFault): void | Promise<void>;
  /** Ends it at an instance, `forUs` after it was injected, or when the load ends. Absent: it has no duration. */
  end?(controls: Pick<Controls, Needs>, instance: string): void | Promise<void>;
}

/** The plan of a kind that is injected once, into the chosen instances. */
export function onceIntoChosen(fault: PlannedFault, serving: Serving): readonly Step[] {
  const targets = serving.choose(fault);
  return targets.length === 0 ? [] : [{ afterUs: 0, joins: 0, targets }];
}
