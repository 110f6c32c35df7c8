import { decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../units/clock.ts';
import {
  assertion,
  basic,
  introspect,
  jwksOf,
  keysOf,
  post,
  READER,
  RESOURCE,
  requestToken,
  useAuthority,
} from './authority.case.ts';
import type { MintedToken } from './authority.ts';

describe('a rotation of keys', () => {
  const authority = useAuthority();
  const jwt = async (): Promise<string> => (await requestToken(authority)).body.access_token;

  it('has new tokens signed with a new key, and keeps old ones valid', async () => {
    const tokens = [await jwt()];
    for (let rotation = 0; rotation < 2; rotation += 1) {
      await authority.running.ask({ kind: 'rotate' });
      tokens.push(await jwt());
    }
    const kids = tokens.map((token) => decodeProtectedHeader(token).kid);
    expect(new Set(kids).size).toBe(3);
    const published = await jwksOf(authority);
    expect(published.map(({ kid }) => kid)).toEqual(kids.toReversed());
    for (const key of published) expect(Object.keys(key)).not.toContain('d');
    for (const token of tokens) await jwtVerify(token, await keysOf(authority), { audience: RESOURCE });
  });

  it('keeps the keys of all that are asked for at the same time', async () => {
    const before = await jwksOf(authority);
    await Promise.all([1, 2, 3].map(() => authority.running.ask({ kind: 'rotate' })));
    const after = await jwksOf(authority);
    expect(after.slice(3)).toEqual(before);
    expect(new Set(after.map(({ kid }) => kid)).size).toBe(before.length + 3);
  });

  it('forgets nothing: assertions stay used, and clients stay known', async () => {
    const form = await assertion(authority.running.ready.issuer);
    expect((await requestToken(authority, { headers: {}, form })).status).toBe(200);
    await authority.running.ask({ kind: 'rotate' });
    expect((await requestToken(authority, { headers: {}, form })).status).toBe(401);
  });

  it('loses no request that is under way', async () => {
    const rotating = authority.running.ask({ kind: 'rotate' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => requestToken(authority)));
    await rotating;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const keys = await keysOf(authority);
    for (const { body } of answers) await jwtVerify(body.access_token, keys);
  });
});

describe('a rotation of keys with opaque tokens', () => {
  const authority = useAuthority({ tokens: 'opaque' });

  it('keeps them known', async () => {
    const { access_token: token } = (await requestToken(authority)).body;
    await authority.running.ask({ kind: 'rotate' });
    expect((await introspect(authority, token)).body.active).toBe(true);
  });
});

describe('an outage', () => {
  const authority = useAuthority({ tokens: 'opaque' });

  it('has instances wait until it is over, and no agent', async () => {
    const { jwksUrl, revokedUrl } = authority.running.ready;
    const { access_token: token } = (await requestToken(authority)).body;
    await authority.running.ask({ kind: 'down', down: true });
    let answered = 0;
    const asked = [introspect(authority, token), fetch(jwksUrl), fetch(revokedUrl)].map(async (answer) => {
      const { status } = await answer;
      answered += 1;
      return status;
    });
    // Each of these is a full exchange, so the others would have been answered by then.
    for (let n = 0; n < 10; n += 1) expect((await requestToken(authority)).status).toBe(200);
    const { introspections, jwks, revokedLists } = await authority.running.ask({ kind: 'counts' });
    expect({ answered, introspections, jwks, revokedLists }).toEqual({
      answered: 0,
      introspections: 0,
      jwks: 0,
      revokedLists: 0,
    });
    await authority.running.ask({ kind: 'down', down: false });
    expect(await Promise.all(asked)).toEqual([200, 200, 200]);
    expect((await introspect(authority, token)).body.active).toBe(true);
  });

  it('ends for a request whose client has given up without an answer to it', async () => {
    await authority.running.ask({ kind: 'down', down: true });
    const before = await authority.running.ask({ kind: 'counts' });
    const abort = new AbortController();
    const given = fetch(authority.running.ready.jwksUrl, { signal: abort.signal });
    // Sent after the other one, so that it arrives later.
    await requestToken(authority);
    abort.abort();
    await expect(given).rejects.toThrow();
    // By the time this is answered, the server has seen that the connection was closed.
    await requestToken(authority);
    await authority.running.ask({ kind: 'down', down: false });
    await fetch(authority.running.ready.jwksUrl);
    const { jwks } = await authority.running.ask({ kind: 'counts' });
    expect(jwks - before.jwks).toBe(1);
  });
});

describe('a delay', () => {
  const delayUs = 30_000;
  const authority = useAuthority({ tokens: 'opaque', delayUs });

  it.each(['introspection', 'jwks', 'revoked'] as const)('holds back the answer of %s', async (endpoint) => {
    const { jwksUrl, revokedUrl } = authority.running.ready;
    const ask = {
      introspection: () => introspect(authority, 'any'),
      jwks: () => fetch(jwksUrl),
      revoked: () => fetch(revokedUrl),
    }[endpoint];
    const startedUs = systemClock.now();
    expect((await ask()).status).toBe(200);
    expect(systemClock.now() - startedUs).toBeGreaterThanOrEqual(delayUs);
  });
});

describe('the list of revoked tokens', () => {
  const authority = useAuthority();
  const list = async (): Promise<unknown> => (await fetch(authority.running.ready.revokedUrl)).json();

  it('has the ids that were revoked, each once', async () => {
    expect(await list()).toEqual([]);
    await authority.running.ask({ kind: 'revoke', ids: ['a', 'b'] });
    await authority.running.ask({ kind: 'revoke', ids: ['b', 'c'] });
    expect(await list()).toEqual(['a', 'b', 'c']);
  });
});

describe('counts', () => {
  const authority = useAuthority({ tokens: 'opaque' });

  it('are those of the requests answered, by kind', async () => {
    const { jwksUrl, revokedUrl, revocationEndpoint } = authority.running.ready;
    const before = await authority.running.ask({ kind: 'counts' });
    const { access_token: token } = (await requestToken(authority)).body;
    await requestToken(authority, { headers: {} });
    for (let n = 0; n < 3; n += 1) await introspect(authority, token);
    for (let n = 0; n < 4; n += 1) await fetch(`${jwksUrl}?fresh=${n}`);
    await post(revocationEndpoint, { form: { token }, headers: basic(READER) });
    await fetch(revokedUrl);
    await fetch(`${authority.running.ready.issuer}/elsewhere`);
    const { cpuUs, ...after } = await authority.running.ask({ kind: 'counts' });
    expect(after).toEqual({ tokens: 2, introspections: 3, jwks: 4, revocations: 1, revokedLists: 1 });
    expect(cpuUs).toBeGreaterThan(before.cpuUs);
  });
});

const WRONG: readonly [string, Partial<MintedToken>][] = [
  ['expired', { expiresInSeconds: -60 }],
  ['not yet valid', { notBeforeSeconds: 3600, expiresInSeconds: 7200 }],
  ['for another audience', { audience: 'http://127.0.0.1:1/other' }],
  ['of another issuer', { issuer: 'http://127.0.0.1:2' }],
];
const GOOD: MintedToken = { client: READER.id, scope: 'tool:echo', audience: RESOURCE, expiresInSeconds: 60 };

describe('JWTs made on request', () => {
  const authority = useAuthority();
  const verify = async (token: string) =>
    jwtVerify(token, await keysOf(authority), {
      issuer: authority.running.ready.issuer,
      audience: RESOURCE,
      typ: 'at+jwt',
    });
  const CODES: Readonly<Record<string, readonly [code: string, claim: string]>> = {
    expired: ['ERR_JWT_EXPIRED', 'exp'],
    'not yet valid': ['ERR_JWT_CLAIM_VALIDATION_FAILED', 'nbf'],
    'for another audience': ['ERR_JWT_CLAIM_VALIDATION_FAILED', 'aud'],
    'of another issuer': ['ERR_JWT_CLAIM_VALIDATION_FAILED', 'iss'],
  };

  it('are like those of the token endpoint', async () => {
    const [minted] = await authority.running.ask({ kind: 'mint', tokens: [GOOD] });
    const issued = await verify((await requestToken(authority)).body.access_token);
    const { payload, protectedHeader } = await verify(minted!.token);
    expect(protectedHeader).toEqual(issued.protectedHeader);
    expect(Object.keys(payload).sort()).toEqual(Object.keys(issued.payload).sort());
    expect(payload).toMatchObject({
      jti: minted!.id,
      sub: READER.id,
      client_id: READER.id,
      scope: 'tool:echo',
    });
  });

  it.each(WRONG)('are %s, and right in all else', async (name, wrong) => {
    const [minted] = await authority.running.ask({ kind: 'mint', tokens: [{ ...GOOD, ...wrong }] });
    const [code, claim] = CODES[name]!;
    await expect(verify(minted!.token)).rejects.toMatchObject({ code, claim });
  });

  it('come in the order in which they were asked for, after a rotation too', async () => {
    await authority.running.ask({ kind: 'rotate' });
    const tokens = Array.from({ length: 20 }, (_, n) => ({ ...GOOD, client: `client-${n}` }));
    const minted = await authority.running.ask({ kind: 'mint', tokens });
    const clients = await Promise.all(minted.map(async ({ token }) => (await verify(token)).payload.sub));
    expect(clients).toEqual(tokens.map(({ client }) => client));
    expect(new Set(minted.map(({ id }) => id)).size).toBe(20);
  });
});

describe('opaque tokens made on request', () => {
  const authority = useAuthority({ tokens: 'opaque' });
  const describeMinted = async (wanted: MintedToken) => {
    const [minted] = await authority.running.ask({ kind: 'mint', tokens: [wanted] });
    expect(minted!.id).toBeNull();
    return (await introspect(authority, minted!.token)).body;
  };

  it('are like those of the token endpoint', async () => {
    const issued = await introspect(authority, (await requestToken(authority)).body.access_token);
    const minted = await describeMinted(GOOD);
    expect({ ...minted, iat: 0, exp: 0 }).toEqual({ ...issued.body, iat: 0, exp: 0 });
  });

  it.each(WRONG)('are %s', async (name, wrong) => {
    const described = await describeMinted({ ...GOOD, ...wrong });
    if (name === 'for another audience')
      expect(described).toMatchObject({ active: true, aud: wrong.audience });
    else expect(described).toEqual({ active: false });
  });
});
