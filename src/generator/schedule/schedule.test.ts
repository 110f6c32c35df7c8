import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadSettings, Shape } from '../../profile/settings.ts';
import { type Arrival, createSchedule, type ScheduleOptions } from './schedule.ts';

const load = (over: Partial<LoadSettings> = {}): LoadSettings => ({
  shape: { kind: 'rate', perSecond: 400 },
  arrivals: 'constant',
  warmupUs: 1e6,
  durationUs: 4e6,
  agents: 64,
  connections: 64,
  maxConnections: 10_000,
  timeoutUs: 5e6,
  driver: 'undici',
  maxInFlight: 1000,
  checkIds: true,
  workers: 1,
  ...over,
});

const options = (over: Partial<ScheduleOptions> = {}): ScheduleOptions => ({
  load: load(),
  weights: [8, 1, 1],
  seed: 42,
  worker: 0,
  workers: 1,
  resident: false,
  ...over,
});

function all(opts: ScheduleOptions): readonly Arrival[] {
  const schedule = createSchedule(opts);
  const arrivals: Arrival[] = [];
  for (let next = schedule.next(); next !== undefined; next = schedule.next()) arrivals.push({ ...next });
  return arrivals;
}

describe('the schedule', () => {
  it('is the same byte for byte under the same seed', () => {
    expect(JSON.stringify(all(options({ load: load({ arrivals: 'poisson' }) })))).toBe(
      JSON.stringify(all(options({ load: load({ arrivals: 'poisson' }) }))),
    );
  });

  it('lets some agents call more than others, as Zipf has it, whatever worker they live with', () => {
    const skewed = load({ skew: 1, durationUs: 99e6, agents: 8 });
    const shares = (workers: number): readonly number[] => {
      const arrivals = Array.from({ length: workers }, (_, worker) =>
        all(options({ load: skewed, worker, workers })),
      ).flat();
      return Array.from(
        { length: 8 },
        (_, agent) => arrivals.filter((one) => one.agent === agent).length / arrivals.length,
      );
    };
    const whole = [1, 2, 3, 4, 5, 6, 7, 8].reduce((sum, rank) => sum + 1 / rank, 0);
    for (const [agent, share] of shares(1).entries()) expect(share * (agent + 1) * whole).toBeCloseTo(1, 0);
    expect(shares(3)).toEqual(shares(1));
  });

  it('is another under another seed', () => {
    expect(all(options({ seed: 1 }))).not.toEqual(all(options({ seed: 2 })));
  });

  it('offers exactly the rate when arrivals are constant', () => {
    const arrivals = all(options());
    expect(arrivals).toHaveLength(2000);
    expect(arrivals.at(-1)!.dueUs).toBe(4_997_500);
  });

  it('offers Poisson arrivals whose gaps have mean and deviation 1/rate', () => {
    const arrivals = all(options({ load: load({ arrivals: 'poisson', durationUs: 199e6 }) }));
    const gaps = arrivals.slice(1).map((arrival, i) => arrival.dueUs - arrivals[i]!.dueUs);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean / 2500).toBeCloseTo(1, 1);
    expect(deviation / 2500).toBeCloseTo(1, 1);
  });

  it('mixes calls by weight and agents evenly', () => {
    const arrivals = all(options({ load: load({ durationUs: 99e6 }) }));
    const share = (call: number): number =>
      arrivals.filter((arrival) => arrival.call === call).length / arrivals.length;
    expect([share(0), share(1), share(2)].map((value) => Math.round(value * 100))).toEqual([80, 10, 10]);
    expect(new Set(arrivals.map((arrival) => arrival.agent)).size).toBe(64);
  });

  const shapes: readonly Shape[] = [
    { kind: 'rate', perSecond: 200 },
    { kind: 'stages', stages: [{ durationUs: 4e6, fromPerSecond: 10, toPerSecond: 300 }] },
  ];
  it('deals arrival k to worker k mod N of one schedule, whatever N', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(...shapes),
        fc.constantFrom('constant' as const, 'poisson' as const),
        fc.integer(),
        (workers, shape, arrivals, seed) => {
          const base = { load: load({ shape, arrivals }), seed };
          const dealt = Array.from({ length: workers }, (_, worker) =>
            all(options({ ...base, worker, workers })),
          );
          expect(dealt.every((share, worker) => share.every(({ seq }) => seq % workers === worker))).toBe(
            true,
          );
          expect(dealt.flat().sort((a, b) => a.seq - b.seq)).toEqual(all(options(base)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([0, 1, 2])(
    'deals each arrival to the worker that its agent lives with, when agents hold state (skew %d)',
    (skew) => {
      const whole = { load: load({ arrivals: 'poisson', ...(skew > 0 ? { skew } : {}) }), resident: true };
      for (const workers of [2, 3, 7]) {
        const dealt = Array.from({ length: workers }, (_, worker) =>
          all(options({ ...whole, worker, workers })),
        );
        const lives = dealt.map((share) => new Set(share.map(({ agent }) => agent)));
        expect(lives.reduce((sum, agents) => sum + agents.size, 0)).toBe(
          new Set(lives.flatMap((set) => [...set])).size,
        );
        // Zipf's shape is kept to the call: it is the same schedule.
        expect(dealt.flat().sort((a, b) => a.seq - b.seq)).toEqual(all(options(whole)));
        expect(dealt.every((share) => share.length > 0)).toBe(true);
      }
    },
  );

  it("keeps Zipf's shape in a closed loop, when agents hold state and workers make as many calls as each other", () => {
    const skewed = load({ shape: { kind: 'closed', concurrency: 4 }, skew: 1, agents: 64 });
    const calls = 40_000;
    const made = new Array<number>(64).fill(0);
    for (const worker of [0, 1]) {
      const schedule = createSchedule(options({ load: skewed, worker, workers: 2, resident: true }));
      for (let call = 0; call < calls / 2; call += 1) made[schedule.next()!.agent]! += 1;
    }
    const whole = Array.from({ length: 64 }, (_, agent) => 1 / (agent + 1)).reduce(
      (sum, weight) => sum + weight,
    );
    for (const agent of [0, 1, 2, 3, 7]) {
      expect(made[agent]! / calls / (1 / (agent + 1) / whole)).toBeCloseTo(1, 1);
    }
  });

  it('never ends in a closed loop', () => {
    const schedule = createSchedule(
      options({ load: load({ shape: { kind: 'closed', concurrency: 4 } }), worker: 1, workers: 2 }),
    );
    expect([1, 2, 3].map(() => schedule.next()!.seq)).toEqual([1, 3, 5]);
  });

  it('hands out one object, whatever the number of arrivals', () => {
    const schedule = createSchedule(options());
    expect(schedule.next()).toBe(schedule.next());
  });
});
