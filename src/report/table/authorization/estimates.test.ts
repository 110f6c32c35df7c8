import { describe, expect, it } from 'vitest';
import type { AuthEstimate } from '../../../result/measure/auth-figures.ts';
import { modelOf } from '../../model.ts';
import { authDocument, MODES } from '../../sample-authorization.case.ts';
import { briefEstimates, estimates } from './estimates.ts';

/** The rows of “jwt” for the comparison of first and later calls, in both tables. */
function rowsOf(figures: Pick<AuthEstimate, 'p50Us' | 'lowUs' | 'highUs'>) {
  const document = authDocument(MODES.slice(0, 2), (auth, place) => ({
    ...auth,
    estimates: auth.estimates.map((one) =>
      place === 1 && one.name === 'cold-warm' ? { ...one, ...figures, p99Us: 900 } : one,
    ),
  }));
  const model = modelOf(document);
  const row = estimates.table(model).rows.find(([, by]) => by!.includes('first and later calls'))!;
  return { figures: row.slice(3, 6), note: row[6], brief: briefEstimates(model).rows[0]![3] };
}

describe('the comparison of first and later calls of a token', () => {
  it('has its figures where first calls took longer', () => {
    expect(rowsOf({ p50Us: 225, lowUs: 200, highUs: 250 })).toEqual({
      figures: ['225', '900', '[200, 250]'],
      note: '',
      brief: '225 [200, 250]',
    });
  });

  it('says that no difference is certain where the interval contains 0', () => {
    expect(rowsOf({ p50Us: 225, lowUs: -50, highUs: 500 }).note).toBe(
      'no difference is certain: the interval contains 0',
    );
  });

  it('has no figure where first calls took less, and says what that means', () => {
    expect(rowsOf({ p50Us: -225, lowUs: null, highUs: null })).toEqual({
      figures: ['–', '–', '–'],
      note: 'no saving by a cache shows: the first calls took 225 us less than later ones',
      brief: '–',
    });
  });
});
