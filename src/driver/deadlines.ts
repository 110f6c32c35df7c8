/** @module One coarse timer for any number of calls that all have the same time-out. */
import { after, type Cancel, type Clock } from '../units/clock.ts';
import { type Micros, UNSET } from '../units/time.ts';

/** Something with a time at which it ends at the latest. An element of the list in {@link Deadlines}. */
export abstract class Deadline {
  dueUs: Micros = UNSET;
  earlier: Deadline | undefined = undefined;
  later: Deadline | undefined = undefined;

  /** Called once, when the time has passed; the deadline is no longer listed then. */
  abstract expire(nowUs: Micros): void;
}

/**
 * The deadlines of a driver. One time-out for all means that they fall due in the order in which they were set, so a linked
 * list is enough: adding and removing one costs a few assignments, and a timer fires about once per time-out. It is up to a few
 * milliseconds late, never early.
 */
export class Deadlines<Listed extends Deadline = Deadline> {
  readonly #clock: Clock;
  readonly #timeoutUs: Micros;
  #first: Deadline | undefined = undefined;
  #last: Deadline | undefined = undefined;
  #cancel: Cancel | undefined = undefined;
  #closed = false;

  constructor(clock: Clock, timeoutUs: Micros) {
    this.#clock = clock;
    this.#timeoutUs = timeoutUs;
  }

  /** Lists `deadline`, which is not listed now, to expire one time-out after `nowUs`. */
  set(deadline: Listed, nowUs: Micros): void {
    deadline.dueUs = nowUs + this.#timeoutUs;
    deadline.earlier = this.#last;
    deadline.later = undefined;
    if (this.#last === undefined) this.#first = deadline;
    else this.#last.later = deadline;
    this.#last = deadline;
    if (this.#cancel === undefined) this.#sleep(this.#timeoutUs);
  }

  /** Takes `deadline`, which is listed, off the list. */
  clear(deadline: Deadline): void {
    const { earlier, later } = deadline;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    deadline.earlier = undefined;
    deadline.later = undefined;
  }

  /** What is listed now, in the order in which it falls due. */
  listed(): readonly Listed[] {
    const all: Listed[] = [];
    for (let next = this.#first; next !== undefined; next = next.later) all.push(next as Listed);
    return all;
  }

  /** Stops the timer. What is still listed never expires, also when the deadline that expires now closes them. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #sleep(span: Micros): void {
    if (this.#closed) return;
    this.#cancel = after(Math.ceil(span / 1000) * 1000, () => this.#onTimer());
  }

  #onTimer(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (
      let next = this.#first;
      next !== undefined && next.dueUs <= now && !this.#closed;
      next = this.#first
    ) {
      this.clear(next);
      next.expire(now);
    }
    // An idle driver keeps no timer; the next deadline sets it again.
    if (this.#first !== undefined && this.#cancel === undefined) this.#sleep(this.#first.dueUs - now);
  }
}
