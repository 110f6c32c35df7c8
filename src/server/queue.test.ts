import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../units/virtual-clock.ts';
import { Queue } from './queue.ts';

const PRESENT = { destroyed: false };

/** A request: when it comes after the one before, how long it takes in a slot, how long its caller stays. */
interface Visit {
  readonly gapUs: number;
  readonly takesUs: number;
  readonly staysUs: number;
}

interface Turn {
  readonly visit: number;
  readonly atUs: number;
  readonly slot: boolean;
}

/** Lets `visits` pass through a queue before `slots` slots; gives their turns in order, and the most that were worked on at once. */
function simulate(slots: number, visits: readonly Visit[]): { turns: readonly Turn[]; most: number } {
  const clock = new VirtualClock();
  const queue = new Queue(slots);
  const turns: Turn[] = [];
  let [working, most, atUs] = [0, 0, 0];
  for (const [visit, { gapUs, takesUs, staysUs }] of visits.entries()) {
    atUs += gapUs;
    clock.at(atUs, () => {
      const caller = { destroyed: false };
      clock.at(clock.now() + staysUs, () => {
        caller.destroyed = true;
      });
      queue.enter(caller, (slot) => {
        turns.push({ visit, atUs: clock.now(), slot });
        if (!slot) return;
        working += 1;
        most = Math.max(most, working);
        clock.at(clock.now() + takesUs, () => {
          working -= 1;
          queue.release();
        });
      });
    });
  }
  clock.advance(1e9);
  return { turns, most };
}

/** When each turn comes, by the recursion of Kiefer and Wolfowitz (1955) for a queue with several servers: at the first time at which both the request and a slot are there. */
function expectedTurns(slots: number, visits: readonly Visit[]): readonly Turn[] {
  const freeAt = new Array<number>(slots).fill(0);
  let arrivedUs = 0;
  return visits.map(({ gapUs, takesUs, staysUs }, visit) => {
    arrivedUs += gapUs;
    const first = freeAt.indexOf(Math.min(...freeAt));
    const atUs = Math.max(arrivedUs, freeAt[first]!);
    const slot = atUs < arrivedUs + staysUs;
    if (slot) freeAt[first] = atUs + takesUs;
    return { visit, atUs, slot };
  });
}

/** In thousandths of the grid: requests come at 0, callers leave at 500, slots are given back at 1 to 100. So nothing coincides, and no order at one instant matters. */
const visit = fc.record({
  gapUs: fc.nat(20).map((gap) => gap * 1000),
  takesUs: fc.nat(60).map((takes) => takes * 1000 + 1),
  staysUs: fc.oneof(fc.nat(80), fc.constant(500_000)).map((stays) => stays * 1000 + 500),
});
const visits = fc.array(visit, { maxLength: 100 });
const slots = fc.integer({ min: 1, max: 5 });

describe('the queue of a finite server', () => {
  it('never has more at work than it has slots', () => {
    fc.assert(
      fc.property(slots, visits, (n, all) => {
        expect(simulate(n, all).most).toBeLessThanOrEqual(n);
      }),
    );
  });

  it('gives every request its turn, once and in order of arrival', () => {
    fc.assert(
      fc.property(slots, visits, (n, all) => {
        expect(simulate(n, all).turns.map((turn) => turn.visit)).toEqual([...all.keys()]);
      }),
    );
  });

  it('lets no slot stand idle while a request waits, and gives none to a caller that has gone', () => {
    fc.assert(
      fc.property(slots, visits, (n, all) => {
        const turns = simulate(n, all).turns.filter(({ slot }) => slot);
        expect(turns).toEqual(expectedTurns(n, all).filter(({ slot }) => slot));
      }),
    );
  });

  it('works through any number of requests that take no time', () => {
    const queue = new Queue(1);
    let done = 0;
    queue.enter(PRESENT, () => {});
    for (let i = 0; i < 100_000; i += 1) {
      queue.enter(PRESENT, () => {
        done += 1;
        queue.release();
      });
    }
    expect(done).toBe(0);
    queue.release();
    expect(done).toBe(100_000);
  });
});

describe('work in a slot', () => {
  it('gives what it comes to', async () => {
    const queue = new Queue(1);
    const results = ['a', 'b', 'c'].map((text, index) =>
      queue.run(PRESENT, () => (index === 1 ? text : Promise.resolve(text))),
    );
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
  });

  it('gives the slot back however it ends', async () => {
    const queue = new Queue(1);
    const thrown = queue.run(PRESENT, () => {
      throw new Error('thrown');
    });
    const rejected = queue.run(PRESENT, () => Promise.reject(new Error('rejected')));
    await expect(thrown).rejects.toThrow('thrown');
    await expect(rejected).rejects.toThrow('rejected');
    expect(await queue.run(PRESENT, () => 'next')).toBe('next');
  });

  it('is not begun for a caller that went away while it waited', async () => {
    const queue = new Queue(1);
    const caller = { destroyed: false };
    let end = (): void => {};
    const first = queue.run(
      PRESENT,
      () =>
        new Promise<string>((resolve) => {
          end = () => resolve('first');
        }),
    );
    const left = queue.run(caller, () => expect.unreachable());
    const last = queue.run(PRESENT, () => 'last');
    caller.destroyed = true;
    end();
    expect(await Promise.all([first, left, last])).toEqual(['first', undefined, 'last']);
  });
});
