import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../../guard/guard.ts';
import { createPolicy } from '../../guard/policy/table.ts';
import { describeProblem, UserError } from '../../units/user-error.ts';
import { settingsWith } from './credentials.case.ts';
import { groupsOf } from './group.ts';
import { expectedOf, refusalOf } from './rights.ts';

const SCOPES: PolicyInput = {
  kind: 'scopes',
  requires: { read: ['resource:db://users/{id}:read'], both: ['tool:both', 'admin:{level}'] },
};
/** Everybody may echo, and read the user 7. */
const CEDAR: PolicyInput = {
  kind: 'cedar',
  policies: `permit(principal, action, resource == Tool::"echo");
permit(principal == Agent::"a", action, resource == Tool::"read") when { context.arguments has id && context.arguments.id == "7" };`,
  entities: '[]',
};

/** What calls should get from a fleet with `mode` and `policy` when the tokens have `scopes`. */
async function expected(policy: PolicyInput, scopes: readonly string[], calls: string, mode = 'jwt') {
  const settings = settingsWith(
    `auth: { mode: ${mode} }`,
    'identities: [{ name: a, agents: 10 }]',
    `calls: ${calls}`,
  );
  const { auth, calls: mix, identities } = settings;
  const [group] = groupsOf(identities);
  return expectedOf(group!, scopes, { auth, calls: mix, policy: await createPolicy(policy), seed: 1 });
}

const read = (id: string): string => `[{ tool: read, arguments: { id: "${id}" } }]`;

describe('what a call should get', () => {
  it.each([
    ['without a policy', { kind: 'none' }, [], '[{ tool: echo }, { list: tools }]', ['allow', 'allow']],
    [
      'by scope',
      SCOPES,
      ['tool:echo'],
      '[{ tool: echo }, { tool: add }, { list: tools }]',
      ['allow', 'forbidden', 'allow'],
    ],
    ['by wildcard', SCOPES, ['tool:*'], '[{ tool: echo }, { tool: add }]', ['allow', 'allow']],
    [
      'with all scopes',
      SCOPES,
      ['tool:both', 'admin:1'],
      '[{ tool: both, arguments: { level: 1 } }]',
      ['allow'],
    ],
    [
      'with one of two scopes',
      SCOPES,
      ['tool:both'],
      '[{ tool: both, arguments: { level: 1 } }]',
      ['forbidden'],
    ],
    ['by argument', SCOPES, ['resource:db://users/7:read'], read('7'), ['allow']],
    ['by another argument', SCOPES, ['resource:db://users/7:read'], read('8'), ['forbidden']],
    ['by an argument that varies', SCOPES, ['resource:db://users/*:read'], read('{{seq}}'), ['allow']],
    ['for nobody', SCOPES, ['tool:*'], read('{{agent}}'), ['forbidden']],
    [
      'with braces that are no template',
      SCOPES,
      ['resource:db://users/%7B%7B7:read'],
      read('\\\\{{7'),
      ['allow'],
    ],
    [
      'by an argument that an earlier step saves',
      SCOPES,
      ['tool:echo', 'resource:db://users/*:read'],
      '[{ flow: [{ tool: echo, save: { id: $.id } }, { tool: read, arguments: { id: "{{saved.id}}" } }] }]',
      ['allow', 'allow'],
    ],
    ['by Cedar', CEDAR, [], '[{ tool: echo }, { tool: add }]', ['allow', 'forbidden']],
    ['by Cedar and argument', CEDAR, [], read('7'), ['allow']],
    ['by Cedar and another argument', CEDAR, [], read('8'), ['forbidden']],
  ] as const)('%s', async (_, policy, scopes, calls, expectation) => {
    expect(await expected(policy, scopes, calls)).toEqual(expectation);
  });

  it.each([
    ['scopes', SCOPES, ['resource:db://users/3:read'], read('{{agent}}')],
    ['a wildcard', SCOPES, ['resource:db://users/1*:read'], read('{{randomInt 1 20}}')],
    ['Cedar', CEDAR, [], read('{{oneOf 7 8}}')],
  ] as const)('is an error when it depends on values that vary: %s', async (_, policy, scopes, calls) => {
    const error = await expected(policy, scopes, calls).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).problems.map(describeProblem)).toEqual([
      expect.stringMatching(
        /^identities a: may make the call tools\/call read with some of its arguments only/,
      ),
    ]);
  });

  it('is everything without a check', async () => {
    expect(await expected(SCOPES, [], '[{ tool: echo }]', 'none')).toEqual(['allow']);
  });
});

describe('the kind of refusal of an identity', () => {
  const [valid, expired] = settingsWith(
    'auth: { mode: jwt }',
    'identities: [{ name: a, agents: 5 }, { name: b, agents: 5, token: expired }]',
  ).identities;

  it.each([
    [valid, ['allow', 'forbidden'], undefined],
    [valid, ['forbidden', 'forbidden'], 'wrong-scope'],
    [expired, ['unauthorized'], 'expired'],
    [expired, ['allow'], undefined],
  ] as const)('%#', (identity, expectation, refusal) => {
    expect(refusalOf(identity!, expectation)).toBe(refusal);
  });
});
