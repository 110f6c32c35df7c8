import { describe, expect, it } from 'vitest';
import type { Identity } from '../guard.ts';
import { cedarPolicy } from './cedar.ts';
import { cedarProblems } from './cedar-problems.ts';

const POLICIES = `
permit(principal in Team::"readers", action == Action::"tools/call", resource in Group::"reading");
permit(principal, action == Action::"tools/call", resource == Tool::"echo") when { context.scopes.contains("tool:echo") };
permit(principal, action, resource == Tool::"work") when { context has arguments && context.arguments has ms && context.arguments.ms <= 10 };
forbid(principal == Agent::"banned", action, resource);
`;
const uid = (type: string, id: string) => ({ type, id });
const ENTITIES = JSON.stringify([
  { uid: uid('Agent', 'ann'), attrs: {}, parents: [uid('Team', 'juniors')] },
  { uid: uid('Team', 'juniors'), attrs: {}, parents: [uid('Team', 'readers')] },
  { uid: uid('Agent', 'banned'), attrs: {}, parents: [uid('Team', 'readers')] },
  { uid: { __entity: uid('Tool', 'report') }, attrs: {}, parents: [{ __entity: uid('Group', 'reading') }] },
]);

const policy = cedarPolicy({ kind: 'cedar', policies: POLICIES, entities: ENTITIES });
const agent = (client: string, ...scopes: readonly string[]): Identity => ({
  client,
  actor: client,
  scopes: new Set(scopes),
  tokenHash: '0',
});
const call = (name: string, given?: Record<string, unknown>) => ({
  method: 'tools/call',
  name,
  arguments: given,
});

describe('the policy cedar', () => {
  it.each([
    ['a parent of a parent permits', agent('ann'), call('report'), undefined],
    ['nothing permits', agent('bob'), call('report'), 'policy-denied'],
    ['a scope permits', agent('bob', 'tool:echo'), call('echo', { text: 'a' }), undefined],
    ['the scope is missing', agent('bob', 'tool:other'), call('echo', { text: 'a' }), 'policy-denied'],
    ['an argument permits', agent('bob'), call('work', { ms: 10 }), undefined],
    ['an argument does not permit', agent('bob'), call('work', { ms: 11 }), 'policy-denied'],
    ['the argument is missing', agent('bob'), call('work'), 'policy-denied'],
    ['a forbid wins', agent('banned', 'tool:echo'), call('echo'), 'policy-denied'],
    ['the tool is unknown', agent('ann'), call('no "such" tool'), 'policy-denied'],
    ['no tool is named', agent('ann'), { method: 'tools/call' }, 'policy-denied'],
    ['the method is another one', agent('bob'), { method: 'tools/list' }, undefined],
  ])('when %s, decides so', (_, identity, operation, reason) => {
    expect(policy.refuse(operation, identity)).toBe(reason);
  });

  it.each([
    ['a fraction', { ms: 1.5 }],
    ['null', { ms: 1, other: null }],
    ['an integer beyond those that JSON keeps', { ms: 1, other: 2 ** 53 }],
    ['what would be an entity', { ms: 1, other: { __entity: uid('Agent', 'ann') } }],
    [
      'what would be an extension, deep inside',
      { ms: 1, other: [{ a: { __extn: { fn: 'ip', arg: '::1' } } }] },
    ],
  ])('does not permit a call with %s, which Cedar cannot express', (_, given) => {
    expect(policy.refuse(call('work', { ms: 1, other: [{ a: 'b' }] }), agent('bob'))).toBeUndefined();
    expect(policy.refuse(call('work', given), agent('bob'))).toBe('policy-denied');
  });

  it('gives arguments only to policies that name them', () => {
    const simple = cedarPolicy({
      kind: 'cedar',
      policies: 'permit(principal, action, resource);',
      entities: '[]',
    });
    expect(simple.refuse(call('work', { ms: 1.5 }), agent('bob'))).toBeUndefined();
  });

  it('lists the tools that may be called with some arguments', () => {
    const listed = (identity: Identity) =>
      ['echo', 'work', 'report', 'other'].filter((tool) => policy.lists(tool, identity));
    expect(listed(agent('ann'))).toEqual(['work', 'report']);
    expect(listed(agent('bob', 'tool:echo'))).toEqual(['echo', 'work']);
    expect(listed(agent('banned', 'tool:echo'))).toEqual([]);
  });
});

describe('the files of Cedar', () => {
  const check = (policies: string, entities: string): readonly object[] =>
    cedarProblems({ path: '/p.cedar', text: policies }, { path: '/e.json', text: entities });
  const good = 'permit(principal, action, resource);';

  it('are accepted when they are right', () => {
    expect(check(POLICIES, ENTITIES)).toEqual([]);
  });

  it.each([
    [`${good}\n// ü\nforbid(principal, action, resource) when { context.x = 3 };`, '/p.cedar:3:44'],
    ['permit(principal, action);', '/p.cedar:1:25'],
    ['permit(principal, action, resource)', '/p.cedar:1:36'],
  ])('are refused with the place of the mistake: %j', (policies, where) => {
    expect(check(policies, '[]')).toEqual([expect.objectContaining({ where, what: expect.any(String) })]);
  });

  it.each([
    ['[{', /is not JSON: .*position 2/],
    ['{}', /is not a list/],
    ['[{"uid":"x","attrs":{},"parents":[]}]', /expected a literal entity reference/],
    [
      JSON.stringify(
        ['a', 'b'].map((id, i) => ({ uid: uid('A', id), attrs: {}, parents: [uid('A', 'ba'[i]!)] })),
      ),
      /cycle/,
    ],
  ])('are refused when the entities are %s', (entities, what) => {
    const problem = { where: '/e.json', what: expect.stringMatching(what) };
    expect(check(good, entities)).toEqual([expect.objectContaining(problem)]);
  });

  it('are refused with the mistakes of both', () => {
    expect(check('permit', '{}')).toHaveLength(2);
  });
});
