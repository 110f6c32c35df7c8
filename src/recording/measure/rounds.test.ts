/** @module Counts of rounds, of several workers as one. */
import { expect, it } from 'vitest';
import { type EndedRetry, RoundTally, rounds } from './rounds.ts';

const RETRY: EndedRetry = {
  askedBy: '1',
  servedBy: '2',
  outcome: 'ok',
  refused: false,
  timeUs: 100,
  stateBytes: 40,
};

it('adds up over workers, and keeps the most of them', () => {
  const [one, other] = [new RoundTally(), new RoundTally()];
  one.retried(RETRY);
  one.retried({ ...RETRY, outcome: 'tool-error', stateBytes: undefined });
  one.ended(2, 1, 'answered');
  other.retried({
    ...RETRY,
    outcome: 'rpc-error',
    refused: true,
    servedBy: '1',
    stateBytes: 60,
    timeUs: 300,
  });
  other.ended(5, 2, 'capped');
  other.ended(1, 0, 'unanswered');
  other.thought(7);
  const merged = rounds.merge([one.counts(), other.counts()]);
  expect(merged).toMatchObject({
    ...{ asked: 3, rounds: 8, handOffs: 3, mostRounds: 5, capped: 1, unanswered: 1 },
    ...{ retries: 3, same: 1, elsewhere: 2, sameFailed: 1, elsewhereFailed: 1 },
    ...{ refused: 1, sameRefused: 1, elsewhereRefused: 0 },
    ...{ states: 2, stateBytes: 100, mostStateBytes: 60, thinkUs: 7 },
  });
  expect(merged.time).toMatchObject({ count: 3, totalUs: 500, maxUs: 300 });
});

it('counts only where agents answer', () => {
  expect(rounds.start({ era: 'stateless' })).toBeUndefined();
  expect(rounds.start({ era: 'stateless', answers: {} })).toBeInstanceOf(RoundTally);
});
