import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratch } from '../units/scratch.case.ts';
import { createGuard } from './create-guard.ts';
import type { Decision, Guard, GuardedRequest, GuardInput, GuardQuestion } from './guard.ts';
import { TestAuthority } from './modes/authority.case.ts';

const RESOURCE = 'http://127.0.0.1:8080/mcp';
let authority: TestAuthority;
const guards: Guard[] = [];
beforeAll(async () => {
  authority = await TestAuthority.start('ES256');
});
afterAll(async () => {
  await Promise.all(guards.map((guard) => guard.stop()));
  await authority.stop();
});

type Mode = GuardInput['authentication']['mode'];

async function guardOf(mode: Mode, changes: Partial<GuardInput> = {}, url = RESOURCE): Promise<Guard> {
  const guard = await createGuard({
    instance: '1',
    isGateway: false,
    authentication: authority.input(mode),
    policy: { kind: 'scopes', requires: {} },
    ...changes,
  });
  guards.push(guard);
  if (url !== '') await guard.ask({ kind: 'resource', url });
  return guard;
}

function token(scope: string, changes: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return authority.jwt(authority.claims({ aud: RESOURCE, scope, iat: now, exp: now + 600, ...changes }));
}

const request = (
  authorization?: string,
  operation: Partial<GuardedRequest['operation']> = {},
): GuardedRequest => ({
  httpMethod: 'POST',
  header: (name) => (name === 'authorization' ? authorization : undefined),
  operation: { method: 'tools/call', name: 'echo', ...operation },
});
const reasonOf = (decision: Decision): string => (decision.kind === 'denied' ? decision.reason : 'allowed');

describe('a guard', () => {
  it('times authentication and policy apart', async () => {
    const [scopes, none] = [await guardOf('jwt'), await guardOf('jwt', { policy: { kind: 'none' } })];
    const good = request(`Bearer ${await token('tool:echo')}`);
    const time = expect.any(Number);
    const allowed = await scopes.check(good);
    expect(allowed).toMatchObject({ kind: 'allowed', authUs: time, policyUs: time });
    expect((await none.check(good)).policyUs).toBeUndefined();
    expect(await scopes.check(request())).toMatchObject({
      reason: 'missing',
      authUs: time,
      policyUs: undefined,
    });
    const other = await scopes.check(request(`Bearer ${await token('other')}`));
    expect(other).toMatchObject({ reason: 'scope-missing', authUs: time, policyUs: time });
  });

  it('in the mode none decides at once, without a stage, and has no metadata', async () => {
    const guard = await guardOf('none');
    const decision = guard.check(request('Bearer x'));
    expect(decision).toEqual({
      kind: 'allowed',
      identity: undefined,
      authUs: undefined,
      policyUs: undefined,
    });
    expect(guard.metadata()).toBeUndefined();
    expect(guard.listed(['echo'], undefined)).toEqual(['echo']);
  });

  it('accepts tokens for its resource as soon as that has a URL', async () => {
    const guard = await guardOf('jwt', {}, '');
    const good = request(`Bearer ${await token('tool:echo')}`);
    const early = await guard.check(good);
    expect(early).toMatchObject({
      reason: 'wrong-audience',
      challenge: expect.not.stringContaining('metadata'),
    });
    expect(guard.metadata()).toBeUndefined();
    await guard.ask({ kind: 'resource', url: RESOURCE });
    expect(reasonOf(await guard.check(good))).toBe('allowed');
    expect(JSON.parse(guard.metadata()!)).toMatchObject({ resource: RESOURCE });
  });

  it.each([
    [3600e6, 'expired'],
    [0, 'allowed'],
  ])('whose clock is wrong by %d us says %s', async (us, expected) => {
    const guard = await guardOf('jwt');
    await guard.ask({ kind: 'skew', us: 7200e6 });
    await guard.ask({ kind: 'skew', us });
    expect(reasonOf(await guard.check(request(`Bearer ${await token('tool:echo')}`)))).toBe(expected);
  });

  it('in the mode session decides at once about a session that was opened', async () => {
    const guard = await guardOf('session');
    const opening = await guard.check(
      request(`Bearer ${await token('tool:echo')}`, { method: 'initialize' }),
    );
    if (opening.kind === 'allowed') guard.opened!('s', opening);
    const later = { ...request(), header: (name: string) => (name === 'mcp-session-id' ? 's' : undefined) };
    expect(guard.check(later)).toMatchObject({ kind: 'allowed' });
  });

  it('hands identities on only as the gateway, and leaves the records of what it allows to the instances', async () => {
    const auditFile = join(scratch(), 'audit.jsonl');
    const gateway = await guardOf('gateway', { isGateway: true, auditFile, policy: { kind: 'none' } });
    const instance = await guardOf('gateway');
    expect([typeof gateway.handOver, typeof instance.handOver]).toEqual(['function', 'undefined']);
    await gateway.check(request(`Bearer ${await token('tool:echo')}`));
    await gateway.check(request());
    await gateway.ask({ kind: 'flush' });
    expect(readFileSync(auditFile, 'utf8').match(/"decision":"\w+"/g)).toEqual(['"decision":"deny"']);
  });

  it('that skips its check skips the policy too, and shows every tool', async () => {
    const plant = { busyUs: 0, skip: true };
    const guard = await guardOf('jwt', { authentication: { ...authority.input('jwt'), plant } });
    const decision = await guard.check(request(`Bearer ${await token('other', { exp: 1 })}`));
    expect(decision).toMatchObject({ kind: 'allowed', policyUs: undefined });
    const { identity } = decision as Decision & { kind: 'allowed' };
    expect([guard.listsByCaller, guard.listed(['echo'], identity)]).toEqual([false, ['echo']]);
  });

  it.each<[Record<string, unknown> | undefined, string | null]>([
    [undefined, null],
    [{ text: 'a' }, null],
    [{ text: 'a', basket_id: 'b', otherId: 'c' }, 'b'],
    [{ userId: 7 }, '7'],
    [{ id: 'a', Identity: 'b', valid: 'c' }, null],
    [{ a_id: { b: 1 }, c_id: 'd' }, 'd'],
  ])('records of the arguments %j the handle %j', async (given, handle) => {
    const auditFile = join(scratch(), 'audit.jsonl');
    const guard = await guardOf('none', { auditFile });
    await guard.check(request(undefined, { arguments: given }));
    await guard.ask({ kind: 'flush' });
    expect(JSON.parse(readFileSync(auditFile, 'utf8'))).toMatchObject({ handle });
  });

  it('never rejects, whatever is in the header', async () => {
    const guard = await guardOf('jwt');
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'Bearer .=,"e30') }).map((text) => `Bearer ${text}`),
    );
    await fc.assert(
      fc.asyncProperty(header, async (value) => {
        expect((await guard.check(request(value))).kind).toBe('denied');
      }),
    );
  });

  it('knows no other questions', async () => {
    const guard = await guardOf('none');
    await expect(guard.ask({ kind: 'other' } as unknown as GuardQuestion)).rejects.toThrow(
      'unknown question',
    );
  });
});

describe('the tools that callers are shown', () => {
  it('are one array for all that may call the same ones', async () => {
    const guard = await guardOf('jwt');
    const tools = ['echo', 'work', 'report'];
    const listed = (client: string, ...scopes: readonly string[]) =>
      guard.listed(tools, { client, actor: client, scopes: new Set(scopes), tokenHash: '' });
    const first = listed('a', 'tool:e*');
    expect(first).toEqual(['echo']);
    expect(listed('a', 'tool:e*')).toBe(first);
    expect(listed('b', 'tool:echo', 'x')).toBe(first);
    expect(listed('a', 'tool:work', 'tool:echo')).toEqual(['echo', 'work']);
    expect(
      guard.listed(['work'], { client: 'a', actor: 'a', scopes: new Set(['tool:e*']), tokenHash: '' }),
    ).toEqual([]);
    expect(guard.listsByCaller).toBe(true);
  });
});
