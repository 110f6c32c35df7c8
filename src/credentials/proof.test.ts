import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createProver } from './proof.ts';

const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ED25519 = generateKeyPairSync('ed25519');
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const URL = 'http://127.0.0.1:1/mcp';
const jwkOf = ({ privateKey }: typeof P256): Record<string, unknown> => ({
  ...privateKey.export({ format: 'jwk' }),
});
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

describe.each([
  ['ES256', P256],
  ['EdDSA', ED25519],
] as const)('a proof with %s', (alg, pair) => {
  const prove = createProver(jwkOf(pair));

  it('is verified by its own key, and says what it is for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), fc.nat(), async (token, jti, iat) => {
        const { payload } = await jwtVerify(prove('POST', URL, token, iat, jti), EmbeddedJWK, {
          algorithms: [alg],
          typ: 'dpop+jwt',
        });
        expect(payload).toEqual({ jti, htm: 'POST', htu: URL, iat, ath: hashOf(token) });
      }),
      { numRuns: 20 },
    );
  });

  it('has the public key, and nothing of the private one', async () => {
    const { protectedHeader } = await jwtVerify(prove('POST', URL, 'a', 1, 'b'), EmbeddedJWK);
    const own = { ...pair.publicKey.export({ format: 'jwk' }) };
    expect(protectedHeader.jwk).toEqual(own);
    expect(await calculateJwkThumbprint(protectedHeader.jwk!)).toBe(await calculateJwkThumbprint(own));
  });

  it('has no hash where no token is sent, and that of the right token otherwise', async () => {
    const claims = async (token?: string) =>
      (await jwtVerify(prove('POST', URL, token, 1, 'a'), EmbeddedJWK)).payload['ath'];
    expect([await claims(), await claims('a'), await claims('b'), await claims('a')]).toEqual([
      undefined,
      hashOf('a'),
      hashOf('b'),
      hashOf('a'),
    ]);
  });
});

describe('a key that no agent should sign a proof per call with', () => {
  it('is not taken', () => {
    expect(() => createProver(jwkOf(RSA))).toThrow(TypeError);
  });
});
