import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthenticationInput, Authenticator, GuardedRequest } from '../guard/guard.ts';
import { createAuthenticator } from '../guard/modes/table.ts';
import { AUTH_ALGORITHMS, type AuthAlgorithm, type AuthModeName } from '../profile/auth-kinds.ts';
import { systemClock } from '../units/clock.ts';
import {
  basic,
  createProver,
  INPUT,
  post,
  READER,
  RESOURCE,
  requestToken,
  useAuthority,
} from './authority.case.ts';
import type { MintedToken } from './authority.ts';

type Used = ReturnType<typeof useAuthority>;

/** An authenticator in front of the real authorization server; it ends with the test. */
function checking(
  { running }: Used,
  mode: AuthModeName,
  algorithm: AuthAlgorithm = 'ES256',
  changes: Partial<AuthenticationInput> = {},
): Authenticator {
  const { issuer, jwksUrl, introspectionEndpoint: url, revokedUrl } = running.ready;
  const { id: clientId, secret: clientSecret } = INPUT.resourceServer;
  const authenticator = createAuthenticator({
    input: {
      mode,
      algorithm,
      issuer,
      jwksUrl,
      introspection: { url, clientId, clientSecret },
      revocations: { url: revokedUrl, everyUs: 20e3 },
      cacheTtlUs: 3600e6,
      gatewaySecret: 'secret',
      plant: { busyUs: 0, skip: false },
      ...changes,
    },
    isGateway: false,
    resource: () => RESOURCE,
    nowSeconds: () => systemClock.date().getTime() / 1000,
    clock: systemClock,
  });
  onTestFinished(() => authenticator.stop?.());
  return authenticator;
}

async function answer(
  authenticator: Authenticator,
  fields: Readonly<Record<string, string>>,
): Promise<unknown> {
  const request: GuardedRequest = {
    httpMethod: 'POST',
    header: (name) => fields[name],
    operation: { method: 'tools/call', name: 'echo' },
  };
  const given = await authenticator.authenticate(request);
  if (given === undefined) return undefined;
  return 'refused' in given ? given.refused : [given.client, given.actor, [...given.scopes]];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenOf = async (authority: Used): Promise<string> => (await requestToken(authority)).body.access_token;
const known = [READER.id, READER.id, ['tool:echo']];

describe.each(AUTH_ALGORITHMS)('JWTs signed with %s', (algorithm) => {
  const authority = useAuthority({ algorithm });

  it('are taken by the mode jwt, also after a rotation of keys', async () => {
    const jwt = checking(authority, 'jwt', algorithm);
    const before = bearer(await tokenOf(authority));
    expect(await answer(jwt, before)).toEqual(known);
    await authority.running.ask({ kind: 'rotate' });
    expect(await answer(jwt, bearer(await tokenOf(authority)))).toEqual(known);
    expect(await answer(jwt, before)).toEqual(known);
  });

  it('are refused with the reason for which they were made', async () => {
    const jwt = checking(authority, 'jwt', algorithm);
    const usual = { client: READER.id, scope: 'tool:echo', audience: RESOURCE, expiresInSeconds: 300 };
    const wrong: readonly MintedToken[] = [
      { ...usual, expiresInSeconds: -1 },
      { ...usual, notBeforeSeconds: 100 },
      { ...usual, audience: 'http://127.0.0.1:1/mcp' },
      { ...usual, issuer: 'http://127.0.0.1:1' },
      usual,
    ];
    const minted = await authority.running.ask({ kind: 'mint', tokens: wrong });
    const answers = await Promise.all(minted.map(({ token }) => answer(jwt, bearer(token))));
    expect(answers).toEqual(['expired', 'not-yet-valid', 'wrong-audience', 'wrong-issuer', known]);
  });

  it('with a bound key are taken by the mode dpop, with a proof', async () => {
    const dpop = checking(authority, 'dpop', algorithm);
    const prover = await createProver();
    const proof = await prover.prove({ htm: 'POST', htu: authority.running.ready.tokenEndpoint });
    const { body } = await requestToken(authority, { headers: { ...basic(READER), dpop: proof } });
    const token: string = body.access_token;
    const claims = {
      htm: 'POST',
      htu: RESOURCE,
      ath: createHash('sha256').update(token).digest('base64url'),
    };
    const good = { authorization: `DPoP ${token}`, dpop: await prover.prove(claims) };
    expect(await answer(dpop, good)).toEqual(known);
    expect(await answer(dpop, good)).toBe('replayed-proof');
    expect(await answer(dpop, { ...good, dpop: await (await createProver()).prove(claims) })).toBe(
      'bad-proof',
    );
  });

  it('are refused once their id is in the list of revoked ones', async () => {
    const jwt = checking(authority, 'jwt', algorithm);
    const token = await tokenOf(authority);
    expect(await answer(jwt, bearer(token))).toEqual(known);
    await authority.running.ask({ kind: 'revoke', ids: [decodeJwt(token).jti!] });
    await expect.poll(() => answer(jwt, bearer(token)), { timeout: 20_000 }).toBe('revoked');
  });
});

describe('opaque tokens', () => {
  const authority = useAuthority({ tokens: 'opaque' });
  const revoke = (token: string) =>
    post(authority.running.ready.revocationEndpoint, { form: { token }, headers: basic(READER) });

  it('are refused by introspection once they are revoked, and are kept by its cache', async () => {
    const asking = checking(authority, 'introspection');
    const keeping = checking(authority, 'introspection-cached');
    const token = await tokenOf(authority);
    expect([await answer(asking, bearer(token)), await answer(keeping, bearer(token))]).toEqual([
      known,
      known,
    ]);
    await revoke(token);
    expect([await answer(asking, bearer(token)), await answer(keeping, bearer(token))]).toEqual([
      'revoked',
      known,
    ]);
  });

  it('for another resource are refused', async () => {
    const { body } = await requestToken(authority, { form: { resource: 'http://127.0.0.1:1/mcp' } });
    expect(await answer(checking(authority, 'introspection'), bearer(body.access_token))).toBe(
      'wrong-audience',
    );
  });

  it('that nobody issued are refused', async () => {
    expect(await answer(checking(authority, 'introspection'), bearer('made-up'))).toBe('revoked');
  });

  it('are not known to a resource server with a wrong secret', async () => {
    const token = await tokenOf(authority);
    const { introspectionEndpoint } = authority.running.ready;
    const introspection = { url: introspectionEndpoint, clientId: 'resource-server', clientSecret: 'wrong' };
    const asking = checking(authority, 'introspection', 'ES256', { introspection });
    expect(await answer(asking, bearer(token))).toBe('server-unavailable');
  });
});
