/** @module The values that the results of one caller held, for finding them again in its later calls. */
import { jsonIn } from '../protocol/json-object.ts';
import { below } from '../trace/pointer.ts';
import type { TracedRef } from '../trace/trace.ts';

/** Where a value was first. */
export type Origin = Omit<TracedRef, 'to'>;

/** Shorter texts occur in results and parameters by chance. */
const SHORTEST = 8;
const LONGEST = 16_384;
/** Values that are remembered of one caller, the latest ones. */
const MOST = 1000;
/** Values that are remembered of all callers together who show no credentials. */
export const MOST_SHARED = 20_000;
/** How deep values are looked for. */
export const MOST_DEPTH = 64;

/** Letters of both cases are an identifier from this length on: random ones may have no digit. */
const LONG_IDENTIFIER = 16;

/** Whether several callers do not agree in `text` by chance: it has no spaces, and a digit, or is long and of both cases. */
function isIdentifier(text: string): boolean {
  if (/\s/.test(text)) return false;
  return /\d/.test(text) || (text.length >= LONG_IDENTIFIER && /[a-z]/.test(text) && /[A-Z]/.test(text));
}

/** What one caller was told, and what it said itself. */
export class LearnedValues {
  readonly #origins = new Map<string, Origin>();
  /** A value that the caller has sent is its own, also when results repeat it. */
  readonly #own = new Set<string>();
  readonly #most: number;
  readonly #shared: LearnedValues | undefined;

  /** @param shared - what this caller and others were told, who may all be one: of it, only identifiers count. */
  constructor(most: number = MOST, shared?: LearnedValues) {
    this.#most = most;
    this.#shared = shared;
  }

  /** Where `text` was first; undefined when no result had it before the caller did. */
  originOf(text: string): Origin | undefined {
    const own = this.#origins.get(text);
    if (own !== undefined || this.#own.has(text)) return own;
    return this.#shared?.originOf(text);
  }

  /** The caller has sent `text`. */
  sent(text: string): void {
    if (text.length < SHORTEST || text.length > LONGEST) return;
    this.#own.add(text);
    this.#dropOldest(this.#own);
    if (isIdentifier(text)) this.#shared?.sent(text);
  }

  /** The result of `call` was `value`. */
  learn(call: number, value: unknown): void {
    for (const { text, pointer } of textsIn(value, '', 0)) {
      this.#note(text, { call, from: pointer });
      for (const inner of textsIn(dataIn(text), '', 0))
        this.#note(inner.text, { call, from: pointer, within: inner.pointer });
    }
  }

  #note(text: string, origin: Origin): void {
    if (text.length < SHORTEST || text.length > LONGEST) return;
    if (this.#shared !== undefined && isIdentifier(text)) this.#shared.#note(text, origin);
    if (this.#own.has(text) || this.#origins.has(text)) return;
    this.#origins.set(text, origin);
    this.#dropOldest(this.#origins);
  }

  #dropOldest(kept: Map<string, unknown> | Set<string>): void {
    if (kept.size <= this.#most) return;
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      return;
    }
  }
}

interface Found {
  readonly text: string;
  readonly pointer: string;
}

function* textsIn(value: unknown, pointer: string, depth: number): Generator<Found, void, void> {
  if (typeof value === 'string') yield { text: value, pointer };
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return;
  for (const [key, child] of Object.entries(value)) yield* textsIn(child, below(pointer, key), depth + 1);
}

/** The object or list of which `text` is the JSON. */
const dataIn = (text: string): unknown => (/^\s*[[{]/.test(text) ? jsonIn(text) : undefined);
