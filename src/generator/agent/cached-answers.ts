/** @module Calls that are answered from a cache: their ends are handed over together, and never from within `send`. */
import type { Micros } from '../../units/time.ts';
import type { CallEnd, OnEnd } from './caller.ts';

/** What a call is given from a cache: the cursor of the next page, null on the last one, and the JSON text of the answer, where it was kept. */
export interface Given {
  readonly nextCursor: string | null;
  readonly body?: string | undefined;
}

/** The end of a call that was given from a cache. */
export function cachedEnd({ nextCursor, body }: Given, sentUs: Micros, doneUs: Micros): CallEnd {
  return {
    outcome: 'ok',
    detail: undefined,
    status: 0,
    sentUs,
    firstByteUs: doneUs,
    doneUs,
    servedBy: undefined,
    sessionId: undefined,
    serverTiming: undefined,
    body,
    cached: true,
    nextCursor,
  };
}

/** Hands over the ends of all agents of one worker, once in a turn of the event loop. */
export class CachedAnswers {
  #ends: CallEnd[] = [];
  #onEnds: OnEnd[] = [];
  #spareEnds: CallEnd[] = [];
  #spareOnEnds: OnEnd[] = [];
  readonly #onTurn = (): void => this.#handOver();

  add(end: CallEnd, onEnd: OnEnd): void {
    if (this.#ends.length === 0) setImmediate(this.#onTurn);
    this.#ends.push(end);
    this.#onEnds.push(onEnd);
  }

  /** What is added meanwhile is handed over in the next turn, so that the event loop comes to other events. */
  #handOver(): void {
    const [ends, onEnds] = [this.#ends, this.#onEnds];
    this.#ends = this.#spareEnds;
    this.#onEnds = this.#spareOnEnds;
    for (let i = 0; i < ends.length; i += 1) onEnds[i]!(ends[i]!);
    ends.length = 0;
    onEnds.length = 0;
    this.#spareEnds = ends;
    this.#spareOnEnds = onEnds;
  }
}
