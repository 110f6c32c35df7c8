import { createRemoteJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { AUTH_ALGORITHMS } from '../profile/kinds.ts';
import { assertion, basic, INPUT, RESOURCE, requestToken, useAuthority } from './authority.case.ts';

describe.each(AUTH_ALGORITHMS)('an authorization server that signs with %s', (algorithm) => {
  const authority = useAuthority({ algorithm });
  const [reader] = INPUT.clients;

  it.each([
    ['its secret in a header', async () => ({ headers: basic(reader!) })],
    [
      'its secret in the form',
      async () => ({ headers: {}, form: { client_id: reader!.id, client_secret: reader!.secret } }),
    ],
    [
      'its key, for the issuer',
      async () => ({ headers: {}, form: await assertion(authority.running.ready.issuer) }),
    ],
    [
      'its key, for the token endpoint',
      async () => ({ headers: {}, form: await assertion(authority.running.ready.tokenEndpoint) }),
    ],
  ])('gives a client a token by %s', async (_, authenticated) => {
    const { status, body } = await requestToken(authority, await authenticated());
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'tool:echo' });
    const { issuer, jwksUrl } = authority.running.ready;
    const { payload, protectedHeader } = await jwtVerify(
      body.access_token,
      createRemoteJWKSet(new URL(jwksUrl)),
      { issuer, audience: RESOURCE, typ: 'at+jwt', algorithms: [algorithm] },
    );
    const { iat, exp, jti, ...claims } = payload;
    expect(claims).toEqual({
      iss: issuer,
      aud: RESOURCE,
      sub: reader!.id,
      client_id: reader!.id,
      scope: 'tool:echo',
    });
    expect(exp! - iat!).toBe(300);
    expect(jti).toMatch(/^.{20,}$/);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: expect.any(String) });
  });
});
