/** @module The sides of a comparison: the results that the user names, taken together. */
import { UserError } from '../../units/user-error.ts';
import type { ResultDocument, VariantResult } from '../document.ts';
import type { MeasuredRepetition, MeasuredResult } from '../measured-result.ts';
import { revisionText } from '../revision.ts';
import type { Side } from './document.ts';

/** A result with the file it was read from. */
export interface ResultFile<Document extends MeasuredResult = ResultDocument> {
  readonly path: string;
  readonly document: Document;
}

/** A variant of one side, with the repetitions of all its results that ran to the end, in the order in which they were run. */
export interface SideVariant extends Pick<VariantResult, 'name' | 'settings'> {
  readonly repetitions: readonly MeasuredRepetition[];
}

/** One side: what it is, and what was measured. */
export interface Measured {
  readonly side: Side;
  readonly profile: MeasuredResult['profile'];
  readonly variants: readonly SideVariant[];
}

/**
 * The results of `files` as one side, which people call `label`. The first result says how it was run. Throws a `UserError` when there is none,
 * or when the results are of different variants.
 */
export function measuredSide(label: string, files: readonly ResultFile<MeasuredResult>[]): Measured {
  const inOrder = [...files].sort((a, b) => (a.document.createdAt < b.document.createdAt ? -1 : 1));
  const [first] = inOrder;
  if (first === undefined) {
    throw new UserError({
      where: label,
      what: 'holds no result',
      expected: 'a result.json written by paceline run, or a folder with such files',
    });
  }
  const { document } = first;
  for (const other of inOrder) refuseOtherVariants(first, other);
  const variants = document.variants.map(({ name, settings }) => ({
    name,
    settings,
    repetitions: inOrder.flatMap((one) => repetitionsOf(one.document, name)),
  }));
  return {
    profile: document.profile,
    side: {
      label,
      files: inOrder.map(({ path }) => path),
      createdAt: document.createdAt,
      paceline: document.paceline,
      seed: document.seed,
      machine: document.machine,
      ...(document.command && { command: document.command }),
      ...(document.revision && { revision: revisionText(document.revision) }),
      repetitions: Math.min(...variants.map(({ repetitions }) => repetitions.length)),
      isComplete: inOrder.every((one) => one.document.complete),
    },
    variants,
  };
}

/** Those of a variant that ran to the end. */
const repetitionsOf = ({ variants }: MeasuredResult, name: string): readonly MeasuredRepetition[] =>
  variants
    .filter((variant) => variant.name === name)
    .flatMap(({ repetitions }) => repetitions.filter(({ complete }) => complete));

function refuseOtherVariants(first: ResultFile<MeasuredResult>, other: ResultFile<MeasuredResult>): void {
  const names = ({ document }: ResultFile<MeasuredResult>): string =>
    document.variants.map(({ name }) => `"${name}"`).join(', ');
  if (names(first) === names(other)) return;
  throw new UserError({
    where: other.path,
    what: `has the variants ${names(other)}, and ${first.path} has ${names(first)}`,
    expected: 'results of the same variants, since their repetitions are taken together',
    todo: 'name one of the files instead of the folder',
  });
}
