/** @module The problems of a profile and its variants: each once, in the order of the text, with the affected variants. */
import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../units/user-error.ts';
import { inVariants } from '../in-variants.ts';
import { type Place, placeBelow } from '../place.ts';
import type { PlacedProblem } from './errors.ts';
import type { Format } from './format.ts';
import { shownPlace } from './secrets.ts';
import type { Source } from './source.ts';
import type { TracedDocument } from './traced-document.ts';

interface Found {
  readonly line: number;
  readonly column: number;
  /** The text before the path in a message: a flag, or a position in the file. */
  readonly at: string;
  readonly traced: TracedDocument;
  readonly placed: PlacedProblem;
  /** Names of the affected variants; `undefined`: the problem does not depend on the variant. */
  readonly names: string[] | undefined;
}

/** Collects problems and returns them as messages. */
export class FoundProblems {
  readonly #source: Source;
  /** Grouped by the text before the path, so that each problem is compared with few others. */
  readonly #found = new Map<string, Found[]>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** `name` is the affected variant; absent: the problem does not depend on the variant. */
  add(traced: TracedDocument, placed: PlacedProblem, name?: string): void {
    const { line, column, at } = this.#position(traced, placed);
    const there = listAt(this.#found, at);
    const known = there.find(
      (each) =>
        isDeepStrictEqual(each.placed.place, placed.place) &&
        isDeepStrictEqual(each.placed.problem, placed.problem),
    );
    if (known === undefined)
      there.push({ line, column, at, traced, placed, names: name === undefined ? undefined : [name] });
    else if (name !== undefined) known.names?.push(name);
  }

  /** The messages, for a profile with this number of variants. */
  messages(variants: number, format: Format): readonly Problem[] {
    const sorted = [...this.#found.values()].flat().sort((a, b) => a.line - b.line || a.column - b.column);
    return withoutRepeats(sorted.map((found) => messageOf(found, variants, format)));
  }

  #position(
    traced: TracedDocument,
    { place, part, problem }: PlacedProblem,
  ): Pick<Found, 'line' | 'column' | 'at'> {
    const origin = traced.originOf(place);
    if (origin.kind === 'flag') return { line: 0, column: 0, at: `${origin.flag}: ` };
    const { line, column } = this.#source.at(origin.place, part, problem.offset);
    return { line, column, at: `${this.#source.file}:${line}:${column} ` };
  }
}

function messageOf({ at, traced, placed, names = [] }: Found, variants: number, format: Format): Problem {
  // A problem in the shared part that affects every variant does not depend on the variant.
  const everywhere = names.length === variants && !fromVariant(traced, placed, format);
  const path = placeBelow('', shownPlace(placed.place, format)) || 'the profile';
  const { settable, ...problem } = placed.problem;
  const where = `${at}${path}${inVariants(everywhere ? [] : names)}`;
  if (settable === undefined) return { where, ...problem };
  const example = `for example --set ${flagPath(traced, placed.place)}=${settable}`;
  return { where, ...problem, todo: problem.todo === undefined ? example : `${problem.todo}; ${example}` };
}

/** The path with which `--set` reaches `place`: within the list of variants where one of them has set it. */
function flagPath(traced: TracedDocument, place: Place): string {
  const origin = traced.originOf(place);
  return (origin.kind === 'file' ? origin.place : place).join('.');
}

function fromVariant(traced: TracedDocument, { place }: PlacedProblem, { variantsKey }: Format): boolean {
  const origin = traced.originOf(place);
  return origin.kind === 'file' && origin.place[0] === variantsKey && place[0] !== variantsKey;
}

/** Different places may be shown alike, and several flags may have the same problem. */
export function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = new Map<string, Problem[]>();
  for (const problem of problems) {
    const there = listAt(byPlace, problem.where);
    if (!there.some((each) => isDeepStrictEqual(each, problem))) there.push(problem);
  }
  return [...byPlace.values()].flat();
}

/** The list under `key`, created when missing. */
function listAt<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
