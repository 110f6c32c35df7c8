/** @module Decisions of a check against what was expected, from the counted cells of identity, kind of call and instance. */
import { byName } from '../../recording/counts.ts';
import type { AuthCounts, DecisionCell } from '../../recording/measure/auth-counts.ts';
import type { AuthFigures } from './auth-figures.ts';

type Decision = 'allowed' | 'unauthorized' | 'forbidden';
const DECISIONS: readonly Decision[] = ['allowed', 'unauthorized', 'forbidden'];

/** The decision that is right. */
const RIGHT: Readonly<Record<DecisionCell['expected'], Decision>> = {
  allow: 'allowed',
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
};

type Decided = Pick<DecisionCell, Decision>;

const callsOf = (cell: Decided): number => cell.allowed + cell.unauthorized + cell.forbidden;
type Judged = Decided & Pick<DecisionCell, 'expected'>;
/** Calls that were allowed, and should not have been. */
export const wrongAllow = (cell: Judged): number => (cell.expected === 'allow' ? 0 : cell.allowed);
/** Calls that were refused, and should not have been. */
export const wrongDeny = (cell: Judged): number =>
  cell.expected === 'allow' ? cell.unauthorized + cell.forbidden : 0;
/** Calls that were refused as they should be, with the status of another reason. */
export const wrongStatus = ({ expected, unauthorized, forbidden }: Judged): number =>
  expected === 'unauthorized' ? forbidden : expected === 'forbidden' ? unauthorized : 0;

const sumOf = <T>(list: readonly T[], value: (one: T) => number): number =>
  list.reduce((sum, one) => sum + value(one), 0);

/** The totals of all cells. */
export function decisionFigures({ cells, expiredInUse, unjudged = 0 }: AuthCounts): AuthFigures['decisions'] {
  return {
    allowed: sumOf(cells, (cell) => cell.allowed),
    denied: sumOf(cells, (cell) => cell.unauthorized + cell.forbidden),
    wrongAllow: sumOf(cells, wrongAllow),
    wrongDeny: sumOf(cells, wrongDeny),
    wrongStatus: sumOf(cells, wrongStatus),
    disagreeing: sumOf(groupsOf(cells, ['identity', 'event', 'call', 'expected']), disagreeing),
    expiredInUse,
    unjudged,
  };
}

/** One row for each identity, state of its rights, kind of call and expectation; instances together. */
export function decisionMatrix(cells: readonly DecisionCell[]): AuthFigures['matrix'] {
  return groupsOf(cells, ['identity', 'event', 'call', 'expected']).map((group) => {
    const { identity, event, call, expected } = group[0]!;
    const decided = decidedBy(group);
    return {
      identity,
      event,
      call,
      expected,
      ...decided,
      wrong: callsOf(decided) - decided[RIGHT[expected]],
    };
  });
}

/** Instances with wrong decisions, in the order of their names. Those that did not name themselves are left out. */
export function wrongByInstance(cells: readonly DecisionCell[]): AuthFigures['wrongByInstance'] {
  const named = cells.filter(({ instance }) => instance !== '');
  return groupsOf(named, ['instance'])
    .map((group) => ({
      name: group[0]!.instance,
      wrongAllow: sumOf(group, wrongAllow),
      wrongDeny: sumOf(group, wrongDeny),
    }))
    .filter((one) => one.wrongAllow + one.wrongDeny > 0)
    .sort(byName);
}

/**
 * Calls of one cell that were decided otherwise than by most instances, when instances differ: one decided so and another one never
 * did, or they mostly decided differently. What every instance did now and then, such as to allow calls until its cache
 * expired, is no disagreement. Instances that did not name themselves are left out.
 */
function disagreeing(cells: readonly DecisionCell[]): number {
  const instances = groupsOf(
    cells.filter((cell) => cell.instance !== '' && callsOf(cell) > 0),
    ['instance'],
  ).map(decidedBy);
  if (instances.length < 2) return 0;
  const usual = instances.map(mostOf);
  const majority = mostOf({
    allowed: usual.filter((one) => one === 'allowed').length,
    unauthorized: usual.filter((one) => one === 'unauthorized').length,
    forbidden: usual.filter((one) => one === 'forbidden').length,
  });
  const otherwise = instances.map((one) => callsOf(one) - one[majority]);
  const differ = otherwise.some((calls) => calls === 0) || new Set(usual).size > 1;
  return differ ? sumOf(otherwise, (calls) => calls) : 0;
}

/** The most frequent decision. Of equally frequent ones a refusal: what only some allow is suspicious. */
function mostOf(decided: Decided): Decision {
  return (['forbidden', 'unauthorized', 'allowed'] as const).reduce((most, one) =>
    decided[one] > decided[most] ? one : most,
  );
}

function decidedBy(cells: readonly DecisionCell[]): Readonly<Record<Decision, number>> {
  return Object.fromEntries(DECISIONS.map((one) => [one, sumOf(cells, (cell) => cell[one])])) as Record<
    Decision,
    number
  >;
}

/** Groups of cells with the same values of `keys`, in the order of their first appearance. */
function groupsOf(
  cells: readonly DecisionCell[],
  keys: readonly (keyof DecisionCell)[],
): readonly (readonly DecisionCell[])[] {
  const groups = new Map<string, DecisionCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify(keys.map((one) => cell[one]));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()];
}
