import { describe, expect, it } from 'vitest';
import type { PlannedFault } from '../../profile/settings.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import { type FaultTimeline, playFaults, type Stage } from './timeline.ts';

const SECOND = 1e6;

interface Bench {
  readonly clock: VirtualClock;
  /** What was done to the fleet, as `second deed`. */
  readonly deeds: string[];
  readonly timeline: FaultTimeline;
}

/** A fleet "1".."4" that does as it is told at once, but for the `deaf` deeds; new instances are "5", "6" ... */
function bench(
  faults: readonly Partial<PlannedFault>[],
  { seed = 7, deaf = [] as readonly string[], joinUs = 0 } = {},
): Bench {
  const clock = new VirtualClock();
  const deeds: string[] = [];
  const say = (deed: string): void => {
    if (deaf.includes(deed)) throw new Error(`no ${deed}`);
    deeds.push(`${clock.now() / SECOND} ${deed}`);
  };
  let made = 4;
  const stage: Stage = {
    instances: ['1', '2', '3', '4'],
    kill: async (id) => say(`kill ${id}`),
    pause: (id) => say(`pause ${id}`),
    resume: (id) => say(`resume ${id}`),
    slow: async (id, us) => say(`slow ${id} ${us}`),
    drain: async (id) => say(`drain ${id}`),
    join: async () => {
      made += 1;
      if (joinUs > 0) await new Promise<void>((resolve) => clock.at(clock.now() + joinUs, resolve));
      say(`join ${made}`);
      return String(made);
    },
  };
  const whole = faults.map(
    (fault) => ({ kind: 'kill', atUs: 0, count: 1, forUs: 0, byUs: 0, ...fault }) as const,
  );
  const timeline = playFaults({ faults: whole, seed, clock, startUs: SECOND, stage });
  return { clock, deeds, timeline };
}

describe('faults on a timeline', () => {
  it.each<[string, Partial<PlannedFault>, readonly string[], readonly string[]]>([
    ['kill', { kind: 'kill', instance: 2 }, ['4 kill 2'], ['1', '3', '4']],
    ['add', { kind: 'add' }, ['4 join 5'], ['1', '2', '3', '4', '5']],
    [
      'pause',
      { kind: 'pause', instance: 1, forUs: 2 * SECOND },
      ['4 pause 1', '6 resume 1'],
      ['1', '2', '3', '4'],
    ],
    [
      'slow',
      { kind: 'slow', instance: 4, forUs: SECOND, byUs: 200_000 },
      ['4 slow 4 200000', '5 slow 4 0'],
      ['1', '2', '3', '4'],
    ],
    ['drain', { kind: 'drain', instance: 3, forUs: SECOND }, ['4 drain 3', '5 kill 3'], ['1', '2', '4']],
  ])(
    'plays %s at its time, counted from the start of the measured time',
    async (_, fault, deeds, serving) => {
      const { clock, deeds: done, timeline } = bench([{ ...fault, atUs: 3 * SECOND }]);
      await clock.run();
      expect(done).toEqual(deeds);
      expect(timeline.events).toMatchObject([{ kind: fault.kind, atUs: 3 * SECOND, serving }]);
      expect(timeline.notes).toEqual([]);
    },
  );

  it('replaces one instance after the other', async () => {
    const { clock, deeds, timeline } = bench([{ kind: 'restart', count: 0, forUs: 2 * SECOND }]);
    await clock.run();
    expect(deeds.filter((deed) => !deed.includes('join'))).toEqual([
      '1 drain 1',
      '3 drain 2',
      '3 kill 1',
      '5 drain 3',
      '5 kill 2',
      '7 drain 4',
      '7 kill 3',
      '9 kill 4',
    ]);
    expect(timeline.events.map(({ instances }) => instances)).toEqual([['1'], ['2'], ['3'], ['4']]);
    expect(timeline.events.at(-1)!.serving).toEqual(['5', '6', '7', '8']);
  });

  it('strikes the same instances with the same seed, and never one twice', async () => {
    const struck = async (seed: number): Promise<readonly string[]> => {
      const { clock, timeline } = bench([{ count: 2 }, { count: 2, atUs: SECOND }], { seed });
      await clock.run();
      return timeline.events.flatMap(({ instances }) => instances);
    };
    const seen = await Promise.all([1, 2, 3, 4, 5, 6].map(struck));
    expect(await struck(1)).toEqual(seen[0]);
    for (const each of seen) expect([...each].sort()).toEqual(['1', '2', '3', '4']);
    expect(new Set(seen.map(String)).size).toBeGreaterThan(1);
  });

  it('says so when nobody is left to strike', async () => {
    const { clock, deeds, timeline } = bench([{ instance: 2 }, { instance: 2, atUs: SECOND }]);
    await clock.run();
    expect(deeds).toEqual(['1 kill 2']);
    expect(timeline.notes).toEqual(['kill found no instance 2 that still served']);
  });

  it('knows an instance that joined by its number, and no other by it', async () => {
    const { clock, deeds, timeline } = bench([
      { instance: 5 },
      { kind: 'add', atUs: SECOND },
      { instance: 2, atUs: 2 * SECOND },
      { instance: 5, atUs: 3 * SECOND },
    ]);
    await clock.run();
    expect(deeds).toEqual(['2 join 5', '3 kill 2', '4 kill 5']);
    expect(timeline.events.map(({ serving }) => serving.join(''))).toEqual(['12345', '1345', '134']);
    expect(timeline.notes).toEqual(['kill found no instance 5 that still served']);
  });

  it('does not restart what another fault struck while the new one joined', async () => {
    const { clock, deeds, timeline } = bench(
      [
        { kind: 'restart', count: 0, forUs: 4 * SECOND },
        { instance: 1, atUs: SECOND },
      ],
      { joinUs: 2 * SECOND },
    );
    await clock.run();
    expect(deeds.filter((deed) => / [15]$/.test(deed))).toEqual(['2 kill 1', '3 join 5']);
    // A turn begins when the new one is sent for, not when it has joined.
    expect(timeline.events.map(({ atUs }) => atUs / SECOND)).toEqual([1, 4, 8, 12]);
    expect(timeline.events.at(-1)!.serving).toEqual(['5', '6', '7', '8']);
  });

  it('notes what could not be done, and leaves it out of the log', async () => {
    const deaf = ['drain 2', 'drain 3', 'join 6'];
    const { clock, deeds, timeline } = bench(
      [
        { kind: 'drain', instance: 2, forUs: SECOND },
        { kind: 'add', count: 2, atUs: SECOND },
        { instance: 2, atUs: 2 * SECOND },
        { kind: 'drain', instance: 3, atUs: 3 * SECOND, forUs: SECOND },
      ],
      { deaf },
    );
    await clock.run();
    expect(deeds).toEqual(['2 join 5', '3 kill 2']);
    expect(timeline.events).toMatchObject([
      { kind: 'add', instances: ['5'], serving: ['1', '3', '4', '2', '5'] },
      { kind: 'kill', instances: ['2'], serving: ['1', '3', '4', '5'] },
    ]);
    expect(timeline.notes).toEqual(
      ['drain 2', 'join 6', 'drain 3'].map((deed) => `a fault could not be played: no ${deed}`),
    );
  });

  it('lets nothing stay paused or slow when the load ends early, and plays nothing more', async () => {
    const { clock, deeds, timeline } = bench([
      { kind: 'pause', instance: 1, forUs: 60 * SECOND },
      { kind: 'slow', instance: 2, forUs: 60 * SECOND, byUs: 5000 },
      { kind: 'kill', instance: 3, atUs: 5 * SECOND },
    ]);
    clock.advance(2 * SECOND);
    await new Promise((resolve) => setImmediate(resolve));
    await timeline.end();
    await clock.run();
    expect(deeds).toEqual(['1 pause 1', '1 slow 2 5000', '2 resume 1', '2 slow 2 0']);
  });
});
