import { describe, expect, it } from 'vitest';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';

const identities = (list: string, ...lines: readonly string[]): string =>
  withLines('load: { rate: 10/s, agents: 10 }', ...lines, `identities: ${list}`);

const TARGET = ['fleet:', 'target: { url: "http://a/mcp" }'];

describe('identities', () => {
  it('are none without a check, and all agents with one', () => {
    expect(only(withLines()).identities).toEqual([]);
    const all = { name: 'agents', scopes: ['tool:*'], token: 'valid', expect: 'allow', refresh: true };
    expect(only(withLines('auth: { mode: jwt }')).identities).toEqual([{ ...all, agents: 64 }]);
    expect(only(withLines('auth: { mode: jwt }', 'load: { rate: 1/s, agents: 3 }')).identities).toEqual([
      { ...all, agents: 3 },
    ]);
  });

  it.each([
    [
      'do not cover all agents',
      identities('[{ name: a, agents: 4 }, { name: b, agents: 5 }]'),
      'have 9 agents in all, and load.agents is 10; expected the same number, because each agent has one identity (set load.agents to 9, or change the agents of the identities)',
    ],
    [
      'do not cover the agents by default',
      withLines('identities: [{ name: a, agents: 4 }]'),
      'have 4 agents in all, and load.agents is 64;',
    ],
    [
      'have the same name',
      identities('[{ name: a, agents: 5 }, { name: a, agents: 5 }]'),
      'identities[1].name: is a duplicate',
    ],
    [
      'of a target have no source',
      identities('[{ name: a, agents: 10 }]', ...TARGET),
      'identities[0].token: valid needs an authorization server that Paceline starts',
    ],
    [
      'of a command have no source',
      identities('[{ name: a, agents: 10, token: expired }]', 'fleet: { server: { command: x } }'),
      'identities[0].token: expired needs an authorization server that Paceline starts',
    ],
    [
      'of a built-in server have a source',
      identities('[{ name: a, agents: 10, token: { env: T } }]'),
      'identities[0].token: says where the token comes from, and this fleet has an authorization server of its own',
    ],
    [
      'have two sources',
      identities('[{ name: a, agents: 10, token: { env: T, file: f } }]', ...TARGET),
      'identities[0].token: says 2 sources',
    ],
    [
      'have none of the sources',
      identities('[{ name: a, agents: 10, token: {} }]', ...TARGET),
      'identities[0].token: says no source',
    ],
  ])('that %s are a problem', (_, text, problem) => {
    expect(problemsIn(text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['of a fleet', identities('[{ name: a, agents: 4 }, { name: b, agents: 6, token: expired }]')],
    ['of a target', identities('[{ name: a, agents: 10, token: { env: T } }]', ...TARGET)],
    ['that must be refused by a target', identities('[{ name: a, agents: 10, token: missing }]', ...TARGET)],
  ])('%s are none', (_, text) => {
    expect(problemsIn(text)).toEqual([]);
  });
});
