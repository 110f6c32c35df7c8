/** @module The quantity `resources`: what the processes of the fleet and the embedded balancer used over the measured time. */
import {
  resources as measure,
  type ResourceCounts,
  type UsedByProcess,
} from '../../recording/measure/resources.ts';
import { countsOf } from '../../recording/recording.ts';
import type { Quantity } from './quantity.ts';
import { type ProcessUse, ResourceFigures } from './resource-figures.ts';

/** More steps than these are taken together, the same number of each. */
const MOST_STEPS = 600;
/** Rounded up, a process that never waits reads less than 1 now and then. */
const WHOLE_CORE = 0.95;
/** A whole core for less than this is a start or a collection, and no limit. */
const SHORTEST_MS = 3000;
const MIB = 2 ** 20;

/** Absent of targets, on systems without `/proc`, of less than a second, and from results of earlier versions. */
export const resources: Quantity<'resources', ResourceFigures | undefined> = {
  name: 'resources',
  schema: ResourceFigures.optional(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    return counts && figuresOf(counts);
  },
  metrics: [],
};

function figuresOf({ stepUs, processes }: ResourceCounts): ResourceFigures {
  const steps = Math.max(0, ...processes.map(({ readings }) => readings.length));
  const taken = Math.max(1, Math.ceil(steps / MOST_STEPS));
  const stepMs = (taken * stepUs) / 1000;
  return { stepMs, processes: processes.map((one) => useOf(one, taken, stepUs, stepMs)) };
}

/** `taken`: how many steps make one figure. */
function useOf(
  { part, name, readings, cpuUs, rssBytes, gcUs }: UsedByProcess,
  taken: number,
  stepUs: number,
  stepMs: number,
): ProcessUse {
  const counts = summed(readings, taken);
  const mean = (values: readonly number[], unit: number, digits: number): readonly (number | null)[] =>
    summed(values, taken).map((sum, at) =>
      counts[at] === 0 ? null : Number((sum / counts[at]! / unit).toFixed(digits)),
    );
  const cpu = mean(cpuUs, stepUs, 3);
  return {
    part,
    name,
    cpu: [...cpu],
    rssMiB: [...mean(rssBytes, MIB, 1)],
    ...(gcUs && { gc: [...mean(gcUs, stepUs, 4)] }),
    wholeCore: wholeCore(cpu, stepMs),
  };
}

/** Sums of `taken` neighbours at a time. */
function summed(values: readonly number[], taken: number): readonly number[] {
  return Array.from({ length: Math.ceil(values.length / taken) }, (_, at) =>
    values.slice(at * taken, (at + 1) * taken).reduce((sum, value) => sum + value, 0),
  );
}

function wholeCore(cpu: readonly (number | null)[], stepMs: number): ProcessUse['wholeCore'] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const [at, cores] of cpu.entries()) {
    if ((cores ?? 0) < WHOLE_CORE) continue;
    const last = spans.at(-1);
    if (last?.toMs === at * stepMs) last.toMs += stepMs;
    else spans.push({ fromMs: at * stepMs, toMs: (at + 1) * stepMs });
  }
  return spans.filter(({ fromMs, toMs }) => toMs - fromMs >= SHORTEST_MS);
}
