/** @module Computes the tables and verdicts of the section `balancer` from its rounds. */
import { formatSpread, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import type { Table } from './table.ts';

/** Calls per second at which a balancer is mostly idle, so that the time it adds is its own, without queueing. */
export const RATE = 1000;
/** The goals for the embedded balancer. */
const GOAL = { share: 0.5, addedP50Ms: 0.3 } as const;
/** Above this share of its core, the balancer is the bottleneck of a closed loop. */
const SATURATED = 0.95;

/** The figures of one round by route: `direct`, `embedded`, `haproxy`. A measurement with failed calls is missing. */
export interface BalancerRound {
  /** Of the closed loop. */
  readonly perSecond: Record<string, number>;
  /** CPU time of the balancer per call of the closed loop. */
  readonly cpuUs: Record<string, number>;
  /** Of the open loop. */
  readonly p50Ms: Record<string, number>;
  /** One sentence for each measurement that was left out. */
  readonly failures: string[];
}

/** The table of the closed loop through the balancers `names`. */
export function closedTable(names: readonly string[], rounds: readonly BalancerRound[]): Table {
  const perSecond = rounds.map((round) => round.perSecond);
  const capacity = rounds.map(capacityOf);
  return {
    caption: `Closed loop through each: median (min .. max) of ${rounds.length} rounds`,
    head: ['balancer', 'calls/s', 'x haproxy', 'its core, %', 'CPU us/call', 'calls/s a core', 'x haproxy'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(perSecond, name), 0),
      formatSpread(ratioOf(perSecond, name, 'haproxy'), 2),
      formatSpread(
        spreadIn(
          rounds.map((round) => mapped(busyShare(round), (share) => share * 100)),
          name,
        ),
        0,
      ),
      formatSpread(
        spreadIn(
          rounds.map((round) => round.cpuUs),
          name,
        ),
        1,
      ),
      formatSpread(spreadIn(capacity, name), 0),
      formatSpread(ratioOf(capacity, name, 'haproxy'), 2),
    ]),
  };
}

/** The table of the open loop over the routes `names`. */
export function openTable(names: readonly string[], rounds: readonly BalancerRound[]): Table {
  const p50Ms = rounds.map((round) => round.p50Ms);
  return {
    caption: `Response time at ${RATE}/s: median (min .. max) of ${rounds.length} rounds`,
    head: ['route', 'p50, ms', 'added to direct, ms'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(p50Ms, name), 3),
      name === 'direct' ? '' : formatSpread(addedBy(p50Ms, name, 'direct'), 3),
    ]),
  };
}

/** Sentences that say whether the goals are reached, and what limited the figures. */
export function verdicts(rounds: readonly BalancerRound[]): readonly string[] {
  const perSecond = rounds.map((round) => round.perSecond);
  const p50Ms = rounds.map((round) => round.p50Ms);
  const through = ratioOf(perSecond, 'embedded', 'haproxy');
  const byCpu = ratioOf(rounds.map(capacityOf), 'embedded', 'haproxy');
  return [
    ...(perSecond.some((round) => round['haproxy'] !== undefined)
      ? []
      : ['HAProxy is not installed, so there is no comparison.']),
    ...shareVerdict(through, 'in the closed loop'),
    ...(through === undefined ? [] : limits(rounds)),
    ...shareVerdict(byCpu, 'by CPU time, which gives the throughput of one core'),
    ...addedVerdict(addedBy(p50Ms, 'embedded', 'direct')),
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

function shareVerdict(ratio: Spread | undefined, how: string): readonly string[] {
  if (ratio === undefined) return [];
  const verdict = ratio.median >= GOAL.share ? 'reached' : 'MISSED';
  return [
    `embedded is ${ratio.median.toFixed(2)} x HAProxy ${how}; the goal of at least ${GOAL.share} is ${verdict}.`,
  ];
}

function addedVerdict(added: Spread | undefined): readonly string[] {
  if (added === undefined) return [];
  const verdict = added.median < GOAL.addedP50Ms ? 'reached' : 'MISSED';
  return [
    `embedded adds ${added.median.toFixed(3)} ms to the median at ${RATE}/s; the goal of less than ${GOAL.addedP50Ms} ms is ${verdict}.`,
  ];
}

function limits(rounds: readonly BalancerRound[]): readonly string[] {
  const idle = ['embedded', 'haproxy'].filter(
    (name) => (spreadIn(rounds.map(busyShare), name)?.median ?? 1) < SATURATED,
  );
  return idle.length === 0
    ? []
    : [
        `${idle.join(' and ')} did not saturate a core: client and servers, which share the other core, were the bottleneck there. The ratio by CPU time compares the balancers themselves.`,
      ];
}

/** Calls per second that one core can handle. */
export const capacityOf = ({ cpuUs }: BalancerRound): Round => mapped(cpuUs, (us) => 1e6 / us);

/** The share of its core that each balancer used. */
export const busyShare = ({ cpuUs, perSecond }: BalancerRound): Round =>
  mapped(cpuUs, (us, name) => (us * (perSecond[name] ?? 0)) / 1e6);

const mapped = (round: Round, to: (value: number, name: string) => number): Round =>
  Object.fromEntries(Object.entries(round).map(([name, value]) => [name, to(value, name)]));

/** The spread of `name` over `rounds`. */
export const spreadIn = (rounds: readonly Round[], name: string): Spread | undefined =>
  spreadOf(rounds.flatMap((round) => round[name] ?? []));
