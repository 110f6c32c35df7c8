/** @module `paceline compare BASE CANDIDATE...`: what changed between results, and whether it is certain. */
import { COMPARISON_FORMATS, type ComparisonFormat } from '../report/regression/formats.ts';
import { readResult } from '../result/file.ts';
import { compareResults } from '../result/regression/compare-results.ts';
import type { ChangeVerdict } from '../result/regression/document.ts';
import { type Measured, measuredSide } from '../result/regression/sides.ts';
import { systemClock } from '../units/clock.ts';
import { EXIT } from './exit.ts';
import { resultsIn } from './results-in.ts';
import { openTerminal } from './terminal.ts';

export interface CompareOptions {
  /** A share. */
  readonly minEffect: number;
  readonly headline?: string;
  readonly json: boolean;
  readonly format: ComparisonFormat;
  readonly acceptUnlike: boolean;
}

/** The first of these that any comparison ended with decides the exit code. */
const EXITS: readonly (readonly [ChangeVerdict, number])[] = [
  ['regressed', EXIT.regression],
  ['undecided', EXIT.inconclusive],
];

/** Compares each of `candidates` with `base`, prints what changed, and resolves with the exit code. */
export async function compareCommand(
  base: string,
  candidates: readonly string[],
  options: CompareOptions,
): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: false });
  const before = await sideAt(base);
  const after = await Promise.all(candidates.map(sideAt));
  const documents = after.map((side) =>
    compareResults(before, side, {
      minEffect: options.minEffect,
      headline: options.headline,
      acceptsUnlike: options.acceptUnlike,
      createdAt: systemClock.date(),
    }),
  );
  const render = COMPARISON_FORMATS[options.json ? 'json' : options.format];
  for (const document of documents) await terminal.print(await render(document));
  const found = EXITS.find(([status]) => documents.some(({ verdict }) => verdict.status === status));
  return found?.[1] ?? EXIT.pass;
}

async function sideAt(path: string): Promise<Measured> {
  const files = await resultsIn(path);
  const documents = await Promise.all(files.map(readResult));
  return measuredSide(
    path,
    files.map((file, at) => ({ path: file, document: documents[at]! })),
  );
}
