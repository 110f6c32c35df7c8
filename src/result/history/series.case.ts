/** @module Results of one profile over several days, for tests of histories and trends. */
import type { ResultDocument } from '../document.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';

/** What is special about one result; the rest is the same in all. */
export interface Day {
  /** Response time of each call. */
  readonly responseUs: number;
  readonly commit?: string;
  readonly isBound?: boolean;
  readonly variants?: readonly string[];
  readonly profile?: ResultDocument['profile'];
  readonly machine?: Partial<ResultDocument['machine']>;
}

export const PROFILE: ResultDocument['profile'] = {
  version: 1,
  title: 'Nightly',
  load: { rate: '400/s', duration: '10s' },
  calls: [{ tool: 'echo' }],
  fleet: { server: 'lean', instances: 2 },
  repetitions: 3,
};

const MACHINE: ResultDocument['machine'] = {
  cpu: 'AMD EPYC 7B13',
  cores: 8,
  memoryBytes: 33_554_432_000,
  os: 'Linux 6.8.0',
  node: 'v20.20.2',
  loadAverage1: 0.4,
};

/** The results of `days`, the first of 1 October, each of three repetitions. */
export function resultsOf(days: readonly Day[]): readonly ResultDocument[] {
  return days.map((day, at) => resultOf(day, `2026-10-${String(at + 1).padStart(2, '0')}T02:00:00.000Z`));
}

export function resultOf(
  { responseUs, commit, isBound = false, variants = ['sticky'], profile = {}, machine = {} }: Day,
  createdAt: string,
): ResultDocument {
  const recordings = [0, 1, 2].map((at) => recordingOf([{ count: 20, responseUs: responseUs + at }]));
  const measured = variants.map((name) => variantOf(name, recordings));
  return {
    schema: 'paceline/result@1',
    paceline: '0.1.0',
    createdAt,
    seed: 1,
    complete: true,
    profile: { ...PROFILE, ...profile },
    machine: { ...MACHINE, ...machine },
    ...(commit !== undefined && { revision: { commit, isDirty: false } }),
    variants: isBound
      ? measured.map((variant) => ({
          ...variant,
          repetitions: variant.repetitions.map((one) => ({
            ...one,
            generator: { ...one.generator, bound: true },
          })),
        }))
      : measured,
    comparisons: [],
    verdict: { status: 'none', reasons: [] },
  };
}
