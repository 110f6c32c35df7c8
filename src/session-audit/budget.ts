/** @module What an audit may cost: requests and time, and until the user interrupts. Connections are closed when it is over. */
import { after } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { AuditEnded, type EndReason } from './ended.ts';

export interface BudgetLimits {
  readonly timeUs: Micros;
  readonly requests: number;
}

export class Budget {
  readonly #most: number;
  readonly #stops = new Set<() => void>();
  readonly #release: () => void;
  #made = 0;
  #over: EndReason | undefined;

  constructor({ timeUs, requests }: BudgetLimits, signal?: AbortSignal) {
    this.#most = requests;
    const cancel = after(timeUs, () => this.#end('time'));
    const onAbort = (): void => this.#end('interrupted');
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    this.#release = () => {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** Requests so far. */
  get made(): number {
    return this.#made;
  }

  /** Counts a request, which gets the number that is returned. Throws {@link AuditEnded} when there may be no more. */
  take(): number {
    this.check();
    if (this.#made >= this.#most) this.#end('requests');
    this.check();
    this.#made += 1;
    return this.#made;
  }

  /** Throws {@link AuditEnded} when it is over. */
  check(): void {
    if (this.#over !== undefined) throw new AuditEnded(this.#over);
  }

  /** Calls `stop` when it is over. Returns what takes that back. */
  onEnd(stop: () => void): () => void {
    this.#stops.add(stop);
    return () => this.#stops.delete(stop);
  }

  /** Releases the timer. */
  release(): void {
    this.#release();
  }

  #end(reason: EndReason): void {
    this.#over ??= reason;
    for (const stop of this.#stops) stop();
  }
}
