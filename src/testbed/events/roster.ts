/** @module The instances behind the balancer during a load: all that were ever there, and those in service. */
import type { PlannedFault } from '../../profile/settings.ts';
import type { Random } from '../../units/random.ts';

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
    if (number === undefined) return draw(this.#serving, count, random);
    const named = this.known[number - 1];
    return named !== undefined && this.#serving.includes(named) ? [named] : [];
  }
}

/** At most `count` distinct entries of `names`, all equally likely. */
function draw(names: readonly string[], count: number, random: Random): readonly string[] {
  const left = [...names];
  const drawn: string[] = [];
  while (drawn.length < count && left.length > 0) {
    const at = random.below(left.length);
    drawn.push(left[at]!);
    left.splice(at, 1);
  }
  return drawn;
}
