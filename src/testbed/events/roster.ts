/** @module The instances behind the balancer during a load: which there were, and which are given work. */
import type { PlannedFault } from '../../profile/settings.ts';
import type { Random } from '../../units/random.ts';

/** Keeps track of instances, by name. */
export class Roster {
  /** All that ever were behind the balancer: the n-th has the number n. */
  readonly known: string[];
  #serving: readonly string[];

  constructor(instances: readonly string[]) {
    this.known = [...instances];
    this.#serving = [...instances];
  }

  /** Those that are given work. */
  get serving(): readonly string[] {
    return this.#serving;
  }

  /** A new instance, with the next number, is given work. */
  join(instance: string): void {
    this.known.push(instance);
    this.#serving = [...this.#serving, instance];
  }

  leave(instances: readonly string[]): void {
    this.#serving = this.#serving.filter((each) => !instances.includes(each));
  }

  /** An instance that was to leave is given work after all. */
  comeBack(instance: string): void {
    this.#serving = [...this.#serving, instance];
  }

  /** The one whose number the fault gives, or as many as it asks for, drawn; of those that are given work. */
  choose({ instance: number, count }: PlannedFault, random: Random): readonly string[] {
    if (number === undefined) return draw(this.#serving, count, random);
    const named = this.known[number - 1];
    return named !== undefined && this.#serving.includes(named) ? [named] : [];
  }
}

/** At most `count` of `names`, none twice, each as likely as the others. */
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
