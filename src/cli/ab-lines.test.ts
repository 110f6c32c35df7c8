import { describe, expect, it } from 'vitest';
import { twoSides } from '../experiment/ab/two-sides.case.ts';
import { looksUpTo } from '../experiment/plan/looks.ts';
import { sequentialPlan } from '../experiment/plan/sequential.ts';
import { recordingOf, variantOf } from '../result/summary/result.case.ts';
import { endingLine } from './ab-lines.ts';

const PROFILE = twoSides('{ rate: 100/s }');

const plan = sequentialPlan({ profile: PROFILE, seed: 1, looks: looksUpTo(3), minEffect: 0.05 });
const repetitionsOf = (times: readonly number[]) =>
  variantOf(
    'a',
    times.map((responseUs) => recordingOf([{ count: 100, responseUs }])),
  ).repetitions;
const standing = plan.standing(repetitionsOf([1000, 1000, 1000]), repetitionsOf([900, 1500, 700]));

describe('the end of a comparison', () => {
  it.each([
    [3, 'ended after 3 pairs: the 3 blocks of --max-pairs were run'],
    [30, 'ended after 3 pairs: the 3 blocks for which --budget has time were run'],
  ])('names what limited the blocks, with at most %i pairs', (maxPairs, line) => {
    expect(standing.ending).toEqual({ kind: 'most-blocks' });
    expect(endingLine(standing.ending, standing, maxPairs)).toBe(line);
  });
});
