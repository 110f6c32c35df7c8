import { describe, expect, it } from 'vitest';
import { holmLevels } from './holm.ts';

describe("Holm's correction", () => {
  it.each([
    { tails: [], levels: [] },
    { tails: [0.04], levels: [0.05] },
    { tails: [0.2, 0.001, 0.02], levels: [0.05, 0.05 / 3, 0.05 / 2] },
    { tails: [0.02, 0.001, 0.03], levels: [0.05 / 2, 0.05 / 3, 0.05] },
    { tails: [0.03, 0.03], levels: [0.05 / 2, 0.05 / 2] },
    { tails: [0.001, 0.03, 0.9], levels: [0.05 / 3, 0.05 / 2, 0.05 / 2] },
  ])('tests $tails at $levels', ({ tails, levels }) => {
    expect(holmLevels(tails)).toEqual(levels);
  });
});
