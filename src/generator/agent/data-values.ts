/** @module The values of data rows: which row an arrival gets, as a function of the seed and its number alone. */
import type { Reference } from '../../profile/template/template.ts';
import { drawAt, hash32, mix, streamKey } from '../../units/random.ts';

/** The values of a row, by column. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows of one file, as plain data; at least one. */
export interface DataRows {
  readonly name: string;
  readonly pick: 'sequential' | 'random';
  readonly rows: readonly Row[];
}

/** The data of a load. */
export class DataValues {
  readonly #sets: ReadonlyMap<string, DataRows & { readonly key: number }>;
  readonly #stride: number;

  /** @param stride - how many numbers each arrival has: calls of one arrival have the same row. */
  constructor(sets: readonly DataRows[], seed: number, stride: number) {
    const stream = streamKey(seed, 'data');
    // Draws of several files are independent of each other.
    this.#sets = new Map(sets.map((set) => [set.name, { ...set, key: mix(stream ^ hash32(set.name)) }]));
    this.#stride = stride;
  }

  /** The value in the row of call number `seq`; null for what there is not. */
  valueOf({ source, field }: Reference, seq: number): unknown {
    const set = this.#sets.get(source);
    if (set === undefined) return null;
    const arrival = Math.floor(seq / this.#stride);
    const { pick, rows, key } = set;
    const row = pick === 'random' ? Math.floor(drawAt(key, arrival) * rows.length) : arrival % rows.length;
    return rows[row]![field] ?? null;
  }
}
