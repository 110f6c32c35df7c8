/** @module The parameters of a call as a trace has them: without secrets, and with references in place of values from earlier results. */
import { isSecretName, NOT_RECORDED } from '../profile/secrets.ts';
import { below } from '../trace/pointer.ts';
import type { TracedCall, TracedRef } from '../trace/trace.ts';
import { type LearnedValues, MOST_DEPTH } from './learned.ts';
import { recordableText, recordedText } from './secrets.ts';

/** Most bytes of parameters, as JSON, that are recorded. */
export const MOST_PARAMS: number = 64 * 1024;

/** The part of a line that the parameters make. */
export type RecordedParams = Pick<TracedCall, 'params' | 'refs' | 'hidden' | 'omitted'>;

/** Records `params`, which have no `_meta`, of a caller who has `learned` values; `known`: texts that are secrets. */
export function recordParams(
  params: Readonly<Record<string, unknown>>,
  learned: LearnedValues,
  known: readonly string[],
): RecordedParams {
  if (Object.keys(params).length === 0) return {};
  const bytes = Buffer.byteLength(JSON.stringify(params));
  if (bytes > MOST_PARAMS) return { omitted: { bytes } };
  const copy = new ParamsCopy(learned, known);
  const copied = copy.object(params, '', 0, false);
  const { refs, hidden } = copy;
  return {
    params: copied,
    ...(refs.length > 0 && { refs }),
    ...(hidden.length > 0 && { hidden }),
  };
}

class ParamsCopy {
  readonly refs: TracedRef[] = [];
  readonly hidden: string[] = [];
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
        const key = recordedText(name, this.#known);
        return [key, this.#value(value, below(pointer, key), depth + 1, secret || isSecretName(name))];
      }),
    );
  }

  #value(value: unknown, pointer: string, depth: number, secret: boolean): unknown {
    if (typeof value === 'string') return this.#text(value, pointer, secret);
    if (typeof value === 'number') return secret ? this.#hide(pointer) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MOST_DEPTH) return this.#hide(pointer);
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
    const recordable = secret ? undefined : recordableText(text, this.#known);
    if (recordable === text) return text;
    this.#hide(pointer);
    return recordable ?? NOT_RECORDED;
  }

  #hide(pointer: string): string {
    this.hidden.push(pointer);
    return NOT_RECORDED;
  }
}
