import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../units/virtual-clock.ts';
import { Deadline, Deadlines } from './deadlines.ts';

class Noted extends Deadline {
  readonly #name: number;
  readonly #notes: [number, number][];

  constructor(name: number, notes: [number, number][]) {
    super();
    this.#name = name;
    this.#notes = notes;
  }

  override expire(nowUs: number): void {
    this.#notes.push([this.#name, nowUs]);
  }
}

describe('deadlines', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('expire in order, never early, at most a few milliseconds late, and not at all once met', () => {
    const step = fc.record({ waitMs: fc.nat(40), meets: fc.option(fc.nat(20), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = new VirtualClock();
        const deadlines = new Deadlines(clock, 50_000);
        const notes: [number, number][] = [];
        const set: { deadline: Noted; atUs: number; met: boolean }[] = [];
        const pass = (ms: number): void => {
          for (let i = 0; i < ms; i += 1) {
            clock.advance(1000);
            vi.advanceTimersByTime(1);
          }
        };
        for (const { waitMs, meets } of steps) {
          const deadline = new Noted(set.length, notes);
          deadlines.set(deadline, clock.now());
          set.push({ deadline, atUs: clock.now(), met: false });
          pass(waitMs);
          const target = meets === undefined ? undefined : set[meets];
          if (target !== undefined && !target.met && !notes.some(([name]) => name === meets)) {
            target.met = true;
            deadlines.clear(target.deadline);
          }
        }
        const open = [...set.keys()].filter(
          (name) => !set[name]!.met && !notes.some(([noted]) => noted === name),
        );
        const listed = deadlines.listed().map((each) => set.findIndex(({ deadline }) => deadline === each));
        expect(listed).toEqual(open);
        pass(60);
        expect(deadlines.listed()).toEqual([]);
        const expected = set.flatMap(({ met, atUs }, name) => (met ? [] : [[name, atUs + 50_000] as const]));
        expect(notes.map(([name]) => name)).toEqual(expected.map(([name]) => name));
        for (const [index, [, atUs]] of notes.entries()) {
          expect(atUs - expected[index]![1]).toBeGreaterThanOrEqual(0);
          expect(atUs - expected[index]![1]).toBeLessThanOrEqual(2000);
        }
        deadlines.close();
        expect(vi.getTimerCount()).toBe(0);
      }),
    );
  });

  it('that are closed by the one that expires do not expire any more', () => {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock, 50_000);
    const notes: [number, number][] = [];
    class Closing extends Noted {
      override expire(nowUs: number): void {
        super.expire(nowUs);
        deadlines.close();
      }
    }
    for (const deadline of [new Noted(0, notes), new Closing(1, notes), new Noted(2, notes)])
      deadlines.set(deadline, clock.now());
    clock.advance(60_000);
    vi.advanceTimersByTime(60);
    expect(notes.map(([name]) => name)).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
