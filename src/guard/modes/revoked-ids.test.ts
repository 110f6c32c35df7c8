import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bed, bedOf, tried } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';

describe('the list of revoked ids', () => {
  let authority: TestAuthority;
  let bed: Bed;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    authority = await TestAuthority.start('ES256');
    bed = await bedOf('jwt', authority, {
      input: { revocations: { url: `${authority.issuer}/revoked`, everyUs: 2e6 } },
    });
  });
  afterEach(async () => {
    await bed.authenticator.stop?.();
    await authority.stop();
    vi.useRealTimers();
  });

  /** Lets the interval pass, and waits until the server was asked. */
  const poll = async () => {
    const before = authority.asked['/revoked'];
    vi.advanceTimersByTime(2000);
    await vi.waitUntil(() => authority.asked['/revoked'] > before);
  };

  it('is read again at its interval: until then a revoked token counts', async () => {
    const token = await authority.jwt(authority.claims({ jti: 'x' }));
    expect(await tried(bed, token)).toBe('agent-1');
    authority.revoked.add('x');
    expect(await tried(bed, token)).toBe('agent-1');
    await poll();
    await vi.waitUntil(async () => (await tried(bed, token)) === 'revoked');
  });

  it('stays as it is when it cannot be read again', async () => {
    authority.revoked.add('x');
    const revoked = await authority.jwt(authority.claims({ jti: 'x' }));
    expect(await tried(bed, revoked)).toBe('revoked');
    authority.down = true;
    await poll();
    await poll();
    expect(await tried(bed, revoked)).toBe('revoked');
    expect(await tried(bed, await authority.jwt(authority.claims()))).toBe('agent-1');
  });

  it('leaves every token refused while it could never be read', async () => {
    const input = { revocations: { url: 'http://127.0.0.1:1/revoked', everyUs: 2e6 } };
    const listless = await bedOf('jwt', authority, { input });
    expect(await tried(listless, await authority.jwt(authority.claims()))).toBe('server-unavailable');
    await listless.authenticator.stop?.();
  });
});

it('a list of revoked ids is not read where tokens are good until they expire', async () => {
  const authority = await TestAuthority.start('ES256');
  authority.revoked.add('x');
  const lenient = await bedOf('jwt', authority, { input: { revocations: undefined } });
  expect(await tried(lenient, await authority.jwt(authority.claims({ jti: 'x' })))).toBe('agent-1');
  expect(authority.asked['/revoked']).toBe(0);
  await lenient.authenticator.stop?.();
  await authority.stop();
});
