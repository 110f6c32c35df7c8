/** @module A profile document under change: overrides are merged in, and each part remembers where it came from. */

import { isMapping, type Mapping, type Violation } from '../section/values.ts';
import { type Place, unshare } from './source.ts';

/** Where a part of a document was written. */
export type Origin =
  | { readonly kind: 'file'; readonly place: Place }
  /** Spelled on the command line: `--set load.rate=400/s`. */
  | { readonly kind: 'flag'; readonly flag: string };

/** Keys of which a mapping has one: setting one removes the others, and what only goes with them. */
const RIVALS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '': { target: ['fleet', 'balancer', 'faults'], fleet: ['target'] },
  load: {
    rate: ['stages', 'concurrency'],
    stages: ['rate', 'concurrency', 'duration'],
    concurrency: ['rate', 'stages'],
  },
  'fleet.tools.work': {
    uniform: ['exponential', 'lognormal', 'bimodal'],
    exponential: ['uniform', 'lognormal', 'bimodal'],
    lognormal: ['uniform', 'exponential', 'bimodal'],
    bimodal: ['uniform', 'exponential', 'lognormal'],
  },
};

interface Opened {
  readonly parent: object;
  readonly key: string | number;
}

/** A document and the origins of what was changed in it. */
export class Draft {
  readonly document: Mapping;
  readonly #origins: Map<string, Origin>;
  /** Places set in this round: they do not push one another out, so that a contradiction is seen. */
  readonly #fresh = new Set<string>();
  readonly #findings: Violation[] = [];

  constructor(document: Mapping, origins: ReadonlyMap<string, Origin> = new Map()) {
    this.document = unshare(document);
    this.#origins = new Map(origins);
  }

  /** Overrides of this round that could not be made. */
  get findings(): readonly Violation[] {
    return this.#findings;
  }

  /** A copy to be changed on its own, for a new round of overrides. */
  branch(): Draft {
    return new Draft(this.document, this.#origins);
  }

  /** Sets `place` to `value`; two mappings are merged, everything else (lists too) is replaced. */
  override(place: Place, value: unknown, origin: Origin): void {
    const opened = this.#open(place, origin);
    if (opened === undefined) return;
    const { parent, key } = opened;
    this.#pushOut(parent, place.slice(0, -1), String(key));
    const there = read(parent, key);
    if (isMapping(value) && isMapping(there)) {
      this.#fresh.add(keyOf(place));
      for (const [name, child] of Object.entries(value))
        this.override([...place, name], child, within(origin, name));
      return;
    }
    write(parent, key, unshare(value));
    this.#mark(place, origin);
  }

  /** Takes a key of the document out. */
  remove(key: string): void {
    delete this.document[key];
  }

  /** Where the part at `place` was written. */
  originOf(place: Place): Origin {
    for (let length = place.length; length >= 0; length -= 1) {
      const origin = this.#origins.get(keyOf(place.slice(0, length)));
      if (origin !== undefined) return within(origin, ...place.slice(length));
    }
    return { kind: 'file', place };
  }

  /** The mapping or list that holds `place`, made where it is not there; `undefined` when a list has no such entry. */
  #open(place: Place, origin: Origin): Opened | undefined {
    let parent: object = this.document;
    for (const [index, key] of place.entries()) {
      if (Array.isArray(parent) && !Object.hasOwn(parent, key)) {
        this.#miss(place.slice(0, index), key, parent.length, origin);
        return undefined;
      }
      if (index === place.length - 1) break;
      this.#pushOut(parent, place.slice(0, index), String(key));
      let next = read(parent, key);
      if (typeof next !== 'object' || next === null) {
        next = {};
        write(parent, key, next);
        this.#mark(place.slice(0, index + 1), origin);
      }
      parent = next as object;
    }
    return { parent, key: place.at(-1)! };
  }

  /** A list is not made longer by an override: a slip in an index would leave holes in it. */
  #miss(list: Place, key: string | number, length: number, origin: Origin): void {
    const path = [...list, key];
    this.#mark(path, origin);
    const expected = length === 0 ? 'a list as a whole, it is empty' : `an index from 0 to ${length - 1}`;
    this.#findings.push({ path, fault: { what: 'there is no such entry in the list', expected } });
  }

  #pushOut(parent: object, place: Place, key: string): void {
    const rivals = RIVALS[place.join('.')];
    if (rivals === undefined || !Object.hasOwn(rivals, key)) return;
    for (const rival of rivals[key]!) {
      if (!this.#fresh.has(keyOf([...place, rival]))) delete (parent as Mapping)[rival];
    }
  }

  #mark(place: Place, origin: Origin): void {
    this.#origins.set(keyOf(place), origin);
    for (let length = 1; length <= place.length; length += 1) this.#fresh.add(keyOf(place.slice(0, length)));
  }
}

/** The value at `place`; `undefined` when there is none. */
export function valueAt(document: unknown, place: Place): unknown {
  return place.reduce(
    (value, key) => (typeof value === 'object' && value !== null ? read(value, key) : undefined),
    document,
  );
}

/** `fleet.era` as a place; whole numbers are indexes of lists. */
export function parsePath(path: string): Place {
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

function read(parent: object, key: string | number): unknown {
  return Object.hasOwn(parent, key) ? (parent as Mapping)[key] : undefined;
}

/** Defines, not assigns: a key `__proto__` of a file is a key like any other. */
function write(parent: object, key: string | number, value: unknown): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

const keyOf = (place: Place): string => place.join('\0');

const within = (origin: Origin, ...steps: Place): Origin =>
  origin.kind === 'file' ? { kind: 'file', place: [...origin.place, ...steps] } : origin;
