/** @module Comparisons for the tests of their reports: one for each verdict, several variants, unlike sides, and hostile names. */
import type { VariantResult } from '../result/document.ts';
import { compareResults, MINIMUM_CHANGE } from '../result/regression/compare-results.ts';
import type { ComparisonDocument } from '../result/regression/document.ts';
import { type Measured, measuredSide } from '../result/regression/sides.ts';
import { recordingOf, variantOf } from '../result/summary/result.case.ts';
import { randomAt } from '../units/random.ts';
import { onceFor } from './sample-document.case.ts';

/** How the calls of an invented variant fare. */
interface Behaviour {
  readonly name?: string;
  readonly medianUs: number;
  /** Of every fiftieth call, times the median. */
  readonly tail?: number;
  /** Standard deviation of the medians of repetitions, as a share. */
  readonly noise?: number;
  readonly repetitions?: number;
  readonly failed?: number;
  readonly bound?: boolean;
  /** Variants of the same place draw the same numbers; its index if absent. */
  readonly place?: number;
}

interface MadeSide {
  readonly label: string;
  readonly variants: readonly Behaviour[];
  readonly title?: string;
  readonly cores?: number;
  readonly rate?: string;
  readonly command?: readonly string[];
  readonly revision?: string;
}

const CALLS = 400;
const CREATED = '2026-11-20T08:15:00.000Z';

/** A draw from the standard normal distribution (Box and Muller 1958). */
const normalFrom = (random: { next(): number }): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

/** A variant without its name, made once for all that behave alike. */
const unnamed = onceFor((of: Required<Omit<Behaviour, 'name'>>): VariantResult => {
  const recordings = Array.from({ length: of.repetitions }, (_, index) => {
    const random = randomAt(20261120, 'service', 1000 * of.place + index);
    const median = of.medianUs * Math.exp(of.noise * normalFrom(random));
    return recordingOf(
      Array.from({ length: CALLS }, (_, at) => ({
        count: 1,
        responseUs: Math.round(median * Math.exp(0.18 * normalFrom(random)) * (at % 50 === 0 ? of.tail : 1)),
        ...(at < of.failed && { outcome: 'tool-error' as const, detail: 'backend unavailable' }),
      })),
    );
  });
  const variant = variantOf('', recordings);
  return of.bound
    ? {
        ...variant,
        repetitions: variant.repetitions.map((one) => ({
          ...one,
          generator: { ...one.generator, bound: true },
        })),
      }
    : variant;
});

/** `side` is 0 or 1, `index` its place among the variants of the side. */
function madeVariant({ name = '', place, ...of }: Behaviour, side: number, index: number): VariantResult {
  const made = unnamed({
    tail: 3,
    noise: 0.01,
    repetitions: 10,
    failed: 0,
    bound: false,
    ...of,
    place: 100 * side + (place ?? index),
  });
  return { ...made, name };
}

/** `place`: sides of different places draw different numbers. */
function madeSide(of: MadeSide, place: number): Measured {
  const { label, variants, title = 'Checkout tools', cores = 8, rate = '400/s', command, revision } = of;
  return measuredSide(label, [
    {
      path: `${label}/result.json`,
      document: {
        schema: 'paceline/result@1',
        paceline: '0.1.0',
        createdAt: CREATED,
        seed: 7,
        complete: true,
        profile: {
          version: 1,
          title,
          load: { rate, duration: '1s' },
          calls: [{ tool: 'echo' }],
          repetitions: variants[0]?.repetitions ?? 10,
        },
        machine: {
          cpu: 'AMD EPYC 7B13',
          cores,
          memoryBytes: 33_554_432_000,
          os: 'Linux 6.8.0',
          node: 'v20.20.2',
          loadAverage1: 0.4,
        },
        command: [...(command ?? ['run', 'profile.yaml', '--seed', '7'])],
        ...(revision !== undefined && { revision: { commit: revision, isDirty: false } }),
        variants: variants.map((one, at) => madeVariant(one, place, at)),
      },
    },
  ]);
}

function compared(base: MadeSide, candidate: MadeSide, headline?: string): ComparisonDocument {
  return compareResults(madeSide(base, 0), madeSide(candidate, 1), {
    minEffect: MINIMUM_CHANGE,
    headline,
    acceptsUnlike: false,
    keepsDistributions: true,
    createdAt: new Date('2026-11-20T09:00:00.000Z'),
  });
}

const MAIN: MadeSide = {
  label: 'results/main',
  variants: [{ medianUs: 2400 }],
  revision: '4f1c2ab90d7be6a52c10f2b7a8d93d5f5be01c11',
};
const BRANCH = { label: 'results/branch', revision: '9d03ee1a6b21c45f88f4a7d0c2b3e4f5a6b7c8d9' } as const;

export const regressed = (): ComparisonDocument =>
  compared(MAIN, { ...BRANCH, variants: [{ medianUs: 2700, tail: 6 }] });

export const improved = (): ComparisonDocument =>
  compared(MAIN, { ...BRANCH, variants: [{ medianUs: 1900 }] });

export const same = (): ComparisonDocument => compared(MAIN, { ...BRANCH, variants: [{ medianUs: 2425 }] });

/** A change close to the margin in a noisy environment. */
export const undecided = (): ComparisonDocument =>
  compared(
    { ...MAIN, variants: [{ medianUs: 2400, noise: 0.06, repetitions: 6 }] },
    { ...BRANCH, variants: [{ medianUs: 2560, noise: 0.06, repetitions: 6 }] },
  );

/** Another machine and another rate. */
export const refused = (): ComparisonDocument =>
  compared(MAIN, { ...BRANCH, variants: [{ medianUs: 2400 }], cores: 2, rate: '800/s' });

export const tooFew = (): ComparisonDocument =>
  compared(
    { ...MAIN, variants: [{ medianUs: 2400, repetitions: 1 }] },
    { ...BRANCH, variants: [{ medianUs: 9400, repetitions: 1 }] },
  );

/** Variants that differ in their verdicts; one is on one side only. */
export const severalVariants = (): ComparisonDocument =>
  compared(
    {
      ...MAIN,
      variants: [
        { name: 'sessions, round-robin', medianUs: 2100 },
        { name: 'sessions, sticky', medianUs: 3000, noise: 0.05 },
        { name: 'stateless, round-robin', medianUs: 2600 },
        { name: 'stateless, least-busy', medianUs: 2650 },
        { name: 'stateless, gone', medianUs: 2600 },
      ],
    },
    {
      ...BRANCH,
      variants: [
        { name: 'sessions, round-robin', medianUs: 2110 },
        { name: 'sessions, sticky', medianUs: 3250, noise: 0.05 },
        { name: 'stateless, round-robin', medianUs: 2050 },
        { name: 'stateless, least-busy', medianUs: 2980, failed: 9 },
      ],
    },
  );

/** The error rate decides, which is compared by difference; the headline of the second side is worse. */
export const errorsDecide = (): ComparisonDocument =>
  compared(MAIN, { ...BRANCH, variants: [{ medianUs: 2390, failed: 12 }] }, 'calls.errorRate');

/** Names that try to be markup, mentions, links and control characters. */
export const hostileComparison = (): ComparisonDocument => {
  const variants = [
    '</details><script>alert(1)</script>',
    '| a | @everyone `x` ```\n# h1',
    `![x](http://evil.example/${'x'.repeat(300)})`,
  ];
  const side = (medianUs: number): readonly Behaviour[] =>
    variants.map((name) => ({ name, medianUs, repetitions: 3 }));
  return compared(
    {
      label: '<img src=x onerror=alert(1)>\u001b[31m',
      title: '--><script>alert(1)</script> @team #1',
      variants: side(2400),
      command: ['run', '```\n</details><script>'],
    },
    {
      label: '[link](javascript:alert(1))',
      title: '--><script>alert(1)</script> @team #1',
      variants: side(3100),
      command: ['run', "it's; rm -rf *"],
    },
  );
};

/** Far more variants than a page or a comment has room for. */
export const manyVariantsCompared = (): ComparisonDocument => {
  const side = (medianUs: number): readonly Behaviour[] =>
    Array.from({ length: 40 }, (_, at) => ({
      name: `variant number ${at + 1} with a name of some length`,
      medianUs: medianUs * (1 + (at % 8) / 8),
      repetitions: 3,
      place: at % 8,
    }));
  return compared({ ...MAIN, variants: side(2400) }, { ...BRANCH, variants: side(2500) });
};

/** A file from before distributions were kept. */
export const withoutDistributions = (): ComparisonDocument => {
  const { distributions: _, ...document } = same();
  return document;
};
