/** @module `paceline compare BASE CANDIDATE...`, or `--baseline` in place of BASE: what changed between results, and whether it is certain. */
import { RENDERERS } from '../report/regression/formats.ts';
import { comparisonMarkdown } from '../report/regression/markdown.ts';
import type { ComparisonFormat } from '../report/regression/names.ts';
import { readResult } from '../result/file.ts';
import { checkHistory } from '../result/history/check-history.ts';
import { type MeasuredResult, readMeasured } from '../result/measured-result.ts';
import type { Budget } from '../result/regression/budget.ts';
import { compareResults } from '../result/regression/compare-results.ts';
import type { ComparisonDocument } from '../result/regression/document.ts';
import { headlinePath } from '../result/regression/headline-path.ts';
import { sharedProblems, variantProblems } from '../result/regression/side-problems.ts';
import { type Measured, measuredSide, type ResultFile } from '../result/regression/sides.ts';
import { systemClock } from '../units/clock.ts';
import { describeProblem, UserError } from '../units/user-error.ts';
import { baselineOf, NoBaseline } from './baseline-sides.ts';
import { readBudget } from './budget-flag.ts';
import { ciReportUrl } from './ci-report-url.ts';
import { writeComparisons } from './comparison-files.ts';
import { EXIT, exitCodeOfChanges } from './exit.ts';
import { resultsIn } from './results-in.ts';
import { appendStepSummary } from './step-summary.ts';
import { openTerminal } from './terminal.ts';

export interface CompareOptions {
  /** A share. */
  readonly minEffect: number;
  /** In the words of thresholds, or a path into a summary. */
  readonly headline?: string | undefined;
  readonly json: boolean;
  readonly format: ComparisonFormat;
  readonly acceptUnlike: boolean;
  /** A folder that gets the comparison in every format. */
  readonly out?: string;
  /** The branch or name of the baseline; `true`: that of the branch that changes are compared with. */
  readonly baseline?: string | true;
  readonly baselineDir: string;
  /** Tells the comments of several workloads apart. */
  readonly commentKey?: string;
  /** Linked in the comment. */
  readonly reportUrl?: string;
  /** Whether a comparison for which no baseline is stored passes. */
  readonly allowNoBaseline: boolean;
  /** `default`, `strict`, or a file. */
  readonly budget?: string;
}

/** The options, with what `--budget` stands for. */
interface Judging extends CompareOptions {
  readonly judgedBy: Budget | undefined;
  /** Whether a format that was asked for shows distributions. */
  readonly keepsDistributions: boolean;
}

/** Compares each of the results after the first of `paths` with that, or all of them with their baselines; prints what changed, and resolves with the exit code. */
export async function compareCommand(paths: readonly string[], options: CompareOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: false });
  const budget = options.budget === undefined ? undefined : await readBudget(options.budget);
  const headline = options.headline === undefined ? undefined : headlinePath(options.headline);
  const { render, showsDistributions = false } = RENDERERS[options.json ? 'json' : options.format];
  const keepsDistributions = showsDistributions || options.out !== undefined;
  let documents: readonly ComparisonDocument[];
  try {
    documents = await comparisonsOf(paths, { ...options, headline, judgedBy: budget, keepsDistributions });
  } catch (error) {
    if (!(options.allowNoBaseline && error instanceof NoBaseline)) throw error;
    for (const problem of error.problems) terminal.say(`note: ${describeProblem(problem)}`);
    return EXIT.pass;
  }
  const context = {
    commentKey: options.commentKey,
    reportUrl: options.reportUrl ?? ciReportUrl(process.env),
  };
  for await (const piece of render(documents, context)) await terminal.print(piece);
  if (options.format === 'github') await appendStepSummary(comparisonMarkdown(documents));
  const written = options.out === undefined ? [] : await writeComparisons(documents, options.out, context);
  for (const path of written) terminal.say(`written: ${path}`);
  return exitCodeOfChanges(documents.map(({ verdict }) => verdict.status));
}

function comparisonsOf(paths: readonly string[], options: Judging): Promise<readonly ComparisonDocument[]> {
  const { baseline } = options;
  if (baseline === undefined) return withFirst(paths, options);
  // Of `--baseline RESULT`, the result is no branch: nothing else would be compared.
  const isResult = paths.length === 0 && baseline !== true;
  const candidates = isResult ? [baseline] : paths;
  if (candidates.length === 0) throw missing('a candidate', 'paceline compare --baseline CANDIDATE');
  const reference = isResult || baseline === true ? undefined : baseline;
  return Promise.all(candidates.map((path) => withBaseline(path, reference, options)));
}

async function withFirst(
  [base, ...candidates]: readonly string[],
  options: Judging,
): Promise<readonly ComparisonDocument[]> {
  if (base === undefined || candidates.length === 0)
    throw missing(
      base === undefined ? 'a base and a candidate' : 'a candidate',
      'paceline compare BASE CANDIDATE, or --baseline in place of BASE',
    );
  const before = await sideAt(base);
  const documents: ComparisonDocument[] = [];
  // One after the other: no more than two sides are in memory at a time.
  for (const path of candidates) documents.push(compared(before, await sideAt(path), options));
  return documents;
}

async function withBaseline(
  path: string,
  reference: string | undefined,
  options: Judging,
): Promise<ComparisonDocument> {
  const files = await filesAt(path, readResult);
  const latest = files.reduce((one, other) =>
    one.document.createdAt < other.document.createdAt ? other : one,
  );
  const { label, base, earlier } = await baselineOf(latest, { reference, dir: options.baselineDir });
  const document = compared(sideOf(label, [base]), sideOf(path, files), options);
  const before = earlier.map((one) => one.document);
  return { ...document, history: [...checkHistory(document.changes, latest.document, before)] };
}

/** Throws a `UserError` when the sides share a result, or have no variant in common. */
function compared(base: FilesOfSide, candidate: FilesOfSide, options: Judging): ComparisonDocument {
  const problems = [
    ...sharedProblems(base.files, candidate.files),
    ...variantProblems(base.measured, candidate.measured),
  ];
  if (problems.length > 0) throw new UserError(problems);
  return compareResults(base.measured, candidate.measured, {
    minEffect: options.minEffect,
    headline: options.headline,
    budget: options.judgedBy,
    acceptsUnlike: options.acceptUnlike,
    keepsDistributions: options.keepsDistributions,
    createdAt: systemClock.date(),
  });
}

/** A side with the results that it was made of. */
interface FilesOfSide {
  readonly files: readonly ResultFile<MeasuredResult>[];
  readonly measured: Measured;
}

const sideOf = (label: string, files: FilesOfSide['files']): FilesOfSide => ({
  files,
  measured: measuredSide(label, files),
});

async function filesAt<Document extends MeasuredResult>(
  path: string,
  read: (path: string) => Promise<Document>,
): Promise<readonly ResultFile<Document>[]> {
  const files = await resultsIn(path);
  const documents = await Promise.all(files.map(read));
  return files.map((file, at) => ({ path: file, document: documents[at]! }));
}

const sideAt = async (path: string): Promise<FilesOfSide> => sideOf(path, await filesAt(path, readMeasured));

const missing = (which: string, expected: string): UserError =>
  new UserError({ where: 'paceline compare', what: `needs ${which}`, expected });
