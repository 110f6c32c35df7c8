import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../profile/sample-profile.case.ts';
import { settingsWith } from './credentials.case.ts';
import { groupsOf } from './group.ts';
import { poolSizes } from './pool.ts';

const sizes = (load: string, identities = '[{ name: a, agents: 4 }, { name: b, agents: 6 }]') => {
  const settings = settingsWith('auth: { mode: jwt }', `load: ${load}`, `identities: ${identities}`);
  return poolSizes(settings.load, groupsOf(settings.identities));
};

describe('a pool of tokens', () => {
  it('has more tokens than calls are expected, divided among the identities by their agents', () => {
    expect(sizes('{ rate: 100/s, warmup: 1s, duration: 9s, agents: 10 }')).toEqual([456, 684]);
  });

  it('counts stages', () => {
    const stages = '[{ duration: 10s, rate: 100/s, from: 0/s }, { duration: 5s, rate: 100/s }]';
    expect(sizes(`{ stages: ${stages}, warmup: 0s, agents: 10 }`)).toEqual([456, 684]);
  });

  it.each([
    ['{ concurrency: 5, agents: 10 }', 'auth.per: a token per call needs to know the number of calls'],
    ['{ rate: 20k/s, duration: 10s, agents: 10 }', 'tokens before the load begins; expected at most 200000'],
  ])('cannot be made for %s', (load, problem) => {
    expect(problemsOf(() => sizes(load))).toEqual([expect.stringContaining(problem)]);
  });
});
