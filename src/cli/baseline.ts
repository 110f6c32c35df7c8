/** @module `paceline baseline save|list`: keeps results, by branch, workload and machine, for later runs to be compared with. */
import { branchHere } from '../experiment/history/git.ts';
import { listBaselines, type StoredBaseline, saveBaseline } from '../experiment/history/store.ts';
import { columns } from '../report/format/columns.ts';
import { plain, plural } from '../report/wording.ts';
import type { ResultDocument } from '../result/document.ts';
import { readResult } from '../result/file.ts';
import { keyOf, machineText } from '../result/history/identity.ts';
import { revisionText } from '../result/revision.ts';
import { systemClock } from '../units/clock.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { cannotWrite } from './folder.ts';
import { resultIn } from './results-in.ts';
import { openTerminal } from './terminal.ts';

export interface BaselineSaveOptions {
  readonly name?: string;
  readonly branch?: string;
  readonly dir: string;
  readonly keep: number;
}

/** Stores a copy of the result file at `path`, or in that folder; resolves with the exit code. */
export async function baselineSave(path: string, options: BaselineSaveOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: false });
  const { name, dir, keep } = options;
  const file = await resultIn(path);
  const document = await readResult(file);
  refuseUseless(file, document);
  const branch = options.branch ?? (await branchHere()) ?? refuseNoBranch();
  const { stored, removed } = await saveBaseline(dir, file, document, {
    branch,
    name,
    keep,
    savedAt: systemClock.date(),
  }).catch((cause: unknown) => {
    throw cause instanceof UserError ? cause : cannotWrite(dir, cause, '--dir');
  });
  for (const caveat of caveatsOf(document)) terminal.say(`note: ${caveat}`);
  terminal.tell(`saved: ${stored.folder}`);
  terminal.tell(
    `branch ${plain(branch)}, workload ${stored.workload}, machine ${machineText(stored.machine)}`,
  );
  if (removed.length > 0)
    terminal.tell(`removed ${plural(removed.length, 'older result')}: --keep is ${keep}`);
  return EXIT.pass;
}

/** Prints what is stored below `dir`; resolves with the exit code. */
export async function baselineList({
  dir,
  json,
}: {
  readonly dir: string;
  readonly json: boolean;
}): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: json });
  const baselines = await listBaselines(dir);
  if (json) {
    const listed = { schema: 'paceline/baselines@1', baselines };
    await terminal.print(`${JSON.stringify(listed, null, 2)}\n`);
  } else if (baselines.length === 0) {
    terminal.tell(`no baselines in ${dir}; paceline baseline save RESULT stores one`);
  } else for (const line of listLines(baselines)) terminal.tell(line);
  return EXIT.pass;
}

/** The results of each branch and key below a line that says what they are of. */
function listLines(baselines: readonly StoredBaseline[]): readonly string[] {
  const groupOf = (one: StoredBaseline): string => `${one.branch}\n${keyOf(one)}`;
  const groups = [...new Set(baselines.map(groupOf))].map((key) =>
    baselines.filter((one) => groupOf(one) === key),
  );
  return groups.flatMap((group, place) => {
    const { branch, title, workload, machine } = group.at(-1)!;
    const rows = group.map((one) => [
      `  ${one.createdAt.slice(0, 16).replace('T', ' ')}`,
      one.revision === undefined ? '' : revisionText(one.revision),
      plain(one.name ?? ''),
      one.folder,
    ]);
    return [
      ...(place === 0 ? [] : ['']),
      `${plain(branch)}: ${plain(title) || 'profile without a title'}, workload ${workload}`,
      `  ${machineText(machine)}`,
      ...columns(rows, [0, 1, 2, 3]),
    ];
  });
}

/** Throws a {@link UserError} for a result with which no other could be compared. */
function refuseUseless(file: string, { variants }: ResultDocument): void {
  const problems = variants.flatMap(({ name, summary, repetitions }) => {
    const of = name === '' ? '' : `variant "${name}": `;
    if (!repetitions.some(({ complete }) => complete)) return `${of}no repetition ran to the end`;
    return summary === null || summary.calls.ok === 0 ? `${of}not one call ended ok` : [];
  });
  if (problems.length === 0) return;
  throw new UserError(
    problems.map((what) => ({ where: file, what, expected: 'a result with which others can be compared' })),
  );
}

/** What makes comparisons with this result weaker, as clauses. */
function caveatsOf({ complete, variants }: ResultDocument): readonly string[] {
  const isBound = variants.some(({ repetitions }) => repetitions.some(({ generator }) => generator.bound));
  return [
    ...(complete ? [] : ['not all trials of this result ran to the end']),
    ...(isBound ? ['the generator was the bottleneck in a repetition: comparisons stay undecided'] : []),
  ];
}

function refuseNoBranch(): never {
  throw new UserError({
    where: '--branch',
    what: 'the branch is not known: no branch is checked out here, and no CI system names one',
    todo: 'give --branch NAME',
  });
}
