/** @module The commands that measure the sides of a comparison, and compare them. */
import type { ComparisonDocument, Side } from '../../result/regression/document.ts';
import { commandLine } from '../reproduction.ts';

/** The command that measured a side, `which`, below a comment that says so; none where it is not known. */
export const measurementCommand = (which: string, { command }: Side): readonly string[] =>
  command === undefined ? [] : [`# ${which}`, commandLine(command)];

/** The label of a baseline is no path. */
const pathOf = ({ files, label }: Side): string => (files.length === 1 ? files[0]! : label);

/** The command that compares them again. */
export const comparisonCommand = ({ base, candidate, minEffect, budget }: ComparisonDocument): string =>
  commandLine([
    ...['compare', pathOf(base), pathOf(candidate), '--min-effect', String(minEffect)],
    ...(budget === undefined ? [] : ['--budget', budget]),
  ]);
