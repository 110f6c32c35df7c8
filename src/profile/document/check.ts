/** @module Checks the document and each of its variants, and reports all problems together, each only once. */
import type { z } from 'zod';
import type { Problem } from '../../units/user-error.ts';
import { parsePath } from '../place.ts';
import type { AllVariants } from '../section/section.ts';
import { isMapping, type Mapping, type Violation } from '../section/values.ts';
import { type PlacedProblem, problemsOf } from './errors.ts';
import type { Flags } from './flags.ts';
import type { Format } from './format.ts';
import { FoundProblems, withoutRepeats } from './found-problems.ts';
import type { Source } from './source.ts';
import type { TracedDocument } from './traced-document.ts';
import { type Merged, misplacedOverrides } from './variants.ts';

export interface Checked extends Merged {
  /** The document with the defaults of all schemas; absent when there are problems. */
  readonly profile: Mapping | undefined;
  readonly problems: readonly PlacedProblem[];
}

/** A profile is checked a few times: to compile the schema to code would take longer. */
const ONCE = { jitless: true };

/** Checks a variant against the schema. */
export function check(variant: Merged, format: Format): Checked {
  const { data, error } = format.schema.safeParse(variant.traced.document, ONCE);
  const profile = isMapping(data) ? data : undefined;
  return { ...variant, profile, problems: problemsIn(variant.traced, error, format) };
}

function problemsIn(
  traced: TracedDocument,
  error: z.ZodError | undefined,
  format: Format,
): readonly PlacedProblem[] {
  const { document, violations } = traced;
  return [...violations.map(placed), ...problemsOf(error?.issues ?? [], document, format)].map((problem) =>
    ofOverride(problem, traced),
  );
}

/** A key that is missing because an override removed the one in its stead: a problem of the override. */
function ofOverride(placed: PlacedProblem, traced: TracedDocument): PlacedProblem {
  const { unless, ...problem } = placed.problem;
  const excluder = unless && traced.excluderOf(parsePath(unless.path));
  if (unless === undefined || excluder === undefined) return { ...placed, problem };
  const missing = placed.place.join('.');
  const what = `excludes ${unless.path}, without which ${missing} ${problem.what}`;
  const todo = `leave ${excluder.join('.')} out, or set ${missing}, too; ${unless.hint}`;
  return { ...placed, place: excluder, problem: { what, todo } };
}

const placed = ({ path, problem }: Violation): PlacedProblem => ({
  place: path,
  part: 'value',
  resolvable: false,
  problem,
});

/** Every problem of the profile in the order of the text, each once, with the names of the affected variants. */
export function collectProblems(
  source: Source,
  base: TracedDocument,
  checked: readonly Checked[],
  flags: Flags,
  format: Format,
  metrics: AllVariants['metrics'],
): readonly Problem[] {
  const found = new FoundProblems(source);
  for (const problem of baseProblems(base, format)) found.add(base, problem);
  for (const violation of violationsOverVariants(base, checked, format, metrics))
    found.add(base, placed(violation));
  for (const { traced, problems, name } of checked)
    for (const problem of problems)
      found.add(traced, problem, listsVariants(base, format) ? name : undefined);
  return [...idleFlags(checked, flags), ...found.messages(checked.length, format)];
}

const listsVariants = ({ document }: TracedDocument, { variantsKey }: Format): boolean =>
  document[variantsKey] !== undefined;

/**
 * Problems of the document itself, except those that a variant may resolve: these are checked per variant. None where no variants are
 * listed: the only variant is the document itself.
 */
function baseProblems(base: TracedDocument, format: Format): readonly PlacedProblem[] {
  if (!listsVariants(base, format)) return [];
  const { error } = format.schema.safeParse(base.document, ONCE);
  const own = problemsIn(base, error, format).filter(
    ({ resolvable, place }) => !resolvable || place[0] === format.variantsKey,
  );
  const misplaced = misplacedOverrides(base.document, format).map(
    ({ place, key }): PlacedProblem => ({
      place,
      part: 'key',
      resolvable: false,
      problem: { what: `${key} applies to all variants`, todo: 'set it at the top level of the profile' },
    }),
  );
  return [...own, ...misplaced];
}

/** Violations of keys that apply to all variants and may refer to any of them. */
function violationsOverVariants(
  base: TracedDocument,
  checked: readonly Checked[],
  { sections }: Format,
  metrics: AllVariants['metrics'],
): readonly Violation[] {
  const variants = checked.map(({ name, traced }) => ({ name, profile: traced.document }));
  return Object.entries(sections).flatMap(([key, section]) =>
    section.scope === 'profile'
      ? (section.ruleOverVariants?.(base.document[key], { variants, metrics }) ?? [])
      : [],
  );
}

/** Problems of flags that have no effect because the key they need is missing. */
function idleFlags(checked: readonly Checked[], { changes }: Flags): readonly Problem[] {
  const idle = changes.flatMap(({ needs }) =>
    needs === undefined || checked.some(({ traced }) => traced.document[needs.key] !== undefined)
      ? []
      : needs.problem,
  );
  return withoutRepeats(idle);
}
