import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTH_MODE_NAMES } from '../../profile/auth-kinds.ts';
import { systemClock } from '../../units/clock.ts';
import { answerOf, bedOf, issue, present, request } from './authenticator.case.ts';
import { NOW, TestAuthority } from './authority.case.ts';
import { GATEWAY_HEADER } from './gateway-header.ts';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.start('ES256');
});
afterAll(() => authority.stop());

describe.each(AUTH_MODE_NAMES)('planted into %s', (mode) => {
  it('a busy check takes that much longer, within the check', async () => {
    const { authenticator } = await bedOf(mode, authority, {
      input: { plant: { busyUs: 2000, skip: false } },
    });
    const before = systemClock.now();
    const answer = authenticator.authenticate(request());
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(2000);
    expect(await answerOf(answer)).toMatch(mode === 'none' ? 'nobody' : /missing|not-by-gateway/);
    await authenticator.stop?.();
  });

  it('a skipped check lets everything through', async () => {
    const bed = await bedOf(mode, authority, { input: { plant: { busyUs: 0, skip: true } } });
    const ask = async (fields: Readonly<Record<string, string>>) =>
      answerOf(bed.authenticator.authenticate(request(fields)));
    expect(await ask({})).toBe('nobody');
    expect(await ask({ authorization: 'Bearer nonsense' })).toBe('nobody');
    expect(await ask({ authorization: 'nonsense' })).toBe('nobody');
    const forged = await authority.jwt(authority.claims({ exp: NOW - 99, sub: 'who it says' }), {
      kid: 'made up',
    });
    expect(await ask({ authorization: `Bearer ${forged}` })).toBe('who it says');
    expect(await ask({ authorization: `DPoP ${forged}` })).toBe('who it says');
    await bed.authenticator.stop?.();
  });

  it('nothing leaves the check as it is', async () => {
    const bed = await bedOf(mode, authority, { isGateway: true });
    expect(await answerOf(bed.authenticator.authenticate(await present(bed, await issue(bed))))).toBe(
      mode === 'none' ? 'nobody' : 'agent-1',
    );
    await bed.authenticator.stop?.();
  });
});

it('an instance that skips its check believes any header of a gateway', async () => {
  const { authenticator } = await bedOf('gateway', authority, {
    input: { plant: { busyUs: 0, skip: true } },
  });
  const claim = { client: 'agents', actor: 'forged', scopes: ['all'], tokenHash: '0'.repeat(16) };
  const header = `${Buffer.from(JSON.stringify(claim)).toString('base64url')}.signature`;
  expect(authenticator.authenticate(request({ [GATEWAY_HEADER]: header }))).toMatchObject({
    actor: 'forged',
  });
  expect(authenticator.authenticate(request({ [GATEWAY_HEADER]: 'nonsense' }))).toBeUndefined();
});
