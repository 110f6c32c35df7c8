/** @module The figures of the section `balancer`: tables and verdicts from its rounds. */
import { formatSpread, type Round, ratioOf, type Spread, spreadOf } from './ratio.ts';
import type { Table } from './table.ts';

/** Calls per second at which a balancer is far from busy, so that what it adds is its own time and no queue. */
export const RATE = 1000;
/** What the embedded balancer has to reach. */
const GOAL = { share: 0.5, addedP50Ms: 0.3 } as const;
/** Above this share of its core a balancer is itself the limit of a closed loop. */
const SATURATED = 0.95;

/** What one round came to, by way: `direct`, `embedded`, `haproxy`. What failed is missing. */
export interface BalancerRound {
  /** Of the closed loop. */
  readonly perSecond: Record<string, number>;
  /** CPU time of the balancer for a call of the closed loop. */
  readonly cpuUs: Record<string, number>;
  /** Of the open loop. */
  readonly p50Ms: Record<string, number>;
  /** What went wrong, in words. */
  readonly failures: string[];
}

/** The closed loop through the balancers `names`. */
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

/** The open loop over the ways `names`. */
export function openTable(names: readonly string[], rounds: readonly BalancerRound[]): Table {
  const p50Ms = rounds.map((round) => round.p50Ms);
  return {
    caption: `Response time at ${RATE}/s: median (min .. max) of ${rounds.length} rounds`,
    head: ['way', 'p50, ms', 'added to direct, ms'],
    rows: names.map((name) => [
      name,
      formatSpread(spreadIn(p50Ms, name), 3),
      name === 'direct' ? '' : formatSpread(addedBy(p50Ms, name, 'direct'), 3),
    ]),
  };
}

/** Whether the goals are reached, and what the figures mean. */
export function verdicts(rounds: readonly BalancerRound[]): readonly string[] {
  const perSecond = rounds.map((round) => round.perSecond);
  const p50Ms = rounds.map((round) => round.p50Ms);
  const through = ratioOf(perSecond, 'embedded', 'haproxy');
  const byCpu = ratioOf(rounds.map(capacityOf), 'embedded', 'haproxy');
  return [
    ...(perSecond.some((round) => round['haproxy'] !== undefined)
      ? []
      : ['There is no HAProxy to compare with.']),
    ...shareVerdict(through, 'in the closed loop'),
    ...(through === undefined ? [] : limits(rounds)),
    ...shareVerdict(byCpu, 'by CPU time, which is the throughput of one core'),
    ...addedVerdict(addedBy(p50Ms, 'embedded', 'direct')),
  ];
}

/** `name` less `base`, round by round. */
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
        `${idle.join(' and ')} did not fill a core: client and servers, which share the other one, were the limit there, and the ratio by CPU time is that of the balancers.`,
      ];
}

/** Calls per second that one core carries. */
const capacityOf = ({ cpuUs }: BalancerRound): Round => mapped(cpuUs, (us) => 1e6 / us);

/** Share of its core that each took. */
const busyShare = ({ cpuUs, perSecond }: BalancerRound): Round =>
  mapped(cpuUs, (us, name) => (us * (perSecond[name] ?? 0)) / 1e6);

const mapped = (round: Round, to: (value: number, name: string) => number): Round =>
  Object.fromEntries(Object.entries(round).map(([name, value]) => [name, to(value, name)]));

const spreadIn = (rounds: readonly Round[], name: string): Spread | undefined =>
  spreadOf(rounds.flatMap((round) => round[name] ?? []));
