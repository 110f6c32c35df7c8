import { describe, expect, it } from 'vitest';
import {
  resources as measure,
  type ResourceCounts,
  type UsedByProcess,
} from '../../recording/measure/resources.ts';
import { recordingOf } from '../summary/result.case.ts';
import type { ResourceFigures } from './resource-figures.ts';
import { resources } from './resources.ts';
import { totalsOf } from './totals.ts';

const MIB = 2 ** 20;

/** A process that was read in each second, and used these cores. */
const used = (cores: readonly number[], over: Partial<UsedByProcess> = {}): UsedByProcess => ({
  part: 'fleet',
  name: '1',
  readings: cores.map(() => 1),
  cpuUs: cores.map((share) => share * 1e6),
  rssBytes: cores.map(() => 50 * MIB),
  ...over,
});

const counts = (...processes: UsedByProcess[]): ResourceCounts => ({ stepUs: 1e6, processes });

function figuresOf(of: ResourceCounts | undefined): ResourceFigures | undefined {
  const recording = { ...recordingOf([]), measures: of === undefined ? {} : { resources: of } };
  return resources.figures(recording, totalsOf(recording));
}

describe('what processes used', () => {
  it('is absent where nothing was read', () => {
    expect(figuresOf(undefined)).toBeUndefined();
  });

  it('is in cores, MiB and shares of the time', () => {
    expect(figuresOf(counts(used([0.25, 0.5], { gcUs: [10_000, 0] })))).toEqual({
      stepMs: 1000,
      processes: [
        { part: 'fleet', name: '1', cpu: [0.25, 0.5], rssMiB: [50, 50], gc: [0.01, 0], wholeCore: [] },
      ],
    });
  });

  it('is the mean of the repetitions in which a process ran', () => {
    const gone = used([0.2, 0], { readings: [1, 0], rssBytes: [30 * MIB, 0] });
    const merged = measure.merge([counts(used([0.4, 0.6, 0.8])), counts(gone)]);
    expect(figuresOf(merged)!.processes[0]).toMatchObject({
      cpu: [0.3, 0.6, 0.8],
      rssMiB: [40, 50, 50],
    });
    expect(figuresOf(counts(gone))!.processes[0]).toMatchObject({ cpu: [0.2, null], rssMiB: [30, null] });
  });

  it('keeps an instance apart from a balancer of that name, and tells no collections that some repetitions lack', () => {
    const merged = measure.merge([
      counts(used([0.4], { gcUs: [5] }), used([0.1], { part: 'balancer' })),
      counts(used([0.4])),
    ]);
    expect(merged.processes.map(({ part, readings, gcUs }) => [part, readings, gcUs])).toEqual([
      ['fleet', [2], undefined],
      ['balancer', [1], undefined],
    ]);
  });

  it('is thinned evenly to 600 steps at most', () => {
    const long = figuresOf(counts(used(Array.from({ length: 1500 }, (_, second) => (second % 3) / 10))))!;
    expect(long.stepMs).toBe(3000);
    expect(long.processes[0]!.cpu).toEqual(Array.from({ length: 500 }, () => 0.1));
  });

  it('says when a whole core was used for three seconds or more', () => {
    const spans = (...cores: number[]) => figuresOf(counts(used(cores)))!.processes[0]!.wholeCore;
    expect(spans(0.2, 0.97, 1, 1.2, 0.98, 0.3)).toEqual([{ fromMs: 1000, toMs: 5000 }]);
    expect(spans(1, 1, 0.5, 1, 1, 1)).toEqual([{ fromMs: 3000, toMs: 6000 }]);
    expect(spans(0.9, 0.94, 0.9, 0.93)).toEqual([]);
  });
});
