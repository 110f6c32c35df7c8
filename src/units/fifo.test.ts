import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fifo } from './fifo.ts';

describe('the queue', () => {
  it('gives what it took, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 12 }), (moves) => {
        const queue = new Fifo<number>();
        const model: number[] = [];
        let next = 0;
        for (const move of moves) {
          for (let i = 0; i < move; i += 1) {
            queue.push(next);
            model.push(next);
            next += 1;
          }
          for (let i = 0; i > move; i -= 1) expect(queue.shift()).toBe(model.shift());
          expect(queue.size).toBe(model.length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
