import { expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { killWriters } from './killed-writers.case.ts';

const KILLS = 60;

it('writers of an lmdb store go on while others are killed, and no commit is lost', {
  timeout: 120_000,
}, async () => {
  const { killed, failures, lost, shared, counted } = await killWriters(scratch(), KILLS);
  expect({ killed, failures, lost }).toEqual({ killed: KILLS, failures: [], lost: [] });
  expect(counted).toBeGreaterThan(KILLS);
  expect(shared).toBeGreaterThanOrEqual(counted);
  // Each of them may have been killed between a commit and saying so.
  expect(shared).toBeLessThanOrEqual(counted + KILLS);
});
