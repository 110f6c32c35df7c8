import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bedOf, tried } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';
import { AuthorityClient } from './authority-client.ts';
import { RevokedIds } from './revoked-ids.ts';

describe('the list of revoked ids', () => {
  let authority: TestAuthority;
  let client: AuthorityClient;
  let list: RevokedIds;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    authority = await TestAuthority.start('ES256');
    client = new AuthorityClient();
    authority.revoked.add('first');
    list = new RevokedIds(client, new URL(`${authority.issuer}/revoked`), 2e6);
  });
  afterEach(async () => {
    list.stop();
    await client.stop();
    await authority.stop();
    vi.useRealTimers();
  });

  it('is known as soon as it was read, once for all who ask', async () => {
    const lists = await Promise.all([list.known(), list.known()]);
    expect(lists).toEqual([new Set(['first']), new Set(['first'])]);
    expect(authority.asked['/revoked']).toBe(1);
  });

  it('is read again at its interval, and not before', async () => {
    await list.known();
    authority.revoked.add('second');
    vi.advanceTimersByTime(1999);
    expect(await list.known()).toEqual(new Set(['first']));
    vi.advanceTimersByTime(1);
    await list.read();
    expect([await list.known(), authority.asked['/revoked']]).toEqual([new Set(['first', 'second']), 2]);
  });

  it('stays as it is when it cannot be read, or is no list', async () => {
    await list.known();
    authority.down = true;
    await list.read();
    expect(await list.known()).toEqual(new Set(['first']));
    const keys = new RevokedIds(client, new URL(`${authority.issuer}/jwks`), 2e6);
    expect(await keys.known()).toBeUndefined();
    keys.stop();
  });

  it('is read no more after its end', async () => {
    await list.known();
    list.stop();
    vi.advanceTimersByTime(60_000);
    expect(authority.asked['/revoked']).toBe(1);
  });

  it('leaves every token refused while it could never be read', async () => {
    const input = { revocations: { url: 'http://127.0.0.1:1/revoked', everyUs: 2e6 } };
    const bed = await bedOf('jwt', authority, { input });
    expect(await tried(bed, await authority.jwt(authority.claims()))).toBe('server-unavailable');
    await bed.authenticator.stop?.();
  });

  it('is not read where tokens are good until they expire', async () => {
    await list.known();
    const bed = await bedOf('jwt', authority, { input: { revocations: undefined } });
    expect(await tried(bed, await authority.jwt(authority.claims({ jti: 'first' })))).toBe('agent-1');
    expect(authority.asked['/revoked']).toBe(1);
    await bed.authenticator.stop?.();
  });
});

it('a list of revoked ids keeps no process alive', async () => {
  const set = vi.spyOn(globalThis, 'setInterval');
  const client = new AuthorityClient();
  const list = new RevokedIds(client, new URL('http://127.0.0.1:1/revoked'), 2e6);
  const timer = set.mock.results[0]!.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  set.mockRestore();
  list.stop();
  await client.stop();
});
