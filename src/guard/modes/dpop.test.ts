import { calculateJwkThumbprint, exportJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerOf, athOf, type Bed, bedOf, issue, prove, request } from './authenticator.case.ts';
import { type Keys, makeKeys, NOW, RESOURCE, signed, TestAuthority } from './authority.case.ts';
import { SeenProofs } from './seen-proofs.ts';

describe('dpop', () => {
  let authority: TestAuthority;
  let bed: Bed;
  let token: string;
  beforeAll(async () => {
    authority = await TestAuthority.start('ES256');
    bed = await bedOf('dpop', authority);
    token = await issue(bed);
  });
  afterAll(async () => {
    await bed.authenticator.stop?.();
    await authority.stop();
  });

  const call = (proof: string | undefined, access = token, httpMethod = 'POST') => {
    const fields = { authorization: `DPoP ${access}`, ...(proof !== undefined && { dpop: proof }) };
    return answerOf(bed.authenticator.authenticate({ ...request(fields), httpMethod }));
  };
  const changed = (changes: object, header: object = {}) => prove(bed.keys, token, { ...changes }, header);

  it('takes each proof once', async () => {
    const proof = await changed({});
    expect([await call(proof), await call(proof)]).toEqual(['agent-1', 'replayed-proof']);
  });

  it('takes one of many copies that arrive together', async () => {
    const proof = await changed({});
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(proof)));
    expect(answers.filter((answer) => answer === 'agent-1')).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set(['agent-1', 'replayed-proof']));
  });

  it('takes no second proof with the id of another one of the same key', async () => {
    expect(await call(await changed({ jti: 'same' }))).toBe('agent-1');
    expect(await call(await changed({ jti: 'same', iat: NOW - 50 }))).toBe('replayed-proof');
  });

  it('does not know the proofs that another instance took', async () => {
    const proof = await changed({});
    expect(await call(proof)).toBe('agent-1');
    const other = await bedOf('dpop', authority);
    const again = request({ authorization: `DPoP ${token}`, dpop: proof });
    expect(await answerOf(other.authenticator.authenticate(again))).toBe('agent-1');
    await other.authenticator.stop?.();
  });

  it('keeps ids apart by key', async () => {
    const other = { ...bed, keys: await makeKeys('ES256', 'other') };
    const access = await issue(other);
    expect(await call(await prove(other.keys, access, { jti: 'shared' }), access)).toBe('agent-1');
    expect(await call(await changed({ jti: 'shared' }))).toBe('agent-1');
  });

  it.each([
    ['a query and a fragment in htu', { htu: `${RESOURCE}?a=1#b` }],
    ['the host of htu in capitals', { htu: RESOURCE.replace('http', 'HTTP') }],
    ['a proof of a minute ago', { iat: NOW - 60 }],
    ['a proof of a minute ahead', { iat: NOW + 60 }],
  ])('takes %s', async (_, changes) => {
    expect(await call(await changed(changes))).toBe('agent-1');
  });

  it('takes the proof of a key of Ed25519', async () => {
    const other = { ...bed, keys: await makeKeys('EdDSA', 'other') };
    const { kty, crv, x } = other.keys.jwk;
    const access = await issue(other);
    const proof = await prove(other.keys, access, {}, { alg: 'EdDSA', jwk: { kty, crv, x } });
    expect(await call(proof, access)).toBe('agent-1');
  });

  it('takes a GET with a proof for a GET', async () => {
    expect(await call(await changed({ htm: 'GET' }), token, 'GET')).toBe('agent-1');
  });

  it.each<[name: string, make: (keys: Keys) => Promise<string | undefined>]>([
    ['no proof', async () => undefined],
    ['two proofs', async () => `${await changed({})}, ${await changed({})}`],
    ['a text that is no proof', async () => 'proof'],
    ['the access token as its proof', async () => token],
    ['a proof for another URL', () => changed({ htu: 'http://127.0.0.1:8080/other' })],
    ['a proof for another port', () => changed({ htu: 'http://127.0.0.1:8081/mcp' })],
    ['a proof for a part of the URL', () => changed({ htu: '/mcp' })],
    ['a proof without a URL', () => changed({ htu: undefined })],
    ['a proof for another method', () => changed({ htm: 'GET' })],
    ['a proof for the method in small letters', () => changed({ htm: 'post' })],
    ['a proof for another token', () => changed({ ath: athOf('other') })],
    ['a proof for no token', () => changed({ ath: undefined })],
    ['a proof that is too old', () => changed({ iat: NOW - 61 })],
    ['a proof from the future', () => changed({ iat: NOW + 61 })],
    ['a proof without a time', () => changed({ iat: undefined })],
    ['a proof whose time is a text', () => changed({ iat: `${NOW}` })],
    ['a proof that expired', () => changed({ exp: NOW - 1 })],
    ['a proof without an id', () => changed({ jti: undefined })],
    ['a proof with an id that is no text', () => changed({ jti: 7 })],
    ['a very long proof', () => changed({ jti: 'x'.repeat(2048) })],
    ['a proof of another type', () => changed({}, { typ: 'JWT' })],
    ['a proof without a key', () => changed({}, { jwk: undefined })],
    [
      'a proof with a private key inside',
      async ({ privateKey }) => changed({}, { jwk: await exportJWK(privateKey) }),
    ],
    ['a proof by another key', async () => prove(await makeKeys('ES256', 'thief'), token)],
    [
      'a proof that names the right key and is signed by another one',
      async (keys) => prove({ ...(await makeKeys('ES256', 'thief')), jwk: keys.jwk }, token),
    ],
    [
      'a proof with a shared secret as its key',
      async () => {
        const secret = Buffer.from('secret secret secret secret secret');
        const header = {
          alg: 'HS256',
          typ: 'dpop+jwt',
          jwk: { kty: 'oct', k: secret.toString('base64url') },
        };
        return signed({ jti: 'h', htm: 'POST', htu: RESOURCE, iat: NOW, ath: athOf(token) }, header, secret);
      },
    ],
    ['a proof without a signature', async () => `${(await changed({})).split('.').slice(0, 2).join('.')}.`],
  ])('refuses %s', async (_, make) => {
    expect(await call(await make(bed.keys))).toBe('bad-proof');
  });

  it('refuses a token that is bound to no key, and one that is bound to another one', async () => {
    const unbound = await authority.jwt(authority.claims());
    expect(await call(await prove(bed.keys, unbound), unbound)).toBe('bad-proof');
    const jkt = await calculateJwkThumbprint((await makeKeys('ES256', 'other')).jwk);
    const others = await authority.jwt(authority.claims({ cnf: { jkt } }));
    expect(await call(await prove(bed.keys, others), others)).toBe('bad-proof');
  });

  it('refuses a key that is no point of its curve', async () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) };
    const access = await authority.jwt(authority.claims({ cnf: { jkt: await calculateJwkThumbprint(jwk) } }));
    expect(await call(await prove(bed.keys, access, {}, { jwk }), access)).toBe('bad-proof');
  });

  it('does not use up the id of a proof that is refused', async () => {
    expect(await call(await changed({ jti: 'kept', htm: 'GET' }))).toBe('bad-proof');
    expect(await call(await changed({ jti: 'kept' }))).toBe('agent-1');
  });

  it('compares times with the clock of its instance', async () => {
    bed.skewSeconds = 90;
    expect(await call(await changed({}))).toBe('bad-proof');
    expect(await call(await changed({ iat: NOW + 90 }))).toBe('agent-1');
    bed.skewSeconds = 0;
  });
});

describe('the ids of proofs that were used', () => {
  let seen: SeenProofs;
  beforeEach(() => {
    seen = new SeenProofs();
  });

  it('are kept until their proofs are too old, and then forgotten', () => {
    expect(seen.add('a', 160, 100)).toBe(true);
    expect(seen.add('a', 160, 160)).toBe(false);
    expect(seen.size).toBe(1);
    expect(seen.add('b', 1000, 900)).toBe(true);
    expect(seen.size).toBe(1);
  });

  it('do not grow with the length of a run', () => {
    let largest = 0;
    for (let second = 0; second < 3600; second += 1) {
      for (let call = 0; call < 10; call += 1) seen.add(`${second} ${call}`, second + 60, second);
      largest = Math.max(largest, seen.size);
    }
    // Ten per second, for the window of 60 s and less than two spans of 15 s.
    expect(largest).toBeLessThanOrEqual(10 * 90);
  });
});
