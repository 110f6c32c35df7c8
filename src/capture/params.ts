/** @module The parameters of a call as a trace has them: without secrets, and with references in place of values from earlier results. */
import { isSecretName, NOT_RECORDED } from '../profile/secrets.ts';
import { below } from '../trace/pointer.ts';
import type { TracedCall, TracedRef } from '../trace/trace.ts';
import { type LearnedValues, MOST_DEPTH } from './learned.ts';
import { recordable } from './secrets.ts';

/** Most bytes of parameters, as JSON, that are recorded. */
export const MOST_PARAMS: number = 64 * 1024;

/** The part of a line that the parameters make. */
type RecordedParams = Pick<TracedCall, 'params' | 'refs' | 'hidden' | 'omitted'>;

/** Parameters for a line, and how many secrets were removed from them. */
export interface ClearedParams {
  readonly recorded: RecordedParams;
  readonly removed: number;
}

/** Records `params`, which have no `_meta`, of a caller who has `learned` values; `known`: texts that are secrets. */
export function recordParams(
  params: Readonly<Record<string, unknown>>,
  learned: LearnedValues,
  known: readonly string[],
): ClearedParams {
  if (Object.keys(params).length === 0) return { recorded: {}, removed: 0 };
  const bytes = Buffer.byteLength(JSON.stringify(params));
  if (bytes > MOST_PARAMS) return { recorded: { omitted: { bytes } }, removed: 0 };
  const copy = new ParamsCopy(learned, known);
  const copied = copy.object(params, '', 0, false);
  const { refs, hidden, removed } = copy;
  const recorded = {
    params: copied,
    ...(refs.length > 0 && { refs }),
    ...(hidden.length > 0 && { hidden }),
  };
  return { recorded, removed };
}

/** A name such as `max_tokens`: of how many tokens there may be. */
const COUNTS_TOKENS = /tokens$/i;

class ParamsCopy {
  readonly refs: TracedRef[] = [];
  readonly hidden: string[] = [];
  removed = 0;
  readonly #learned: LearnedValues;
  readonly #known: readonly string[];

  constructor(learned: LearnedValues, known: readonly string[]) {
    this.#learned = learned;
    this.#known = known;
  }

  /** A copy of `object`, which stands at `pointer`; `secret`: below a key with the name of a secret. */
  object(object: object, pointer: string, depth: number, secret: boolean): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(object).map(([name, value]) => {
        const { text: key, removed } = recordable(name, this.#known);
        const place = below(pointer, key);
        if (removed > 0) this.#hide(place, removed);
        const isSecret = secret || (isSecretName(name) && !isCount(name, value));
        return [key, this.#value(value, place, depth + 1, isSecret)];
      }),
    );
  }

  #value(value: unknown, pointer: string, depth: number, secret: boolean): unknown {
    if (typeof value === 'string') return this.#text(value, pointer, secret);
    if (typeof value === 'number') return secret ? this.#notRecorded(pointer) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MOST_DEPTH) return this.#notRecorded(pointer);
    if (!Array.isArray(value)) return this.object(value, pointer, depth, secret);
    return value.map((item, index) => this.#value(item, below(pointer, index), depth + 1, secret));
  }

  #text(text: string, pointer: string, secret: boolean): unknown {
    const origin = this.#learned.originOf(text);
    if (origin !== undefined) {
      this.refs.push({ to: pointer, ...origin });
      return null;
    }
    this.#learned.sent(text);
    if (secret) return this.#notRecorded(pointer);
    const cleared = recordable(text, this.#known);
    if (cleared.removed > 0) this.#hide(pointer, cleared.removed);
    return cleared.text;
  }

  #notRecorded(pointer: string): string {
    this.#hide(pointer, 1);
    return NOT_RECORDED;
  }

  #hide(pointer: string, removed: number): void {
    if (this.hidden.at(-1) !== pointer) this.hidden.push(pointer);
    this.removed += removed;
  }
}

const isCount = (name: string, value: unknown): boolean =>
  typeof value === 'number' && COUNTS_TOKENS.test(name);
