import { describe, expect, it } from 'vitest';
import type { PlannedFault } from '../../profile/settings.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Controls } from '../part.ts';
import type { Injected } from './injected.ts';
import { createTimeline, type EventTimeline } from './timeline.ts';

const SECOND = 1e6;

interface Bench {
  readonly clock: VirtualClock;
  /** What was done to the fleet, as `second action`. */
  readonly actions: string[];
  readonly timeline: EventTimeline;
  /** Lets all events pass. */
  run(): Promise<Injected>;
}

/** A fleet "1".."4" whose controls act at once, but for the `failing` actions; new instances are "5", "6" ... */
function bench(
  faults: readonly Partial<PlannedFault>[],
  { seed = 7, failing = [] as readonly string[], joinUs = 0 } = {},
): Bench {
  const clock = new VirtualClock();
  const actions: string[] = [];
  const act = (action: string): void => {
    if (failing.includes(action)) throw new Error(`no ${action}`);
    actions.push(`${clock.now() / SECOND} ${action}`);
  };
  let made = 4;
  const controls: Partial<Controls> = {
    kill: async (id) => act(`kill ${id}`),
    pause: (id) => act(`pause ${id}`),
    resume: (id) => act(`resume ${id}`),
    slow: async (id, us) => act(`slow ${id} ${us}`),
    drain: async (id) => act(`drain ${id}`),
    join: async () => {
      made += 1;
      if (joinUs > 0) await new Promise<void>((resolve) => clock.at(clock.now() + joinUs, resolve));
      act(`join ${made}`);
      return String(made);
    },
  };
  const timeline = createTimeline({
    faults: faults.map((fault) => ({ kind: 'kill', atUs: 0, count: 1, forUs: 0, byUs: 0, ...fault })),
    seed,
    clock,
    controls,
    instances: ['1', '2', '3', '4'],
  });
  timeline.start(SECOND);
  const run = async (): Promise<Injected> => {
    await clock.run();
    return timeline.injected();
  };
  return { clock, actions, timeline, run };
}

describe('events on a timeline', () => {
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
    'injects %s at its time, counted from the start of the measured time',
    async (_, event, expected, serving) => {
      const { actions, run } = bench([{ ...event, atUs: 3 * SECOND }]);
      const { events, notes } = await run();
      expect(actions).toEqual(expected);
      expect(events).toMatchObject([{ kind: event.kind, atUs: 3 * SECOND, serving }]);
      expect(notes).toEqual([]);
    },
  );

  it('replaces one instance after the other', async () => {
    const { actions, run } = bench([{ kind: 'restart', count: 0, forUs: 2 * SECOND }]);
    const { events, instances } = await run();
    expect(actions.filter((action) => !action.includes('join'))).toEqual([
      '1 drain 1',
      '3 drain 2',
      '3 kill 1',
      '5 drain 3',
      '5 kill 2',
      '7 drain 4',
      '7 kill 3',
      '9 kill 4',
    ]);
    expect(events.map((event) => event.instances)).toEqual([['1'], ['2'], ['3'], ['4']]);
    expect(events.at(-1)!.serving).toEqual(['5', '6', '7', '8']);
    expect(instances).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });

  it.each([SECOND, 0])(
    'chooses the same instances with the same seed, and never one twice (%i us apart)',
    async (atUs) => {
      const chosen = async (seed: number): Promise<readonly string[]> => {
        const { events } = await bench([{ count: 2 }, { count: 2, atUs }], { seed }).run();
        return events.flatMap(({ instances }) => instances);
      };
      const seen = await Promise.all([1, 2, 3, 4, 5, 6].map(chosen));
      expect(await chosen(1)).toEqual(seen[0]);
      for (const each of seen) expect([...each].sort()).toEqual(['1', '2', '3', '4']);
      expect(new Set(seen.map(String)).size).toBeGreaterThan(1);
    },
  );

  it('notes that no instance is left', async () => {
    const every = [1, 2, 3, 4].map((instance) => ({ instance }));
    const { actions, run } = bench([
      ...every,
      { instance: 2, atUs: SECOND },
      { kind: 'drain', atUs: SECOND },
    ]);
    const { notes } = await run();
    expect(actions).toEqual(['1 kill 1', '1 kill 2', '1 kill 3', '1 kill 4']);
    expect(notes).toEqual([
      { kind: 'event-without-instance', part: 'events', event: 'kill', number: 2 },
      { kind: 'event-without-instance', part: 'events', event: 'drain' },
    ]);
  });

  it('knows an instance that joined by its number, and no other by it', async () => {
    const { actions, run } = bench([
      { instance: 5 },
      { kind: 'add', atUs: SECOND },
      { instance: 2, atUs: 2 * SECOND },
      { instance: 5, atUs: 3 * SECOND },
    ]);
    const { events, notes } = await run();
    expect(actions).toEqual(['2 join 5', '3 kill 2', '4 kill 5']);
    expect(events.map(({ serving }) => serving.join(''))).toEqual(['12345', '1345', '134']);
    expect(notes).toEqual([{ kind: 'event-without-instance', part: 'events', event: 'kill', number: 5 }]);
  });

  it('does not restart what another event killed while the new one joined', async () => {
    const { actions, run } = bench(
      [
        { kind: 'restart', count: 0, forUs: 4 * SECOND },
        { instance: 1, atUs: SECOND },
      ],
      { joinUs: 2 * SECOND },
    );
    const { events } = await run();
    expect(actions.filter((action) => / [15]$/.test(action))).toEqual(['2 kill 1', '3 join 5']);
    // A turn begins when the new one is asked to join, not when it has joined.
    expect(events.map(({ atUs }) => atUs / SECOND)).toEqual([1, 4, 8, 12]);
    expect(events.at(-1)!.serving).toEqual(['5', '6', '7', '8']);
  });

  it('notes what could not be done, and leaves it out of what was injected', async () => {
    const failing = ['drain 2', 'drain 3', 'join 6'];
    const { actions, run } = bench(
      [
        { kind: 'drain', instance: 2, forUs: SECOND },
        { kind: 'add', count: 2, atUs: SECOND },
        { instance: 2, atUs: 2 * SECOND },
        { kind: 'drain', instance: 3, atUs: 3 * SECOND, forUs: SECOND },
      ],
      { failing },
    );
    const { events, notes } = await run();
    expect(actions).toEqual(['2 join 5', '3 kill 2']);
    expect(events).toMatchObject([
      { kind: 'add', instances: ['5'], serving: ['1', '3', '4', '2', '5'] },
      { kind: 'kill', instances: ['2'], serving: ['1', '3', '4', '5'] },
    ]);
    const failed = { kind: 'event-failed', part: 'events' } as const;
    expect(notes).toEqual([
      { ...failed, event: 'drain', instance: '2', reason: 'no drain 2' },
      { ...failed, event: 'add', reason: 'no join 6' },
      { ...failed, event: 'drain', instance: '3', reason: 'no drain 3' },
    ]);
  });

  it('notes an end that fails, too', async () => {
    const { run } = bench([{ kind: 'pause', instance: 1, forUs: SECOND }], { failing: ['resume 1'] });
    const { events, notes } = await run();
    expect(events).toMatchObject([{ kind: 'pause', instances: ['1'] }]);
    expect(notes).toMatchObject([{ kind: 'event-failed', event: 'pause', reason: 'no resume 1' }]);
  });

  it('drains no instance in whose place none joined', async () => {
    const { actions, run } = bench([{ kind: 'restart', count: 0, forUs: SECOND }], { failing: ['join 6'] });
    const { events } = await run();
    expect(actions.filter((action) => action.includes('drain'))).toEqual([
      '1 drain 1',
      '3 drain 3',
      '4 drain 4',
    ]);
    expect(events.map(({ instances }) => instances)).toEqual([['1'], ['3'], ['4']]);
  });

  it('ends what lasts when the load ends early, and injects nothing more', async () => {
    const { clock, actions, timeline } = bench([
      { kind: 'pause', instance: 1, forUs: 60 * SECOND },
      { kind: 'slow', instance: 2, forUs: 60 * SECOND, byUs: 5000 },
      { kind: 'kill', instance: 3, atUs: 5 * SECOND },
    ]);
    clock.advance(2 * SECOND);
    await new Promise((resolve) => setImmediate(resolve));
    await timeline.end();
    await clock.run();
    expect(actions).toEqual(['1 pause 1', '1 slow 2 5000', '2 resume 1', '2 slow 2 0']);
  });

  it('ends nothing when the load never began', async () => {
    const controls = { kill: async () => {} };
    const faults = [{ kind: 'kill', atUs: 0, count: 1, forUs: 0, byUs: 0 }] as const;
    const options = { faults, seed: 1, clock: new VirtualClock(), controls, instances: ['1'] };
    const timeline = createTimeline(options);
    await timeline.end();
    expect(timeline.injected()).toEqual({ events: [], notes: [], instances: ['1'] });
  });

  it('is refused where the testbed lacks a control', () => {
    const faults = [{ kind: 'pause', atUs: 0, count: 1, forUs: 1, byUs: 0 }] as const;
    const controls = { pause: () => {} };
    const options = { faults, seed: 1, clock: new VirtualClock(), controls, instances: ['1'] };
    expect(() => createTimeline(options)).toThrow('faults: pause needs the control "resume"');
  });
});
