/** @module What was measured on one side of a comparison: results whose repetitions are taken together. */
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

/** The results of `files` as one side, without a check whether they can be taken together. The first says how it was run. */
export function takenTogether(
  label: string,
  [first, ...others]: readonly [ResultFile<MeasuredResult>, ...ResultFile<MeasuredResult>[]],
): Measured {
  const files = [first, ...others];
  const { document } = first;
  const variants = document.variants.map(({ name, settings }) => ({
    name,
    settings,
    repetitions: files.flatMap((one) => repetitionsOf(one.document, name)),
  }));
  return {
    profile: document.profile,
    side: {
      label,
      files: files.map(({ path }) => path),
      createdAt: document.createdAt,
      paceline: document.paceline,
      seed: document.seed,
      machine: document.machine,
      ...(document.command && { command: document.command }),
      ...(document.revision && { revision: revisionText(document.revision) }),
      repetitions: Math.min(...variants.map(({ repetitions }) => repetitions.length)),
      isComplete: files.every((one) => one.document.complete),
    },
    variants,
  };
}

/** Those of a variant that ran to the end. */
const repetitionsOf = ({ variants }: MeasuredResult, name: string): readonly MeasuredRepetition[] =>
  variants
    .filter((variant) => variant.name === name)
    .flatMap(({ repetitions }) => repetitions.filter(({ complete }) => complete));
