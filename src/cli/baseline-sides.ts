/** @module The base of a comparison from the stored baselines: the latest result of the candidate's own workload, machine class and branch. */
import { baseBranchHere } from '../experiment/history/git.ts';
import { listBaselines, resultFileOf, type StoredBaseline } from '../experiment/history/store.ts';
import { readResult } from '../result/file.ts';
import { identityOf, keyOf, machineText } from '../result/history/identity.ts';
import { measuredSide, type ResultFile } from '../result/regression/sides.ts';
import { unlikeSides } from '../result/regression/unlike.ts';
import { type Problem, UserError } from '../units/user-error.ts';

export interface BaselineQuery {
  /** A branch, or the name of a stored result; absent: the branch that changes are compared with. */
  readonly reference: string | undefined;
  readonly dir: string;
}

/** There is no baseline for a result, as in a first run. */
export class NoBaseline extends UserError {}

/** A baseline, and the results of its key and branch that are older than the candidate, the oldest first. */
export interface FoundBaseline {
  readonly label: string;
  readonly base: ResultFile;
  readonly earlier: readonly ResultFile[];
}

/**
 * The baseline of `candidate`. Rejects with {@link NoBaseline} when there is none, which says what is stored and how it differs: the first run of a
 * branch has none.
 */
export async function baselineOf(
  candidate: ResultFile,
  { reference, dir }: BaselineQuery,
): Promise<FoundBaseline> {
  const wanted = reference ?? baseBranchHere();
  const stored = await listBaselines(dir);
  const named = stored.filter(({ branch, name }) => branch === wanted || name === wanted);
  const found = named.filter((one) => isOfKey(one, candidate) && !isSame(one, candidate));
  const latest = found.at(-1);
  if (latest === undefined) throw await notFound(candidate, wanted, dir, stored);
  const earlier = stored.filter(
    (one) => one.branch === latest.branch && isOfKey(one, candidate) && !isSame(one, candidate),
  );
  const files = await Promise.all(earlier.map(read));
  return {
    label: `baseline ${latest.name ?? latest.branch} of ${latest.createdAt.slice(0, 16).replace('T', ' ')}`,
    base: files[earlier.indexOf(latest)]!,
    earlier: files,
  };
}

async function read(stored: StoredBaseline): Promise<ResultFile> {
  const path = resultFileOf(stored);
  return { path, document: await readResult(path) };
}

/** Whether it is of the same workload and machine class, and at least one variant is the same. */
function isOfKey(stored: StoredBaseline, { document }: ResultFile): boolean {
  if (keyOf(stored) !== keyOf(identityOf(document))) return false;
  const { variants } = document;
  return (
    (variants.length === 1 && stored.variants.length === 1) ||
    variants.some(({ name }) => stored.variants.includes(name))
  );
}

/** Whether it is a copy of the candidate, which would be compared with itself. */
const isSame = ({ createdAt, seed }: StoredBaseline, { document }: ResultFile): boolean =>
  createdAt === document.createdAt && seed === document.seed;

/** The error that says what was looked for, and of the latest result of each branch and key how it differs. */
async function notFound(
  candidate: ResultFile,
  wanted: string,
  dir: string,
  stored: readonly StoredBaseline[],
): Promise<NoBaseline> {
  const { workload, machine } = identityOf(candidate.document);
  const others = latestOfEach(stored);
  const problem: Problem = {
    where: '--baseline',
    what: `${dir} holds no baseline "${wanted}" of workload ${workload} on ${machineText(machine)}`,
    expected: `a branch or the name of a stored result${others.length === 0 ? ', and nothing is stored' : ''}`,
    todo: `in a first run, store this one: paceline baseline save ${candidate.path}`,
  };
  const differing = await Promise.all(
    others.map(async (one) => ({ where: one.folder, what: await differenceOf(one, candidate, wanted) })),
  );
  return new NoBaseline([problem, ...differing]);
}

function latestOfEach(stored: readonly StoredBaseline[]): readonly StoredBaseline[] {
  return [...new Map(stored.map((one) => [`${one.branch}\n${keyOf(one)}`, one])).values()];
}

/** In what a stored result differs from the one that was looked for, as a clause. */
async function differenceOf(stored: StoredBaseline, candidate: ResultFile, wanted: string): Promise<string> {
  const branch = stored.branch === wanted ? [] : [`is of branch "${stored.branch}"`];
  if (isSame(stored, candidate)) return [...branch, 'is the candidate itself'].join(', ');
  const other = identityOf(candidate.document);
  const machine =
    machineText(stored.machine) === machineText(other.machine)
      ? []
      : [`is of another machine, ${machineText(stored.machine)}`];
  if (stored.workload === other.workload && !isOfKey({ ...stored, ...other }, candidate))
    return [...branch, ...machine, 'has none of its variants'].join(', ');
  if (stored.workload === other.workload) return [...branch, ...machine].join(', ');
  const file = await read(stored);
  const [base, side] = [file, candidate].map((one) => measuredSide(one.path, [one]));
  const profile = unlikeSides(base!, side!)
    .filter(({ kind }) => kind === 'profile')
    .map((one) => `${one.what} is ${one.base} instead of ${one.candidate}`);
  return [...branch, ...machine, `is of another workload (${profile.join('; ')})`].join(', ');
}
