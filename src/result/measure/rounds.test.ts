import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rounds as measure, RoundTally } from '../../recording/measure/rounds.ts';
import { rounds } from './rounds.ts';

/** Clocks have fractions of a microsecond. */
const timesUs = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 });

it('are read back from a result, whatever the times of answers and thoughts', () => {
  fc.assert(
    fc.property(fc.array(timesUs, { minLength: 1, maxLength: 3 }), (workers) => {
      const counts = workers.map((times) => {
        const tally = new RoundTally();
        for (const timeUs of times) {
          tally.thought(timeUs);
          tally.retried({
            ...{ askedBy: '1', servedBy: '2', outcome: 'ok', refused: false },
            ...{ timeUs, stateBytes: 41 },
          });
          tally.ended(1, 0, 'answered');
        }
        return tally.counts();
      });
      const figures = rounds.figures({ measures: { rounds: measure.merge(counts) } } as never, {} as never);
      expect(rounds.schema.parse(JSON.parse(JSON.stringify(figures)))).toEqual(figures);
      const thoughtUs = workers.flat().reduce((all, us) => all + us, 0);
      expect(Math.abs(figures!.thinkUs - thoughtUs)).toBeLessThan(workers.length);
    }),
  );
});
