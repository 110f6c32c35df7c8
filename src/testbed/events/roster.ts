/** @module The instances behind the balancer during a load: all that were ever there, and those in service. */
import type { PlannedFault } from '../../profile/settings.ts';
import { drawDistinct, type Random } from '../../units/random.ts';

/** Keeps track of instances, by name. */
export class Roster {
  /** All instances that were ever behind the balancer: the n-th has the number n. */
  readonly known: string[];
  #serving: readonly string[];

  constructor(instances: readonly string[]) {
    this.known = [...instances];
    this.#serving = [...instances];
  }

  /** The instances in service. */
  get serving(): readonly string[] {
    return this.#serving;
  }

  /** Adds a new instance, with the next number, to those in service. */
  join(instance: string): void {
    this.known.push(instance);
    this.#serving = [...this.#serving, instance];
  }

  leave(instances: readonly string[]): void {
    this.#serving = this.#serving.filter((each) => !instances.includes(each));
  }

  /** Returns to service an instance that should have left. */
  comeBack(instance: string): void {
    this.#serving = [...this.#serving, instance];
  }

  /** The instance whose number the fault gives, or the number of instances that it requires, drawn at random; only instances in service. */
  choose({ instance: number, count }: PlannedFault, random: Random): readonly string[] {
    if (number === undefined) return drawDistinct(this.#serving, count, random);
    const named = this.known[number - 1];
    return named !== undefined && this.#serving.includes(named) ? [named] : [];
  }
}
