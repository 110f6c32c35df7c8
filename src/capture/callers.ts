/** @module Tells the callers behind a proxy apart, without keeping what they identify themselves by. */
import { hash } from 'node:crypto';
import type { ClientHead } from '../balancer/proxy/heads.ts';
import { LearnedValues, MOST_SHARED } from './learned.ts';

/** Callers whose values are remembered, the latest ones. */
const MOST = 10_000;

/** The callers seen so far. */
export class Callers {
  readonly #indexes = new Map<string, number>();
  readonly #learned = new Map<number, LearnedValues>();
  /** Callers that are known by their connections only: one client may have several of these, and use any for the next call. */
  readonly #unnamed = new Set<number>();
  readonly #ofUnnamed = new LearnedValues(MOST_SHARED);

  /** How many there are. */
  get count(): number {
    return this.#indexes.size;
  }

  /** The index of who made the request with `head`: of its session, else of its credentials, else of its `connection`. */
  indexOf({ fields }: ClientHead, connection: number): number {
    const { sessionId, authorization } = fields;
    const key =
      sessionId !== undefined
        ? digest('session', sessionId)
        : authorization !== undefined
          ? digest('credentials', authorization)
          : `connection ${connection}`;
    const index = this.#indexes.get(key) ?? this.#indexes.size;
    this.#indexes.set(key, index);
    if (sessionId === undefined && authorization === undefined) this.#unnamed.add(index);
    return index;
  }

  /** What caller `index` has learned. */
  learnedBy(index: number): LearnedValues {
    const learned = this.#learned.get(index) ?? this.#nothingLearned(index);
    this.#learned.delete(index);
    this.#learned.set(index, learned);
    if (this.#learned.size > MOST) this.#learned.delete(this.#learned.keys().next().value!);
    return learned;
  }

  #nothingLearned(index: number): LearnedValues {
    return this.#unnamed.has(index) ? new LearnedValues(undefined, this.#ofUnnamed) : new LearnedValues();
  }
}

const digest = (kind: string, text: string): string => `${kind} ${hash('sha256', text, 'base64')}`;
