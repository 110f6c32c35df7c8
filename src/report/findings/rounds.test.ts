/** @module What a report says of calls that were asked back. */
import { describe, expect, it } from 'vitest';
import type { RoundCounts } from '../../recording/measure/rounds.ts';
import { RoundTally } from '../../recording/measure/rounds.ts';
import { rounds } from '../../result/measure/rounds.ts';
import type { Model } from '../model.ts';
import { roundFindings } from './rounds.ts';

const counts = (some: Partial<RoundCounts>): RoundCounts => ({ ...new RoundTally().counts(), ...some });

/** What is said of a variant with these counts. */
function said(some: Partial<RoundCounts>) {
  const recording = { measures: { rounds: counts(some) } };
  const figures = rounds.figures(recording as never, undefined as never);
  const model = { measured: [{ name: 'own keys', summary: { rounds: figures } }] };
  return roundFindings(model as unknown as Model);
}

describe('the finding about rounds', () => {
  it('says where retries landed, and that their states were refused', () => {
    const some = { asked: 815, rounds: 815, mostRounds: 1, retries: 815, same: 403, elsewhere: 412 };
    const failed = { elsewhereFailed: 412, elsewhereRefused: 412, refused: 412 };
    expect(said({ ...some, ...failed })).toEqual([
      {
        tone: 'bad',
        text: '“own keys”: 815 calls were asked back for input, 1.00 rounds per such call, at most 1; 412 of 815 retries reached another instance than the one that had asked: 412 of these were refused (-32602 invalid_request_state).',
      },
    ]);
    expect(said(some)).toMatchObject([
      { tone: 'neutral', text: expect.stringContaining('had asked: none of these failed.') },
    ]);
  });

  it('tells of retries that failed where they were asked for', () => {
    const [finding] = said({ asked: 2, rounds: 2, retries: 2, same: 2, sameFailed: 1 });
    expect(finding?.text).toContain('0 of 2 retries reached another instance');
    expect(finding?.text).toContain('2 reached the one that had asked: 1 of these failed.');
  });

  it('tells of calls that did not come to an end', () => {
    const [finding] = said({ asked: 3, rounds: 13, retries: 10, capped: 1, unanswered: 2 });
    expect(finding?.tone).toBe('bad');
    expect(finding?.text).toContain('10 retries, from instances that did not name themselves');
    expect(finding?.text).toContain(
      '1 call ended because of too many rounds and 2 calls were asked for input',
    );
  });

  it('tells hand-offs from questions', () => {
    const [finding] = said({ asked: 3, rounds: 4, handOffs: 2, retries: 4, same: 4 });
    expect(finding?.text).toContain(
      '3 calls were asked back for input or handed on (2 hand-offs), 1.33 rounds per such call',
    );
  });

  it('is silent where no call was asked back', () => {
    expect(said({})).toEqual([]);
  });
});
