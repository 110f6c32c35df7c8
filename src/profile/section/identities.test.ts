import { describe, expect, it } from 'vitest';
import { parseProfile } from '../profile.ts';
import { only, problemsIn, withLines } from '../sample-profile.case.ts';

const identities = (list: string, ...lines: readonly string[]): string =>
  withLines('load: { rate: 10/s, agents: 10 }', ...lines, `identities: ${list}`);

const MODE = 'auth: { mode: jwt }';
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
    [
      'a client says no secret',
      identities('[{ name: a, agents: 10, token: { clientId: x } }]', ...TARGET),
      'identities[0].token: says neither a secret nor a key of the client; expected exactly one of secretEnv, keyEnv, keyFile',
    ],
    [
      'a client says two secrets',
      identities('[{ name: a, agents: 10, token: { clientId: x, secretEnv: A, keyEnv: B } }]', ...TARGET),
      'identities[0].token: sets secretEnv and keyEnv; expected exactly one of',
    ],
    [
      'a file has the secret of a client',
      identities('[{ name: a, agents: 10, token: { file: x, secretEnv: A } }]', ...TARGET),
      'identities[0].token.secretEnv: has no effect without clientId',
    ],
    [
      'an algorithm is unknown',
      identities('[{ name: a, agents: 10, token: { clientId: x, keyEnv: A, algorithm: HS256 } }]', ...TARGET),
      'identities[0].token',
    ],
    [
      'a fleet of commands has a client',
      identities(
        '[{ name: a, agents: 10, token: { clientId: x, secretEnv: A } }]',
        'fleet: { server: { command: x } }',
      ),
      'identities[0].token: needs a target',
    ],
    [
      'a header has a token too',
      identities(
        '[{ name: a, agents: 10, token: { env: T } }]',
        'fleet:',
        'target: { url: "http://a/mcp", headers: { authorization: Bearer x } }',
      ),
      'target.headers.authorization: cannot be combined with identities, which send their own',
    ],
    [
      'a token per call is for a target',
      identities('[{ name: a, agents: 10, token: { env: T } }]', ...TARGET, 'auth: { per: call }'),
      'auth.per: call needs a fleet with a built-in server',
    ],
    [
      'a token per call is revoked',
      withLines('auth: { mode: jwt, per: call }', 'events: [{ at: 1s, revoke: 1 }]'),
      'events[0]: has no effect with auth.per call',
    ],
    [
      'an event is for nobody',
      identities('[{ name: a, agents: 10, token: expired }]', MODE, 'events: [{ at: 1s, revoke: 1 }]'),
      'events[0].revoke: needs an identity with valid tokens',
    ],
    [
      'an event is for somebody without a token',
      identities(
        '[{ name: a, agents: 9 }, { name: b, agents: 1, token: missing }]',
        MODE,
        'events: [{ at: 1s, revoke: 1, identity: b }]',
      ),
      'events[0].revoke: needs an identity with valid tokens',
    ],
    [
      'an event is for too many',
      identities('[{ name: a, agents: 4 }, { name: b, agents: 6 }]', MODE, 'events: [{ at: 1s, revoke: 5 }]'),
      'events[0].revoke: is 5, and a has 4 agents; expected at most 4',
    ],
    [
      'an event removes another scope',
      identities('[{ name: a, agents: 10 }]', MODE, 'events: [{ at: 1s, removeScope: "tool:echo" }]'),
      'events[0].removeScope: tool:echo is no scope of a; expected one of tool:*',
    ],
  ])('when %s are a problem', (_, text, problem) => {
    expect(problemsIn(text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['of a fleet', identities('[{ name: a, agents: 4 }, { name: b, agents: 6, token: expired }]')],
    ['of a target', identities('[{ name: a, agents: 10, token: { env: T } }]', ...TARGET)],
    [
      'with events',
      identities(
        '[{ name: z, agents: 1, token: missing }, { name: a, agents: 9, scopes: [x, y] }]',
        MODE,
        'events: [{ at: 1s, removeScope: x }, { at: 2s, revoke: 9, identity: a }, { at: 3s, rotateKeys: true }]',
      ),
    ],
    ['that must be refused by a target', identities('[{ name: a, agents: 10, token: missing }]', ...TARGET)],
  ])('%s are none', (_, text) => {
    expect(problemsIn(text)).toEqual([]);
  });
});

describe('a token that is written into a profile', () => {
  const SECRET = 's3cr3t';

  it.each([
    ['in place of its source', `token: ${SECRET}`],
    ['in an unknown key', `token: { value: ${SECRET} }`],
    ['in a list', `token: [${SECRET}]`],
    ['in a URL', `token: { clientId: x, secretEnv: A, issuer: "https://u:${SECRET}@a" }`],
  ])('%s is not quoted', (_, token) => {
    const problems = problemsIn(identities(`[{ name: a, agents: 10, ${token} }]`, ...TARGET));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain(SECRET);
  });

  it('as an argument of a program is used, and not recorded', () => {
    const list = `[{ name: a, agents: 10, token: { command: [get-token, "--key=${SECRET}"] } }]`;
    const { document, variants } = parseProfile(identities(list, ...TARGET), 'p.yaml');
    expect(variants[0]!.settings.identities[0]!.token).toMatchObject({
      command: ['get-token', `--key=${SECRET}`],
    });
    expect(JSON.stringify(document)).toContain('get-token');
    expect(JSON.stringify(document)).not.toContain(SECRET);
  });
});
