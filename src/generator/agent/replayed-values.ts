/** @module What calls of a replay take from results of the replay itself: which calls wait, which can no longer be made, and their arguments. */
import { valueAt, withValueAt } from '../../trace/pointer.ts';
import type { ReplayedCall, ReplayedRef } from '../schedule/replay.ts';
import type { Arrival } from '../schedule/schedule.ts';
import type { CallEnd } from './caller.ts';

/** Whether a call can be made: now, when others have ended, or no longer. */
export type Readiness = 'ready' | 'waiting' | 'lost';

/** The calls of a replay and the values between them. Calls are named by their number. */
export class ReplayedValues {
  readonly #calls: readonly ReplayedCall[];
  /** Places in the result of a call that later calls take values from. */
  readonly #wanted = new Map<number, ReplayedRef[]>();
  /** The values of calls that have ended, by place; undefined of a call whose result cannot be used. */
  readonly #found = new Map<number, ReadonlyMap<string, unknown> | undefined>();

  constructor(calls: readonly ReplayedCall[]) {
    this.#calls = calls;
    for (const ref of calls.flatMap(({ refs = [] }) => refs)) {
      const wanted = this.#wanted.get(ref.seq);
      if (wanted === undefined) this.#wanted.set(ref.seq, [ref]);
      else wanted.push(ref);
    }
  }

  /** Whether a later call takes a value from the result of this one. */
  isWanted(seq: number): boolean {
    return this.#wanted.has(seq);
  }

  readiness(seq: number): Readiness {
    let readiness: Readiness = 'ready';
    for (const ref of this.#calls[seq]!.refs ?? []) {
      if (!this.#found.has(ref.seq)) readiness = 'waiting';
      else if (this.#valueOf(ref) === undefined) return 'lost';
    }
    return readiness;
  }

  /** A call has ended. */
  ended(seq: number, { outcome, body }: Pick<CallEnd, 'outcome' | 'body'>): void {
    const wanted = this.#wanted.get(seq);
    if (wanted === undefined) return;
    if (outcome !== 'ok' || body === undefined) {
      this.failed(seq);
      return;
    }
    const { result } = JSON.parse(body) as { readonly result?: unknown };
    this.#found.set(seq, new Map(wanted.map((ref) => [placeOf(ref), valueIn(result, ref)])));
  }

  /** A call was not made, or has no result. */
  failed(seq: number): void {
    if (this.isWanted(seq)) this.#found.set(seq, undefined);
  }

  /** The JSON text that the arguments of a call are; undefined without arguments. All that it waits for has ended. */
  argumentsOf({ seq }: Arrival, method: string): string | undefined {
    const { params, refs = [] } = this.#calls[seq]!;
    const filled = refs.reduce<unknown>(
      (value, ref) => withValueAt(value, ref.to, this.#valueOf(ref)),
      params,
    ) as ReplayedCall['params'];
    if (method === 'tools/call' || method === 'prompts/get') return JSON.stringify(filled['arguments'] ?? {});
    if (Object.keys(filled).length === 0) return undefined;
    return JSON.stringify(filled).slice(1, -1);
  }

  #valueOf(ref: ReplayedRef): unknown {
    return this.#found.get(ref.seq)?.get(placeOf(ref));
  }
}

const placeOf = ({ from, within }: ReplayedRef): string => JSON.stringify([from, within]);

function valueIn(result: unknown, { from, within }: ReplayedRef): unknown {
  const value = valueAt(result, from);
  if (within === undefined) return value;
  if (typeof value !== 'string') return undefined;
  try {
    return valueAt(JSON.parse(value), within);
  } catch {
    return undefined;
  }
}
