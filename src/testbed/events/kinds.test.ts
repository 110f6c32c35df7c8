import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type FaultKind, type PlannedFault } from '../../profile/section/faults.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Controls } from '../part.ts';
import { EVENT_KINDS, eventKind, takesAway } from './kinds.ts';
import { createTimeline } from './timeline.ts';

/** Controls that only count how often each is used. */
function countingControls(): { readonly controls: Controls; readonly used: Set<string> } {
  const used = new Set<string>();
  const control =
    <T>(name: keyof Controls, answer: T) =>
    (): T => {
      used.add(name);
      return answer;
    };
  const done = Promise.resolve();
  return {
    used,
    controls: {
      startInstance: control('startInstance', Promise.resolve({ id: '3', url: 'http://127.0.0.1:1/mcp' })),
      join: control('join', Promise.resolve('3')),
      drain: control('drain', done),
      kill: control('kill', done),
      pause: control('pause', undefined),
      resume: control('resume', undefined),
      slow: control('slow', done),
      changeCatalogue: control('changeCatalogue', done),
    },
  };
}

describe('the table of events', () => {
  it('has a row for each kind of fault in a profile, in its order', () => {
    expect(Object.keys(EVENT_KINDS)).toEqual(FAULT_KINDS);
  });

  it.each(FAULT_KINDS)(
    'names in its row for %s all the controls that are used, and no other',
    async (kind) => {
      const { controls, used } = countingControls();
      const clock = new VirtualClock();
      const fault: PlannedFault = { kind, atUs: 0, count: 1, forUs: 1000, byUs: 1 };
      const timeline = createTimeline({ faults: [fault], seed: 1, clock, controls, instances: ['1', '2'] });
      timeline.start(0);
      await clock.run();
      expect([...used].sort()).toEqual([...EVENT_KINDS[kind].needs].sort());
      expect(timeline.injected().notes).toEqual([]);
    },
  );

  it.each<[FaultKind, boolean]>([
    ['kill', true],
    ['drain', true],
    ['restart', true],
    ['add', false],
    ['pause', false],
    ['slow', false],
  ])('knows whether %s takes instances away: %s', (kind, expected) => {
    expect(takesAway(kind)).toBe(expected);
  });

  it('has nothing for a kind that it does not know', () => {
    expect([eventKind('flood'), eventKind('constructor'), takesAway('toString')]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });
});
