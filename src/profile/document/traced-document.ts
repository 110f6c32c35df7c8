/** @module A profile document that records, while overrides are merged into it, where each part was written. */
import { type Place, parsePath } from '../place.ts';
import { isMapping, type Mapping, type Violation } from '../section/values.ts';
import { unshare } from './source.ts';

/** Where a part of a document was written. */
export type Origin =
  | { readonly kind: 'file'; readonly place: Place }
  /** On the command line; `flag` is its form in messages: `--set load.rate=400/s`. */
  | { readonly kind: 'flag'; readonly flag: string };

/** Dotted paths, each with the paths that its override removes because the two cannot be combined. */
export type Exclusions = ReadonlyMap<string, readonly string[]>;

interface Opened {
  readonly parent: object;
  readonly key: string | number;
}

/** A document and the origins of the changed parts. */
export class TracedDocument {
  readonly document: Mapping;
  readonly #exclusions: Exclusions;
  readonly #origins: Map<string, Origin>;
  /** Places set in this round of overrides. They do not remove one another, so that a contradiction is reported. */
  readonly #fresh = new Set<string>();
  /** By removed place: the place whose override removed it. */
  readonly #excluders = new Map<string, Place>();
  readonly #violations: Violation[] = [];

  constructor(document: Mapping, exclusions: Exclusions, origins: ReadonlyMap<string, Origin> = new Map()) {
    this.document = unshare(document);
    this.#exclusions = exclusions;
    this.#origins = new Map(origins);
  }

  /** Overrides of this round that could not be applied. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** An independent copy, for a new round of overrides. */
  branch(): TracedDocument {
    const copy = new TracedDocument(this.document, this.#exclusions, this.#origins);
    for (const [removed, excluder] of this.#excluders) copy.#excluders.set(removed, excluder);
    return copy;
  }

  /** Sets `place` to `value`; two mappings are merged, everything else (lists too) is replaced. */
  override(place: Place, value: unknown, origin: Origin): void {
    const opened = this.#open(place, origin);
    if (opened === undefined) return;
    const { parent, key } = opened;
    this.#exclude(place);
    if (!isMapping(value)) {
      write(parent, key, unshare(value));
      this.#mark(place, origin);
      return;
    }
    if (isMapping(read(parent, key))) this.#fresh.add(keyOf(place));
    else {
      write(parent, key, {});
      this.#mark(place, origin);
    }
    for (const [name, child] of Object.entries(value))
      this.override([...place, name], child, within(origin, name));
  }

  /** Removes the value at `place`, if there is one. */
  remove(place: Place): void {
    const parent = valueAt(this.document, place.slice(0, -1));
    if (isMapping(parent)) delete parent[String(place.at(-1))];
  }

  /** The origin of the part at `place`. */
  originOf(place: Place): Origin {
    for (let length = place.length; length >= 0; length -= 1) {
      const origin = this.#origins.get(keyOf(place.slice(0, length)));
      if (origin !== undefined) return within(origin, ...place.slice(length));
    }
    return { kind: 'file', place };
  }

  /** The place whose override removed what was at `place`; `undefined` where none did. */
  excluderOf(place: Place): Place | undefined {
    return this.#excluders.get(keyOf(place));
  }

  /** The mapping or list that contains `place`, created when missing; `undefined` when a list has no such entry. */
  #open(place: Place, origin: Origin): Opened | undefined {
    let parent: object = this.document;
    for (const [index, key] of place.entries()) {
      const at = place.slice(0, index + 1);
      if (Array.isArray(parent) && !Object.hasOwn(parent, key)) {
        this.#miss(at, parent.length, origin);
        return undefined;
      }
      if (index === place.length - 1) break;
      this.#exclude(at);
      let next = read(parent, key);
      if (typeof next !== 'object' || next === null) {
        next = {};
        write(parent, key, next);
        this.#mark(at, origin);
      }
      parent = next as object;
    }
    return { parent, key: place.at(-1)! };
  }

  /** Overrides never extend a list: a wrong index would leave gaps in it. */
  #miss(path: Place, length: number, origin: Origin): void {
    this.#mark(path, origin);
    const expected =
      length === 0 ? 'an override of the whole list, as it is empty' : `an index from 0 to ${length - 1}`;
    this.#violations.push({ path, problem: { what: 'the list has no such entry', expected } });
  }

  #exclude(place: Place): void {
    for (const path of this.#exclusions.get(place.join('.')) ?? []) {
      const excluded = parsePath(path);
      const key = keyOf(excluded);
      if (this.#fresh.has(key)) continue;
      // Of several overrides that exclude it, the last one is in force.
      if (this.#excluders.has(key) || valueAt(this.document, excluded) !== undefined)
        this.#excluders.set(key, place);
      this.remove(excluded);
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
