/** @module In what the sides of a comparison differ besides the code that was measured. */
import { isDeepStrictEqual } from 'node:util';
import type { Unlike } from './document.ts';
import type { Measured, SideVariant } from './sides.ts';

/** Memory is told in bytes, and machines of one kind differ by what their firmware keeps. */
const SAME_MEMORY = 0.05;

/** The longest value that is quoted. */
const LONGEST = 80;

/** The keys of a profile that do not say what is measured. */
export const NOT_WORKLOAD: readonly string[] = ['version', 'title', 'thresholds', 'repetitions', 'variants'];

/** The keys that make another workload: figures of two workloads are no change of anything. */
const WORKLOAD = ['load', 'calls'];

/** Every difference, those that refuse the comparison first. */
export function unlikeSides(base: Measured, candidate: Measured): readonly Unlike[] {
  const [one, other] = [base.side, candidate.side];
  const found = [
    ...differing('machine', 'refused', [
      ['CPU', one.machine.cpu, other.machine.cpu],
      ['cores', one.machine.cores, other.machine.cores],
    ]),
    ...(Math.abs(Math.log(one.machine.memoryBytes / other.machine.memoryBytes)) < SAME_MEMORY
      ? []
      : differing('machine', 'marked', [
          ['memory in bytes', one.machine.memoryBytes, other.machine.memoryBytes],
        ])),
    ...differing('machine', 'marked', [['operating system', one.machine.os, other.machine.os]]),
    ...differing('node', 'marked', [['Node.js', one.machine.node, other.machine.node]]),
    ...differing('paceline', 'marked', [['Paceline', one.paceline, other.paceline]]),
    ...differing('seed', 'marked', [['seed', one.seed, other.seed]]),
    ...profileDifferences(base.profile, candidate.profile),
    ...base.variants.flatMap((variant) => {
      const same = candidate.variants.find(({ name }) => name === variant.name);
      return same === undefined ? [] : variantDifferences(variant, same);
    }),
  ];
  return [
    ...found.filter(({ consequence }) => consequence === 'refused'),
    ...found.filter(({ consequence }) => consequence === 'marked'),
  ];
}

type Compared = readonly [what: string, base: unknown, candidate: unknown];

const differing = (
  kind: Unlike['kind'],
  consequence: Unlike['consequence'],
  pairs: readonly Compared[],
): readonly Unlike[] =>
  pairs
    .filter(([, base, candidate]) => !isDeepStrictEqual(base, candidate))
    .map(([what, base, candidate]) => ({
      kind,
      what,
      base: quoted(base),
      candidate: quoted(candidate),
      consequence,
    }));

function profileDifferences(base: Measured['profile'], candidate: Measured['profile']): readonly Unlike[] {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(candidate)])];
  return keys
    .filter((key) => !NOT_WORKLOAD.includes(key))
    .flatMap((key) =>
      differing(
        'profile',
        WORKLOAD.includes(key) ? 'refused' : 'marked',
        leaves(key, base[key], candidate[key]),
      ),
    );
}

/** The paths at which two values differ, as far down as both are objects. */
function leaves(path: string, base: unknown, candidate: unknown): readonly Compared[] {
  if (!isRecord(base) || !isRecord(candidate)) return [[path, base, candidate]];
  const keys = [...new Set([...Object.keys(base), ...Object.keys(candidate)])];
  return keys.flatMap((key) => leaves(`${path}.${key}`, base[key], candidate[key]));
}

function variantDifferences(base: SideVariant, candidate: SideVariant): readonly Unlike[] {
  const of = base.name === '' ? '' : ` of "${base.name}"`;
  const [one, other] = [base.settings, candidate.settings];
  const [driver, otherDriver] = [one.effective?.load.driver, other.effective?.load.driver];
  return [
    ...differing('driver', 'refused', [[`driver${of}`, driver, otherDriver]]),
    ...differing('profile', 'marked', [[`overrides${of}`, one.overrides, other.overrides]]),
    ...differing('profile', 'marked', [[`target${of}`, one.target, other.target]]),
  ];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function quoted(value: unknown): string {
  const text = value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text;
}
