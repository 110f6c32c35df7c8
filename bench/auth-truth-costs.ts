/** @module Planted costs of a check, which the answers and the comparison with the variant without a check must show; and no cost at all. */
import type { AuthFigures } from '../src/result/measure/auth-figures.ts';
import type { Micros } from '../src/units/time.ts';
import { authOf, measureVariants } from './auth-truth-run.ts';
import type { Context } from './context.ts';
import type { Reading } from './known-figures.ts';

const inUs = (us: number): string => `${us.toFixed(1)} us`;

/** A cost that is planted in one variant, and not in another one that is otherwise the same. */
interface Planted {
  readonly name: string;
  /** What both variants set beside the planted one. */
  readonly mode: string;
  readonly planted: string;
  readonly us: Micros;
  readonly within: Micros;
  /** Whether it is processor time of the fleet. */
  readonly isCpu: boolean;
}

const PLANTED: readonly Planted[] = [
  {
    name: 'introspection, authorization server 5 ms slower',
    mode: 'introspection',
    planted: 'auth.server.delay: 5ms',
    us: 5000,
    within: 300,
    isCpu: false,
  },
  {
    // A check that takes microseconds itself, so that nothing but the planted time is left.
    name: 'introspection-cached, check 200 us longer',
    mode: 'introspection-cached',
    planted: 'auth.plant.checkBusy: 200us',
    us: 200,
    within: 20,
    isCpu: true,
  },
  {
    name: 'jwt, check 200 us longer',
    mode: 'jwt',
    planted: 'auth.plant.checkBusy: 200us',
    us: 200,
    within: 20,
    isCpu: true,
  },
];

/** So few calls per second that hardly one waits for another: a longer check must not lengthen queues. */
const RATE = 100;

/** Each planted cost, as every estimator that must see it does. */
export async function plantedCosts({ effort, say }: Context): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for (const one of PLANTED) {
    say(one.name);
    const variants = await measureVariants({ rate: RATE, seconds: 2 * effort.seconds }, [
      'fleet: { server: lean, instances: 1 }',
      `repetitions: ${effort.rounds}`,
      'variants:',
      '  - { name: none, auth.mode: none }',
      `  - { name: plain, auth.mode: ${one.mode} }`,
      `  - { name: planted, auth.mode: ${one.mode}, ${one.planted} }`,
    ]);
    const [plain, planted] = [authOf(variants, 'plain'), authOf(variants, 'planted')];
    readings.push(
      difference(one, 'as the answers state it, p50', plain.check?.p50Us, planted.check?.p50Us),
      difference(one, 'added against none, p50', plain.added?.p50Us, planted.added?.p50Us),
      ...(one.isCpu
        ? [difference(one, 'processor time per call', cpuOf(plain), cpuOf(planted), 2 * one.within)]
        : []),
    );
  }
  return readings;
}

const cpuOf = ({ sizing }: AuthFigures): number | undefined => sizing?.fleetUsPerCall ?? undefined;

function difference(
  { name, us, within: usual }: Planted,
  figure: string,
  before: number | undefined,
  after: number | undefined,
  within = usual,
): Reading {
  const measuredUs = (after ?? Number.NaN) - (before ?? Number.NaN);
  return {
    name,
    figure,
    expected: `${us} us +- ${within} us`,
    measured: inUs(measuredUs),
    good: Math.abs(measuredUs - us) <= within,
  };
}

const SEEDS = 20;
const MOST_MISSED = 1;

/** What a variant without a check adds to another one, with each of several seeds. */
export async function noCost({ effort, say }: Context): Promise<Reading> {
  const intervals: string[] = [];
  let containing = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const variants = await measureVariants(
      { rate: RATE, seconds: effort.seconds },
      [
        'fleet: { server: lean, instances: 1 }',
        'identities: [{ name: all, agents: 20 }]',
        `repetitions: ${effort.rounds}`,
        'variants: [{ name: first, auth.mode: none }, { name: second, auth.mode: none }]',
      ],
      seed,
    );
    const { added } = authOf(variants, 'second');
    const [low, high] = [added?.ciLowUs ?? Number.NaN, added?.ciHighUs ?? Number.NaN];
    if (low <= 0 && 0 <= high) containing += 1;
    intervals.push(`${inUs(low)} to ${inUs(high)}`);
    say(`none against none, seed ${seed} of ${SEEDS}: ${intervals.at(-1)}`);
  }
  return {
    name: 'none against none',
    figure: 'seeds whose interval contains 0',
    expected: `at least ${SEEDS - MOST_MISSED} of ${SEEDS}`,
    measured: `${containing}`,
    good: containing >= SEEDS - MOST_MISSED,
  };
}
