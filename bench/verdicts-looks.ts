/** @module Simulated comparisons that are looked at before all pairs are there: what looking costs, with spent levels and without. */
import { MINIMUM_CHANGE } from '../src/result/regression/compare-results.ts';
import type { ValuePair } from '../src/result/regression/judge-pairs.ts';
import { FAMILY_LEVEL } from '../src/result/statistics/holm.ts';
import { lookLevels } from '../src/result/statistics/spending.ts';
import { studentQuantile } from '../src/result/statistics/student.ts';
import type { Claim } from '../src/result/statistics/three-sided.ts';
import { type Random, randomAt } from '../src/units/random.ts';
import { normal } from './aa-simulation.ts';
import { goalOf } from './goal.ts';
import { allWithin } from './known-figures.ts';
import { claimOf, type Drawn, drawPair, type Part, percent } from './verdicts-pairs.ts';

/** The looks of `paceline ab`. */
export const LOOKS = [5, 10, 15, 20, 30];
const NOISES = [0.03, 0.05];
const CHANGES = [0, 0.02, MINIMUM_CHANGE, 0.1, 0.2];

/** How a comparison ended: what was claimed first, and after how many pairs. */
interface Ended {
  readonly claim: Claim | undefined;
  readonly pairs: number;
}

/** Looks with spent levels: what is claimed, and how many pairs it takes. */
export function spentLooks(runs: number): Part {
  const levels = lookLevels(LOOKS, FAMILY_LEVEL);
  const found = NOISES.flatMap((noise) =>
    CHANGES.map((change) => {
      const random = randomAt(2, 'service', Math.round(1e6 * change + 1e4 * noise));
      const ended = Array.from({ length: runs }, () => firstClaim({ change, noise }, levels, random));
      const shares = CLAIMS.map((claim) => ended.filter((one) => one.claim === claim).length / runs);
      return { noise, change, shares, pairs: ended.reduce((sum, { pairs }) => sum + pairs, 0) / runs };
    }),
  );
  const atMargin = found.filter(({ change }) => change === MINIMUM_CHANGE);
  return {
    tables: [
      {
        caption: `Looks at ${LOOKS.join(', ')} pairs, with a level of ${percent(FAMILY_LEVEL)} spent over them: the first claim`,
        head: ['noise of a pair', 'true change', 'regressed', 'improved', 'same', 'undecided', 'pairs, mean'],
        rows: found.map(({ noise, change, shares, pairs }) => [
          percent(noise),
          `+${100 * change} %`,
          ...shares.map(percent),
          pairs.toFixed(1),
        ]),
      },
    ],
    goals: [
      goalOf(
        {
          what: 'share of one claim at the margin, all looks together, of 5 % and two standard errors',
          direction: 'at most',
          bound: FAMILY_LEVEL + 2 * Math.sqrt((FAMILY_LEVEL * (1 - FAMILY_LEVEL)) / runs),
          unit: '',
        },
        Math.max(...atMargin.flatMap(({ shares: [regressed, , same] }) => [regressed!, same!])),
      ),
    ],
  };
}

const CLAIMS = ['above', 'below', 'within', undefined] as const;

function firstClaim(drawn: Drawn, levels: readonly number[], random: Random): Ended {
  const pairs: ValuePair[] = [];
  for (const [at, look] of LOOKS.entries()) {
    while (pairs.length < look) pairs.push(drawPair(drawn, random));
    const claim = claimOf(pairs, levels[at]);
    if (claim !== undefined) return { claim, pairs: look };
  }
  return { claim: undefined, pairs: pairs.length };
}

const FIRST = 3;
/** False alarms in percent, known from an independent simulation, after looks at every pair up to these. */
const NAIVE: readonly (readonly [pairs: number, percent: number])[] = [
  [3, 4.5],
  [5, 9.7],
  [10, 16.5],
  [20, 22.9],
  [30, 26.3],
];

/** What a two-sided test at 5 % after every pair claims of pairs that do not differ: a check of the simulation itself. */
export function naiveLooks(runs: number): Part {
  const most = NAIVE.at(-1)![0];
  const quantiles = Array.from({ length: most + 1 }, (_, pairs) =>
    pairs < FIRST ? Number.POSITIVE_INFINITY : studentQuantile(FAMILY_LEVEL, pairs - 1),
  );
  const random = randomAt(3, 'service');
  const alarms = Array.from({ length: runs }, () => firstAlarm(quantiles, random));
  const found = NAIVE.map(([pairs, expected]) => {
    const share = alarms.filter((at) => at <= pairs).length / runs;
    return { pairs, expected, share, good: Math.abs(100 * share - expected) <= 1 };
  });
  return {
    tables: [
      {
        caption: 'A test at 5 % after every pair, without a margin: false alarms if nothing differs',
        head: ['pairs', 'expected', 'simulated'],
        rows: found.map(({ pairs, expected, share }) => [String(pairs), `${expected} %`, percent(share)]),
      },
    ],
    goals: [{ ...allWithin(found), what: 'shares of naive looks off by more than a point' }],
  };
}

/** After how many pairs a difference is claimed. */
function firstAlarm(quantiles: readonly number[], random: Random): number {
  let [sum, squares] = [0, 0];
  for (let pairs = 1; pairs < quantiles.length; pairs += 1) {
    const value = normal(random);
    sum += value;
    squares += value * value;
    const variance = (squares - (sum * sum) / pairs) / Math.max(1, pairs - 1);
    if (pairs >= FIRST && Math.abs(sum) > quantiles[pairs]! * Math.sqrt(pairs * variance)) return pairs;
  }
  return Number.POSITIVE_INFINITY;
}
