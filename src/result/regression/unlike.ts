/** @module In what the sides of a comparison differ besides the code that was measured. */
import { isDeepStrictEqual } from 'node:util';
import type { Unlike } from './document.ts';
import type { Measured, SideVariant } from './measured.ts';

/** Memory is told in bytes, and machines of one kind differ by what their firmware keeps. */
const SAME_MEMORY = 0.05;

/** The longest value that is quoted. */
const LONGEST = 80;

/** The keys of a profile that do not say what is measured. */
export const NOT_WORKLOAD: readonly string[] = ['version', 'title', 'thresholds', 'repetitions', 'variants'];

/** The keys that make another workload: figures of two workloads are no change of anything. */
const WORKLOAD: readonly string[] = ['load', 'calls', 'faults', 'events', 'identities'];

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
    ...profileDifferences(base, candidate),
    ...commonVariants(base, candidate).flatMap(variantDifferences),
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

/** The driver is told of the variants. So is a load that is the same in force, however the profiles write it. */
function profileDifferences(base: Measured, candidate: Measured): readonly Unlike[] {
  const [one, other] = [base.profile, candidate.profile];
  const told = isSameLoad(base, candidate) ? [...NOT_WORKLOAD, 'load'] : NOT_WORKLOAD;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys
    .filter((key) => !told.includes(key))
    .flatMap((key) => leaves(key, one[key], other[key]))
    .filter(([path]) => path !== 'load.driver')
    .flatMap((pair) => differing('profile', consequenceOf(pair[0]), [pair]));
}

/** Of a path in a profile. */
const consequenceOf = (path: string): Unlike['consequence'] =>
  WORKLOAD.includes(path.split('.')[0]!) ? 'refused' : 'marked';

/** Whether the load in force is known to be the same in all variants that both sides have. */
function isSameLoad(base: Measured, candidate: Measured): boolean {
  const loads = commonVariants(base, candidate).map((pair) =>
    pair.map(({ settings }) => settings.effective?.load),
  );
  return (
    loads.length > 0 && loads.every(([one, other]) => one !== undefined && isDeepStrictEqual(one, other))
  );
}

/** A single variant on each side is the same one, however it is named. */
function commonVariants(
  { variants: base }: Measured,
  { variants: candidate }: Measured,
): readonly (readonly [SideVariant, SideVariant])[] {
  if (base.length === 1 && candidate.length === 1) return [[base[0]!, candidate[0]!]];
  return base.flatMap((one) => {
    const same = candidate.find(({ name }) => name === one.name);
    return same === undefined ? [] : [[one, same] as const];
  });
}

/** The paths at which two values differ, as far down as both are objects. */
function leaves(path: string, base: unknown, candidate: unknown): readonly Compared[] {
  if (!isRecord(base) || !isRecord(candidate)) return [[path, base, candidate]];
  const keys = [...new Set([...Object.keys(base), ...Object.keys(candidate)])];
  return keys.flatMap((key) => leaves(`${path}.${key}`, base[key], candidate[key]));
}

function variantDifferences([base, candidate]: readonly [SideVariant, SideVariant]): readonly Unlike[] {
  const of = base.name === '' ? '' : ` of "${base.name}"`;
  const [one, other] = [base.settings, candidate.settings];
  const isMeasured = base.repetitions.length > 0 && candidate.repetitions.length > 0;
  const overrides = leaves('', one.overrides, other.overrides).map(
    ([path, before, after]) => [path.slice(1), before, after] as const,
  );
  return [
    ...(isMeasured
      ? differing('driver', 'refused', [[`driver${of}`, driverOf(base), driverOf(candidate)]])
      : []),
    ...differing('profile', 'refused', [[`trace${of}`, traceOf(base), traceOf(candidate)]]),
    ...overrides.flatMap(([path, before, after]) =>
      differing('profile', consequenceOf(path), [[`${path}${of}`, before, after]]),
    ),
    ...differing('repetitions', 'marked', [
      [`repetitions${of}`, base.repetitions.length, candidate.repetitions.length],
    ]),
  ];
}

const driverOf = ({ repetitions }: SideVariant): string | undefined => repetitions[0]?.generator.driver;

/** The calls that a replay makes, by their hash: files with the same name may have others. */
function traceOf({ settings: { effective } }: SideVariant): string | undefined {
  const shape = effective?.load.shape;
  return shape?.kind === 'replay' ? shape.digest : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function quoted(value: unknown): string {
  const text = value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text;
}
