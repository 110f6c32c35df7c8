/** @module Checks the document and each of its variants, and reports all problems at once, each once. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Problem } from '../../units/user-error.ts';
import { inVariants } from '../in-variants.ts';
import { placeBelow } from '../place.ts';
import { isMapping, type Mapping, type Violation } from '../section/values.ts';
import { type PlacedProblem, problemsOf } from './errors.ts';
import type { Flags } from './flags.ts';
import type { Format } from './format.ts';
import { shownPlace } from './secrets.ts';
import type { Source } from './source.ts';
import type { TracedDocument } from './traced-document.ts';
import { type Merged, misplacedOverrides } from './variants.ts';

export interface Checked extends Merged {
  /** With the defaults of all schemas; absent when there are problems. */
  readonly profile: Mapping | undefined;
  readonly problems: readonly PlacedProblem[];
}

/** Checks a variant against the schema. */
export function check(variant: Merged, format: Format): Checked {
  const { data, error } = format.schema.safeParse(variant.traced.document);
  const profile = isMapping(data) ? data : undefined;
  return { ...variant, profile, problems: problemsIn(variant.traced, error, format) };
}

function problemsIn(
  { document, violations }: TracedDocument,
  error: z.ZodError | undefined,
  format: Format,
): readonly PlacedProblem[] {
  return [...violations.map(placed), ...problemsOf(error?.issues ?? [], document, format)];
}

const placed = ({ path, problem }: Violation): PlacedProblem => ({
  place: path,
  part: 'value',
  resolvable: false,
  problem,
});

/** A problem, where it was written, and the variants that have it. */
interface Found {
  readonly line: number;
  readonly column: number;
  /** What precedes the path in a message: a flag, or a position in the file. */
  readonly at: string;
  readonly traced: TracedDocument;
  readonly placed: PlacedProblem;
  readonly names: string[];
  /** It is there whatever a variant says: reported without names of variants. */
  readonly shared: boolean;
}

/** Every problem of the profile in the order of the text, each once, naming the variants that it depends on. */
export function collectProblems(
  source: Source,
  base: TracedDocument,
  checked: readonly Checked[],
  flags: Flags,
  format: Format,
): readonly Problem[] {
  const found = new FoundProblems(source);
  for (const problem of baseProblems(base, format)) found.add(base, problem);
  for (const violation of violationsOverVariants(base, checked, format)) found.add(base, placed(violation));
  for (const { traced, problems, name } of checked)
    for (const problem of problems) found.add(traced, problem, name);
  const problems = found.all.map((each) => worded(each, checked.length, format));
  return [...idleFlags(checked, flags), ...withoutRepeats(problems)];
}

/** Problems by position, so that each is compared with few others. */
class FoundProblems {
  readonly #source: Source;
  readonly #byPosition = new Map<string, Found[]>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Without a name it is shared by all variants. */
  add(traced: TracedDocument, placed: PlacedProblem, name?: string): void {
    const origin = traced.originOf(placed.place);
    const { file } = this.#source;
    const { line, column } =
      origin.kind === 'flag' ? { line: 0, column: 0 } : this.#source.at(origin.place, placed.part);
    const at = origin.kind === 'flag' ? `${origin.flag}: ` : `${file}:${line}:${column} `;
    const there = this.#byPosition.get(at) ?? [];
    this.#byPosition.set(at, there);
    const known = there.find(
      (each) =>
        isDeepStrictEqual(each.placed.place, placed.place) &&
        isDeepStrictEqual(each.placed.problem, placed.problem),
    );
    if (known === undefined)
      there.push({
        line,
        column,
        at,
        traced,
        placed,
        names: name === undefined ? [] : [name],
        shared: name === undefined,
      });
    else if (name !== undefined && !known.shared) known.names.push(name);
  }

  /** In the order of the text. */
  get all(): readonly Found[] {
    return [...this.#byPosition.values()].flat().sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** Problems of the document itself; those that a variant may resolve are left to the variants. */
function baseProblems(base: TracedDocument, format: Format): readonly PlacedProblem[] {
  const { error } = format.schema.safeParse(base.document);
  const own = problemsIn(base, error, format).filter(
    ({ resolvable, place }) => !resolvable || place[0] === format.variantsKey,
  );
  const misplaced = misplacedOverrides(base.document, format).map(
    ({ place, key }): PlacedProblem => ({
      place,
      part: 'key',
      resolvable: false,
      problem: { what: `${key} holds for all variants`, todo: 'set it at the top of the profile' },
    }),
  );
  return [...own, ...misplaced];
}

/** Violations of keys that hold for all variants and may name any of them. */
function violationsOverVariants(
  base: TracedDocument,
  checked: readonly Checked[],
  { sections }: Format,
): readonly Violation[] {
  const variants = checked.map(({ name, traced }) => ({ name, profile: traced.document }));
  return Object.entries(sections).flatMap(([key, section]) =>
    section.scope === 'profile' ? (section.ruleOverVariants?.(base.document[key], { variants }) ?? []) : [],
  );
}

function worded({ at, traced, placed, names }: Found, variants: number, format: Format): Problem {
  // What is written in the shared part and wrong in every variant is not a matter of variants.
  const everywhere = names.length === variants && !fromVariant(traced, placed, format);
  const path = placeBelow('', shownPlace(placed.place, format)) || 'the profile';
  return { where: `${at}${path}${inVariants(everywhere ? [] : names)}`, ...placed.problem };
}

function fromVariant(traced: TracedDocument, { place }: PlacedProblem, { variantsKey }: Format): boolean {
  const origin = traced.originOf(place);
  return origin.kind === 'file' && origin.place[0] === variantsKey && place[0] !== variantsKey;
}

/** Two places may be shown alike. */
function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = new Map<string, Problem[]>();
  for (const problem of problems) {
    const there = byPlace.get(problem.where) ?? [];
    byPlace.set(problem.where, there);
    if (!there.some((each) => isDeepStrictEqual(each, problem))) there.push(problem);
  }
  return [...byPlace.values()].flat();
}

/** Flags without the key that they need. */
function idleFlags(checked: readonly Checked[], { changes }: Flags): readonly Problem[] {
  const idle = changes.flatMap(({ needs }) =>
    needs === undefined || checked.some(({ traced }) => traced.document[needs.key] !== undefined)
      ? []
      : needs.problem,
  );
  return withoutRepeats(idle);
}
