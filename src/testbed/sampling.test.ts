import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CollectionTimes } from '../process/collections.ts';
import { VirtualClock } from '../units/virtual-clock.ts';
import { type ReadUsage, SAMPLE_STEP, type SampledProcess, Sampling } from './sampling.ts';

const SECOND = SAMPLE_STEP;
const instance = (pid: number, collections?: () => Promise<CollectionTimes>): SampledProcess => ({
  part: 'fleet',
  name: String(pid),
  pid,
  ...(collections && { collections }),
});

/** Samples `processes` for `seconds` from the second second on. */
async function sampled(
  list: (clock: VirtualClock) => readonly SampledProcess[],
  read: (clock: VirtualClock) => ReadUsage,
  seconds = 3,
) {
  const clock = new VirtualClock();
  const sampling = new Sampling(() => list(clock), clock, read(clock));
  sampling.start(SECOND, SECOND * (1 + seconds));
  await clock.run();
  return sampling.end();
}

/** Uses half a core, and a MiB more each second. */
const HALF = (clock: VirtualClock) => (): ReturnType<ReadUsage> => ({
  cpuUs: clock.now() / 2,
  rssBytes: (clock.now() / SECOND) * 2 ** 20,
});

describe('sampling', () => {
  it('gives what each process used in each second of the measured time', async () => {
    expect(await sampled(() => [instance(7)], HALF)).toEqual({
      stepUs: SECOND,
      processes: [
        {
          part: 'fleet',
          name: '7',
          readings: [1, 1, 1],
          cpuUs: [500_000, 500_000, 500_000],
          rssBytes: [2, 3, 4].map((mib) => mib * 2 ** 20),
        },
      ],
    });
  });

  it('leaves out the part of a second at the end, and knows nothing of less than a second', async () => {
    expect((await sampled(() => [instance(7)], HALF, 2.5))!.processes[0]!.readings).toHaveLength(2);
    expect(await sampled(() => [instance(7)], HALF, 0.5)).toBeUndefined();
  });

  it('has no figures of the seconds before a process joined and after it ended', async () => {
    const found = await sampled(
      (clock) => (clock.now() < 2 * SECOND ? [instance(7)] : [instance(7), instance(8)]),
      (clock) => (pid) => (pid === 7 && clock.now() > 2 * SECOND ? undefined : HALF(clock)()),
    );
    expect(found!.processes.map(({ name, readings }) => [name, readings])).toEqual([
      ['7', [1, 0, 0]],
      ['8', [0, 1, 1]],
    ]);
  });

  it('knows nothing where nothing can be read, and of a testbed without processes', async () => {
    expect(
      await sampled(
        () => [instance(7)],
        () => () => undefined,
      ),
    ).toBeUndefined();
    expect(await sampled(() => [], HALF)).toBeUndefined();
  });

  it('places collections of garbage in the seconds in which they began', async () => {
    const steps = new VirtualClock().date().getTime() / 100;
    const times: CollectionTimes = [
      [steps + 5, 900],
      [steps + 10, 100],
      [steps + 19, 20],
      [steps + 35, 3],
      [steps + 45, 7000],
    ];
    const found = await sampled(() => [instance(7, async () => times)], HALF);
    expect(found!.processes[0]!.gcUs).toEqual([120, 0, 3]);
  });

  it('goes without the collections of a process that has ended or stands still', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const waiting = sampled(
      () => [instance(7, () => Promise.reject(new Error('ended'))), instance(8, () => new Promise(() => {}))],
      HALF,
    );
    await vi.advanceTimersByTimeAsync(3000);
    expect((await waiting)!.processes.map(({ gcUs }) => gcUs)).toEqual([undefined, undefined]);
  });
});
