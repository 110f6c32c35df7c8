/** @module Computes the tables and goals of the sections `balancer` and `saturated-balancer` from their rounds. */
import { type Goal, goalOf, ratioGoal } from './goal.ts';
import { formatSpread, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import { type Rounds, roundsOf, spreadIn } from './rounds.ts';
import type { Table } from './table.ts';

/** Calls per second at which a balancer is mostly idle, so that the time it adds is its own, without queueing. */
export const RATE = 1000;
/** The goals for the embedded balancer. */
const GOAL = { share: 0.85, addedP50Ms: 0.3 } as const;
/** Above this share of its core, a balancer is the bottleneck of a closed loop. */
const SATURATED = 0.95;

/** The table of a closed loop through each balancer. */
export function closedTable(rounds: Rounds): Table {
  const perSecond = roundsOf(rounds, 'perSecond');
  const [capacity, busy] = [capacityIn(rounds), busyIn(rounds)];
  const spread = (values: readonly Round[], name: string): Spread | undefined =>
    spreadOf(values.flatMap((round) => round[name] ?? []));
  return {
    caption: `Closed loop through each: median (min .. max) of ${perSecond.length} rounds`,
    head: ['balancer', 'calls/s', 'x haproxy', 'its core, %', 'CPU us/call', 'calls/s a core', 'x haproxy'],
    rows: rounds.names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'perSecond', name), 0),
      formatSpread(ratioOf(perSecond, name, 'haproxy'), 2),
      formatSpread(spread(percent(busy), name), 0),
      formatSpread(spreadIn(rounds, 'cpuUs', name), 1),
      formatSpread(spread(capacity, name), 0),
      formatSpread(ratioOf(capacity, name, 'haproxy'), 2),
    ]),
  };
}

/** The table of the open loop over each route, one of which is `direct`. */
export function openTable(rounds: Rounds): Table {
  const p50Ms = roundsOf(rounds, 'p50Ms');
  return {
    caption: `Response time at ${RATE}/s: median (min .. max) of ${p50Ms.length} rounds`,
    head: ['route', 'p50, ms', 'added to direct, ms'],
    rows: rounds.names.map((name) => [
      name,
      formatSpread(spreadIn(rounds, 'p50Ms', name), 3),
      name === 'direct' ? '' : formatSpread(addedBy(p50Ms, name, 'direct'), 3),
    ]),
  };
}

/** The goal for the calls per second of the embedded balancer, as they were measured. */
export const throughputGoal = (closed: Rounds): Goal =>
  ratioGoal(roundsOf(closed, 'perSecond'), shareOf('embedded, calls per second'));

/** The goal for the calls per second of a core of the embedded balancer, by its CPU time. */
export const capacityGoal = (closed: Rounds): Goal =>
  ratioGoal(capacityIn(closed), shareOf('embedded, calls per second of a core, by CPU time'));

const shareOf = (what: string): Parameters<typeof ratioGoal>[1] => ({
  what,
  client: 'embedded',
  base: 'haproxy',
  direction: 'at least',
  bound: GOAL.share,
});

/** The goal for the time that the embedded balancer adds. */
export function addedGoal(open: Rounds): Goal {
  const what = `embedded, added to the median at ${RATE}/s`;
  const added = addedBy(roundsOf(open, 'p50Ms'), 'embedded', 'direct');
  return goalOf({ what, direction: 'below', bound: GOAL.addedP50Ms, unit: 'ms' }, added?.median);
}

/** Names the balancers that were not the bottleneck of `closed`. */
export function limitsOf(closed: Rounds): readonly string[] {
  const busy = busyIn(closed);
  const idle = closed.names.filter((name) => {
    const shares = spreadOf(busy.flatMap((round) => round[name] ?? []));
    return shares !== undefined && shares.median < SATURATED;
  });
  return idle.length === 0
    ? []
    : [
        `${idle.join(' and ')} did not saturate a core: the client and the servers, which share the other core, were the bottleneck there. The ratio by CPU time compares the balancers themselves.`,
      ];
}

/** `name` minus `base`, round by round. */
export function addedBy(rounds: readonly Round[], name: string, base: string): Spread | undefined {
  return spreadOf(
    rounds.flatMap((round) => {
      const [whole, part] = [round[name], round[base]];
      return whole === undefined || part === undefined ? [] : [whole - part];
    }),
  );
}

/** Calls per second that one core can handle. */
const capacityIn = (rounds: Rounds): readonly Round[] =>
  roundsOf(rounds, 'cpuUs').map((round) => mapped(round, (us) => 1e6 / us));

/** The share of its core that each balancer used. */
const busyIn = (rounds: Rounds): readonly Round[] =>
  roundsOf(rounds, 'cpuUs').map((round, index) =>
    mapped(round, (us, name) => (us * (roundsOf(rounds, 'perSecond')[index]?.[name] ?? 0)) / 1e6),
  );

const percent = (rounds: readonly Round[]): readonly Round[] =>
  rounds.map((round) => mapped(round, (share) => share * 100));

const mapped = (round: Round, to: (value: number, name: string) => number): Round =>
  Object.fromEntries(Object.entries(round).map(([name, value]) => [name, to(value, name)]));
