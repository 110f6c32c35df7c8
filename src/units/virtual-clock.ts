/** @module A clock that only a test advances, for whole runs of the engine in a unit test without sleeping. */
import type { Cancel, Clock } from './clock.ts';
import type { Micros } from './time.ts';

interface Waiting {
  readonly due: Micros;
  readonly wake: () => void;
}

/** A {@link Clock} that a test advances. */
export class VirtualClock implements Clock {
  #now: Micros = 0;
  /** Sorted by due time; entries with equal times keep the order of their calls. */
  readonly #waiting: Waiting[] = [];

  now(): Micros {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#now / 1000);
  }

  at(due: Micros, wake: () => void): Cancel {
    const entry = { due: Math.max(due, this.#now), wake };
    let index = this.#waiting.length;
    while (index > 0 && this.#waiting[index - 1]!.due > entry.due) index -= 1;
    this.#waiting.splice(index, 0, entry);
    return () => {
      const found = this.#waiting.indexOf(entry);
      if (found >= 0) this.#waiting.splice(found, 1);
    };
  }

  /** Advances by `span`, and runs the callbacks that fall due, in order. */
  advance(span: Micros): void {
    const end = this.#now + span;
    while (this.#waiting.length > 0 && this.#waiting[0]!.due <= end) this.#step();
    this.#now = end;
  }

  /** Advances until no callback is waiting. */
  async run(): Promise<void> {
    for (;;) {
      // Promise callbacks may set new timers, so they run before each step.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.#waiting.length === 0) return;
      this.#step();
    }
  }

  #step(): void {
    const next = this.#waiting.shift()!;
    this.#now = next.due;
    next.wake();
  }
}
