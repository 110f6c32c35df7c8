import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { AUTH_ALGORITHMS } from '../profile/auth-kinds.ts';
import { UserError } from '../units/user-error.ts';
import {
  assertion,
  basic,
  type Changed,
  createProver,
  INPUT,
  introspect,
  keysOf,
  post,
  READER,
  RESOURCE,
  requestToken,
  useAuthority,
  WRITER,
} from './authority.case.ts';
import { startAuthority } from './start-authority.ts';

describe.each(AUTH_ALGORITHMS)('an authorization server that signs with %s', (algorithm) => {
  const authority = useAuthority({ algorithm });

  it.each<[string, () => Promise<Changed>]>([
    ['its secret in a header', async () => ({ headers: basic(READER) })],
    [
      'its secret in the form',
      async () => ({ headers: {}, form: { client_id: READER.id, client_secret: READER.secret } }),
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
      sub: READER.id,
      client_id: READER.id,
      scope: 'tool:echo',
    });
    expect(exp! - iat!).toBe(300);
    expect(jti).toMatch(/^.{20,}$/);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: 'at+jwt', kid: expect.any(String) });
  });
});

describe('the token endpoint', () => {
  const authority = useAuthority();

  it.each([
    ['that the client has', 'tool:* resource:db://users/*:read', 'tool:* resource:db://users/*:read'],
    ['and leaves out those that it lacks', 'tool:echo tool:write', 'tool:echo'],
  ])('gives the scopes %s', async (_, scope, granted) => {
    const { body } = await requestToken(authority, { form: { scope } });
    expect(body.scope).toBe(granted);
  });

  it('makes the resource the audience, if it is on loopback', async () => {
    const resource = 'http://localhost:99/other';
    const { body } = await requestToken(authority, { form: { resource } });
    const { payload } = await jwtVerify(body.access_token, await keysOf(authority));
    expect(payload.aud).toBe(resource);
  });

  it('refuses an assertion that was used before', async () => {
    const form = await assertion(authority.running.ready.issuer);
    expect((await requestToken(authority, { headers: {}, form })).status).toBe(200);
    expect(await requestToken(authority, { headers: {}, form })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it.each<[string, () => Promise<Changed>, number, string]>([
    [
      'a wrong secret',
      async () => ({ headers: basic({ ...READER, secret: 'wrong' }) }),
      401,
      'invalid_client',
    ],
    [
      'an unknown client',
      async () => ({ headers: basic({ id: 'nobody', secret: 'x' }) }),
      401,
      'invalid_client',
    ],
    ['no authentication', async () => ({ headers: {} }), 400, 'invalid_request'],
    [
      'an assertion for another audience',
      async () => ({ headers: {}, form: await assertion('http://127.0.0.1/other') }),
      401,
      'invalid_client',
    ],
    [
      'an assertion that is expired',
      async () => ({ headers: {}, form: await assertion(authority.running.ready.issuer, {}, '-1m') }),
      401,
      'invalid_client',
    ],
    [
      'an assertion of a client that has no key',
      async () => ({
        headers: {},
        form: await assertion(authority.running.ready.issuer, { iss: WRITER.id, sub: WRITER.id }),
      }),
      401,
      'invalid_client',
    ],
    ['another grant', async () => ({ form: { grant_type: 'password' } }), 400, 'unsupported_grant_type'],
    [
      'a resource elsewhere',
      async () => ({ form: { resource: 'https://example.com/mcp' } }),
      400,
      'invalid_target',
    ],
    ['no resource', async () => ({ form: { resource: '' } }), 400, 'invalid_target'],
    [
      'the resource server, which is no client',
      async () => ({ headers: basic(INPUT.resourceServer) }),
      400,
      'invalid_request',
    ],
  ])('refuses %s', async (_, changed, status, error) => {
    expect(await requestToken(authority, await changed())).toMatchObject({ status, body: { error } });
  });
});

describe('proofs of possession', () => {
  const authority = useAuthority();
  const htu = (): string => authority.running.ready.tokenEndpoint;
  const withProof = (dpop: string) => requestToken(authority, { headers: { ...basic(READER), dpop } });

  it('bind a token to their key', async () => {
    const prover = await createProver();
    const { status, body } = await withProof(await prover.prove({ htm: 'POST', htu: htu() }));
    expect(status).toBe(200);
    expect(body.token_type).toBe('DPoP');
    const { payload } = await jwtVerify(body.access_token, await keysOf(authority));
    expect((payload as JWTPayload & { cnf: unknown }).cnf).toEqual({ jkt: prover.thumbprint });
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['is for another URL', () => ({ htm: 'POST', htu: `${htu()}/other` })],
    ['is for another method', () => ({ htm: 'GET', htu: htu() })],
    ['has no id', () => ({ htm: 'POST', htu: htu(), jti: undefined })],
  ])('are refused when one %s', async (_, claims) => {
    const { status, body } = await withProof(await (await createProver()).prove(claims()));
    expect(status).toBe(400);
    expect(body.error).toBe('invalid_dpop_proof');
  });

  it('are refused when one was used before, or another key signed it', async () => {
    const [prover, other] = await Promise.all([createProver(), createProver()]);
    const proof = await prover.prove({ htm: 'POST', htu: htu() });
    expect((await withProof(proof)).status).toBe(200);
    expect((await withProof(proof)).status).toBe(400);
    const [header] = (await prover.prove({ htm: 'POST', htu: htu() })).split('.');
    const [, claims, signature] = (await other.prove({ htm: 'POST', htu: htu() })).split('.');
    expect((await withProof(`${header}.${claims}.${signature}`)).status).toBe(400);
  });
});

describe('the metadata of the server', () => {
  const authority = useAuthority({ algorithm: 'EdDSA' });

  it.each(['oauth-authorization-server', 'openid-configuration'])(
    'at %s say what it offers',
    async (name) => {
      const { issuer, tokenEndpoint, introspectionEndpoint, revocationEndpoint, jwksUrl } =
        authority.running.ready;
      const metadata = await (await fetch(`${issuer}/.well-known/${name}`)).json();
      expect(metadata).toMatchObject({
        issuer,
        token_endpoint: tokenEndpoint,
        introspection_endpoint: introspectionEndpoint,
        revocation_endpoint: revocationEndpoint,
        jwks_uri: jwksUrl,
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: [
          'client_secret_basic',
          'client_secret_post',
          'private_key_jwt',
        ],
        token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['ES256', 'RS256', 'EdDSA']),
        dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'EdDSA']),
        scopes_supported: expect.arrayContaining([...READER.scopes, ...WRITER.scopes]),
      });
    },
  );
});

describe('opaque tokens', () => {
  const authority = useAuthority({ tokens: 'opaque' });
  const opaque = async (changed?: Changed): Promise<string> =>
    (await requestToken(authority, changed)).body.access_token;
  const revoke = (token: string, client: typeof READER) =>
    post(authority.running.ready.revocationEndpoint, { form: { token }, headers: basic(client) });

  it('are described to the resource server, and to nobody else', async () => {
    const token = await opaque();
    expect(token).not.toContain('.');
    const { status, body } = await introspect(authority, token);
    expect(status).toBe(200);
    const { iat, exp, ...claims } = body;
    expect(claims).toEqual({
      active: true,
      iss: authority.running.ready.issuer,
      aud: RESOURCE,
      client_id: READER.id,
      scope: 'tool:echo',
      token_type: 'Bearer',
    });
    expect(exp - iat).toBe(300);
    const { introspectionEndpoint } = authority.running.ready;
    const asked = (client: Pick<typeof READER, 'id' | 'secret'>) =>
      post(introspectionEndpoint, { form: { token }, headers: basic(client) });
    expect((await asked(READER)).body).toEqual({ active: false });
    expect((await asked({ ...INPUT.resourceServer, secret: 'wrong' })).status).toBe(401);
  });

  it('are bound to the key of a proof', async () => {
    const prover = await createProver();
    const dpop = await prover.prove({ htm: 'POST', htu: authority.running.ready.tokenEndpoint });
    const { body } = await introspect(authority, await opaque({ headers: { ...basic(READER), dpop } }));
    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: prover.thumbprint } });
  });

  it('that are unknown are not active', async () => {
    expect((await introspect(authority, 'unknown')).body).toEqual({ active: false });
  });

  it('are not active once their client has revoked them', async () => {
    const token = await opaque();
    expect((await revoke(token, { ...WRITER, jwk: READER.jwk })).status).toBe(200);
    expect((await introspect(authority, token)).body.active).toBe(true);
    expect((await revoke(token, READER)).status).toBe(200);
    expect((await introspect(authority, token)).body).toEqual({ active: false });
  });

  it('stay known, all of 3,000', async () => {
    const first = await opaque();
    const wanted = { client: READER.id, scope: 'tool:echo', audience: RESOURCE, expiresInSeconds: 60 };
    const minted = await authority.running.ask({ kind: 'mint', tokens: new Array(3000).fill(wanted) });
    for (const token of [first, minted[0]!.token, minted[1500]!.token, minted[2999]!.token, await opaque()]) {
      expect((await introspect(authority, token)).body.active).toBe(true);
    }
  });
});

describe('JWTs', () => {
  const authority = useAuthority();

  it('are not introspected and not revoked by the library', async () => {
    const { access_token: token } = (await requestToken(authority)).body;
    const { revocationEndpoint } = authority.running.ready;
    const refused = { status: 400, body: { error: 'unsupported_token_type' } };
    expect(await introspect(authority, token)).toMatchObject(refused);
    expect(await post(revocationEndpoint, { form: { token }, headers: basic(READER) })).toMatchObject(
      refused,
    );
  });
});

describe('an authorization server that cannot start', () => {
  it('is an error for the user, which names it', async () => {
    const starting = startAuthority({ ...INPUT, algorithm: 'HS1' as 'ES256' });
    const error = await starting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toMatch(/^authorization server: could not start: /);
    expect((error as UserError).message).not.toContain(READER.secret);
  });

  it('because the start was aborted, gives the reason', async () => {
    const abort = new AbortController();
    const starting = startAuthority(INPUT, undefined, abort.signal);
    abort.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');
  });
});
