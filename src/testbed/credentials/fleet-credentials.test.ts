import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthUpdate } from '../../generator/engine/load-auth.ts';
import type { PlannedAuthEvent, Settings } from '../../profile/settings.ts';
import type { Preparation } from '../preparation.ts';
import { type CredentialsTestbed, settingsWith, startCredentials } from './credentials.case.ts';

async function started(settings: Settings): Promise<CredentialsTestbed & { readonly updates: AuthUpdate[] }> {
  const testbed = await startCredentials(settings);
  onTestFinished(() => testbed.stop());
  const updates: AuthUpdate[] = [];
  testbed.credentials.subscribe((update) => updates.push(update));
  return { ...testbed, updates };
}

/** What introspection says of a token, as an instance asks it. */
async function isActive({ authority }: CredentialsTestbed, token: string): Promise<boolean> {
  const { id, secret } = authority.input.resourceServer;
  const response = await fetch(authority.introspectionEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
  return ((await response.json()) as { active: boolean }).active;
}

const revokedIds = async ({ authority }: CredentialsTestbed): Promise<unknown> =>
  (await fetch(authority.revokedUrl)).json();

const TWO = 'identities: [{ name: a, agents: 6, scopes: ["tool:echo", "tool:add"] }, { name: b, agents: 4 }]';
const CALLS = 'calls: [{ tool: echo }, { tool: add, arguments: { a: 1 } }, { list: tools }]';
const revoke = (agents: number): PlannedAuthEvent => ({ kind: 'revoke', atUs: 0, forUs: 0, agents });
const REMOVE: PlannedAuthEvent = { kind: 'removeScope', atUs: 0, forUs: 0, scope: 'tool:add', identity: 'a' };

describe('agents that are revoked', () => {
  it('keep their opaque tokens, which the authorization server does not accept any more', async () => {
    const testbed = await started(settingsWith('auth: { mode: introspection }', TWO, CALLS));
    const { credentials, authControls, updates } = testbed;
    await authControls.revoke!(0, revoke(2));
    expect(updates.map(({ kind }) => kind)).toEqual(['begun', 'confirmed']);
    const [begun, confirmed] = updates as Exclude<AuthUpdate, { kind: 'tokens' }>[];
    expect(begun!.agents).toHaveLength(2);
    expect(confirmed).toMatchObject({ event: 0, agents: begun!.agents });
    expect(confirmed).toMatchObject({ expected: ['unauthorized', 'unauthorized', 'unauthorized'] });
    expect(confirmed!.atEpochMs).toBeGreaterThan(begun!.atEpochMs);
    const { tokens } = credentials.auth;
    const active = await Promise.all(tokens.map((token) => isActive(testbed, token!)));
    expect(active.flatMap((is, agent) => (is ? [] : [agent]))).toEqual(begun!.agents.toSorted());
  });

  it('are on the list of revoked tokens where instances read one', async () => {
    const testbed = await started(settingsWith('auth: { mode: jwt, revocation: list }', TWO, CALLS));
    await testbed.authControls.revoke!(0, revoke(6));
    const ids = testbed.credentials.auth.tokens.slice(0, 6).map((token) => decodeJwt(token!).jti);
    expect(new Set((await revokedIds(testbed)) as string[])).toEqual(new Set(ids));
  });

  it('are confirmed at once where a token is good until it expires', async () => {
    const testbed = await started(settingsWith('auth: { mode: jwt }', TWO, CALLS));
    await testbed.authControls.revoke!(0, revoke(1));
    expect(testbed.updates.map(({ kind }) => kind)).toEqual(['begun', 'confirmed']);
    expect(await revokedIds(testbed)).toEqual([]);
  });

  it('are others with each event, until there are no more', async () => {
    const testbed = await started(settingsWith('auth: { mode: jwt }', TWO));
    await testbed.authControls.revoke!(0, revoke(4));
    await testbed.authControls.revoke!(1, revoke(4));
    const [first, , second] = testbed.updates;
    expect(first!.agents).toHaveLength(4);
    expect(second!.agents).toHaveLength(2);
    expect([...first!.agents, ...second!.agents].toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a scope that is removed', () => {
  it('is not in the new tokens, and the old ones are revoked', async () => {
    const settings = settingsWith('auth: { mode: jwt, policy: scopes, revocation: list }', TWO, CALLS);
    const testbed = await started(settings);
    const { credentials, authControls, updates } = testbed;
    expect(credentials.auth.identities[0]!.expected).toEqual(['allow', 'allow', 'allow']);
    await authControls.removeScope!(3, REMOVE);
    const [begun, tokens, confirmed] = updates;
    const agents = [0, 1, 2, 3, 4, 5];
    expect(begun).toMatchObject({ kind: 'begun', event: 3, agents });
    if (tokens?.kind !== 'tokens') throw new Error('no new tokens');
    expect(tokens.agents).toEqual(agents);
    expect(tokens.tokens.map((token) => decodeJwt(token!)['scope'])).toEqual(agents.map(() => 'tool:echo'));
    const expected = ['allow', 'forbidden', 'allow'];
    expect(confirmed).toMatchObject({ kind: 'confirmed', event: 3, agents, expected });
    const old = credentials.auth.tokens.slice(0, 6).map((token) => decodeJwt(token!).jti);
    expect(new Set((await revokedIds(testbed)) as string[])).toEqual(new Set(old));
  });
});

describe('keys that are rotated', () => {
  it('sign new tokens of all agents that are not revoked', async () => {
    const { credentials, authControls, updates } = await started(settingsWith('auth: { mode: jwt }', TWO));
    await authControls.revoke!(0, revoke(6));
    await authControls.rotateKeys!();
    const renewed = updates.flatMap((update) => (update.kind === 'tokens' ? [update] : []));
    expect(renewed.flatMap(({ agents }) => agents)).toEqual([6, 7, 8, 9]);
    const kid = (token: string | null): string => decodeProtectedHeader(token!).kid!;
    const keys = new Set(renewed.flatMap(({ tokens }) => tokens.map(kid)));
    expect(keys.size).toBe(1);
    expect(keys).not.toContain(kid(credentials.auth.tokens[0]!));
  });
});

describe('tokens', () => {
  it.each([
    ['ES256', 'ES256'],
    ['EdDSA', 'EdDSA'],
    ['RS256', 'ES256'],
  ])('with proofs of possession are bound to the key of their identity (%s)', async (algorithm, ofKey) => {
    const { credentials } = await started(settingsWith(`auth: { mode: dpop, algorithm: ${algorithm} }`, TWO));
    const { scheme, identities, tokens } = credentials.auth;
    expect(scheme).toBe('DPoP');
    const keys = identities.map(({ key }) => key! as { readonly crv: string });
    expect(keys.map(({ crv }) => crv)).toEqual(keys.map(() => (ofKey === 'EdDSA' ? 'Ed25519' : 'P-256')));
    const [a, b] = await Promise.all(keys.map((key) => calculateJwkThumbprint(key)));
    const bound = tokens.map((token) => (decodeJwt(token!)['cnf'] as { jkt: string }).jkt);
    expect(bound).toEqual([...Array.from({ length: 6 }, () => a), ...Array.from({ length: 4 }, () => b)]);
  });

  it('are renewed before they expire, but not where that is not wanted', async () => {
    const identities =
      'identities: [{ name: a, agents: 3 }, { name: b, agents: 4, refresh: false }, { name: c, agents: 3, token: expired }]';
    const { credentials, updates } = await started(
      settingsWith('auth: { mode: jwt, lifetime: 2s }', identities),
    );
    const renewed = (): readonly number[] =>
      updates.flatMap((update) => (update.kind === 'tokens' ? update.agents : []));
    await expect.poll(() => new Set(renewed()), { timeout: 10_000 }).toEqual(new Set([0, 1, 2]));
    const [update] = updates;
    if (update?.kind !== 'tokens') throw new Error('no new tokens');
    expect(update.tokens[0]).not.toBe(credentials.auth.tokens[update.agents[0]!]);
  });

  it('for each call are in a pool, which is divided as the agents are', async () => {
    const load = 'load: { rate: 100/s, agents: 10, warmup: 0s, duration: 1s }';
    const preparing: Preparation[] = [];
    const testbed = await startCredentials(settingsWith('auth: { mode: jwt, per: call }', TWO, load), {
      onPreparing: (preparation) => preparing.push(preparation),
    });
    onTestFinished(() => testbed.stop());
    const { tokens, perCall } = testbed.credentials.auth;
    expect(perCall).toBe(true);
    expect(tokens.length).toBeGreaterThan(110);
    expect(new Set(tokens).size).toBe(tokens.length);
    const [a, b] = testbed.authority.input.clients.map(({ id }) => id);
    const place = Math.floor(tokens.length * 0.6);
    const owners = tokens.map((token) => decodeJwt(token!).sub);
    expect(owners).toEqual(owners.map((_, index) => (index < place ? a : b)));
    expect(preparing.at(-1)).toEqual({ what: 'tokens', done: tokens.length, of: tokens.length });
  });

  it('are not asked for any more when the start is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const starting = startCredentials(settingsWith('auth: { mode: jwt }'), {
      signal: controller.signal,
      onPreparing: () => controller.abort(reason),
    });
    await expect(starting).rejects.toBe(reason);
  });
});
