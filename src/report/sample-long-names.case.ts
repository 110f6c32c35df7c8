/** @module Documents whose names have 300 characters without a space, for tests of what has to hold such names. */
import type { ResultDocument } from '../result/document.ts';
import type { ComparisonDocument } from '../result/regression/document.ts';
import { severalVariants } from './sample-comparison.case.ts';
import { demo, judged } from './sample-document.case.ts';

/** 300 characters that end with `name`. */
const longName = (name: string): string =>
  `${'long-name_of.300'.repeat(20).slice(0, 300 - name.length)}${name}`;

/** The demo with long names of everything that a user, a server or a machine can name. */
export function longNames(): ResultDocument {
  const document = demo();
  const renamed = <Value>(table: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [longName(key.replace(' ', '/')), value]));
  const { verdict } = judged();
  return {
    ...document,
    profile: { ...document.profile, title: longName('title') },
    profileFile: `${longName('file')}.yaml`,
    machine: { ...document.machine, cpu: longName('cpu') },
    variants: document.variants.map((variant) => ({
      ...variant,
      name: longName(variant.name),
      summary: variant.summary && {
        ...variant.summary,
        byCall: renamed(variant.summary.byCall),
        byInstance: renamed(variant.summary.byInstance),
      },
      repetitions: variant.repetitions.map((one) => ({
        ...one,
        notes: [`instance ${longName('1')} exited with code 1`],
      })),
    })),
    comparisons: document.comparisons.map((one) => ({
      ...one,
      base: longName(one.base),
      candidate: longName(one.candidate),
    })),
    verdict: {
      ...verdict,
      reasons: [longName('reason')],
      checks: verdict.checks?.map((check) => ({
        ...check,
        variant: longName(check.variant),
        threshold: `p(99){tool:${longName('tool')}} < 50ms`,
      })),
    },
  };
}

/** A comparison of several variants with long names and labels. */
export function longNamesCompared(): ComparisonDocument {
  const document = severalVariants();
  return {
    ...document,
    title: longName('title'),
    base: { ...document.base, label: longName('base'), files: [longName('base.json')] },
    candidate: { ...document.candidate, label: longName('candidate'), revision: longName('revision') },
    unlike: [
      {
        kind: 'profile',
        what: longName('what'),
        base: longName('a'),
        candidate: longName('b'),
        consequence: 'marked',
      },
    ],
    changes: document.changes.map((change) => ({ ...change, variant: longName(change.variant) })),
    distributions: document.distributions?.map((one) => ({ ...one, variant: longName(one.variant) })),
  };
}
