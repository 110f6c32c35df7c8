import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identity, PolicyInput } from '../guard.ts';
import { createPolicy } from './table.ts';

const INPUTS: readonly PolicyInput[] = [
  { kind: 'none' },
  { kind: 'scopes', requires: { report: ['tool:{name}', 'report:{format}:read'] } },
  {
    kind: 'cedar',
    policies: `permit(principal, action, resource) when { context.scopes.contains("tool:*") };
permit(principal, action, resource == Tool::"report") when { context has arguments && context.arguments has format && context.arguments.format == "pdf" };
forbid(principal, action, resource == Tool::"work");`,
    entities: '[]',
  },
];

const TOOLS = ['echo', 'work', 'report'];
const scopes = fc.uniqueArray(fc.constantFrom('tool:*', 'tool:echo', 'report:pdf:*', '*', 'x'));
const identity: fc.Arbitrary<Identity> = scopes.map((held) => ({
  client: 'agent',
  actor: 'agent',
  scopes: new Set(held),
  tokenHash: '',
}));

describe.each(INPUTS)('the policy $kind', (input) => {
  it('needs no right for what is no call', async () => {
    const policy = await createPolicy(input);
    for (const method of ['initialize', 'ping', 'tools/list', 'server/discover', 'GET', 'DELETE']) {
      expect(policy.required({ method })).toEqual([]);
      const nobody = { client: 'a', actor: 'a', scopes: new Set<string>(), tokenHash: '' };
      expect(policy.refuse({ method }, nobody)).toBeUndefined();
    }
  });

  it('lists exactly the tools that can be called with some arguments', async () => {
    const policy = await createPolicy(input);
    const formats = [undefined, 'pdf', 'txt'];
    fc.assert(
      fc.property(identity, fc.constantFrom(...TOOLS), (caller, name) => {
        const callable = formats.some((format) => {
          const given = format === undefined ? {} : { format };
          return policy.refuse({ method: 'tools/call', name, arguments: given }, caller) === undefined;
        });
        expect(policy.lists(name, caller)).toBe(callable);
      }),
    );
  });

  it('lists the same tools for every caller unless it says otherwise', async () => {
    const policy = await createPolicy(input);
    const listed = (caller: Identity) => TOOLS.filter((tool) => policy.lists(tool, caller)).join(' ');
    const lists = new Set(fc.sample(identity, { seed: 1, numRuns: 50 }).map(listed));
    expect(lists.size > 1).toBe(policy.listsByCaller);
  });

  it('decides alike whether it is told what the call requires or not', async () => {
    const policy = await createPolicy(input);
    fc.assert(
      fc.property(identity, fc.constantFrom(...TOOLS), (caller, name) => {
        const operation = { method: 'tools/call', name, arguments: { format: 'pdf' } };
        const told = policy.refuse(operation, caller, policy.required(operation));
        expect(told).toBe(policy.refuse(operation, caller));
      }),
    );
  });
});
