/** @module The sides of a comparison: the results that the user names, checked. */
import { UserError } from '../../units/user-error.ts';
import type { MeasuredResult } from '../measured-result.ts';
import { type Measured, type ResultFile, takenTogether } from './measured.ts';
import { sideProblems } from './side-problems.ts';

export type { Measured, ResultFile, SideVariant } from './measured.ts';

/**
 * The results of `files` as one side, which people call `label`. The first result says how it was run. Throws a `UserError` when there is none,
 * when one cannot be used, or when they cannot be taken together.
 */
export function measuredSide(label: string, files: readonly ResultFile<MeasuredResult>[]): Measured {
  const inOrder = [...files].sort((a, b) => (a.document.createdAt < b.document.createdAt ? -1 : 1));
  const [first, ...others] = inOrder;
  if (first === undefined) {
    throw new UserError({
      where: label,
      what: 'holds no result',
      expected: 'a result.json written by paceline run, or a folder with such files',
    });
  }
  const problems = sideProblems(inOrder);
  if (problems.length > 0) throw new UserError(problems);
  return takenTogether(label, [first, ...others]);
}
