/** @module The checks that the section `verification` measures: one token by several libraries, and whole requests by mode. */
import { createHmac, createSecretKey, KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type CryptoKey, generateKeyPair, jwtVerify } from 'jose';
import type { GuardedRequest } from '../src/guard/guard.ts';
import { type Bed, bedOf, issue, present, request } from '../src/guard/modes/authenticator.case.ts';
import { NOW, RESOURCE, signed, type TestAuthority } from '../src/guard/modes/authority.case.ts';

/** A check that is made again and again. */
export interface Check {
  readonly name: string;
  /** Runs before each round, and is not measured. */
  readonly prepare?: () => Promise<void>;
  /** Makes one check. Throws when nothing is left of what was prepared. */
  readonly run: () => unknown;
  /** Checks per round at most; absent: no limit. */
  readonly limit?: number;
}

/** A token of an algorithm, and the key that verifies it. */
interface Sample {
  readonly algorithm: string;
  readonly token: string;
  readonly key: CryptoKey | KeyObject;
}

const CLAIMS = {
  iss: 'https://as.example',
  aud: RESOURCE,
  sub: 'agent-1',
  client_id: 'agents',
  scope: 'tool:echo',
  jti: 'token-1',
  iat: NOW,
  exp: NOW + 300,
};

export async function sampleOf(algorithm: string): Promise<Sample> {
  const header = { alg: algorithm, typ: 'at+jwt' };
  if (algorithm.startsWith('HS')) {
    const secret = Buffer.alloc(64, 7);
    return { algorithm, token: await signed(CLAIMS, header, secret), key: createSecretKey(secret) };
  }
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return { algorithm, token: await signed(CLAIMS, header, privateKey), key: publicKey };
}

/** Signature and claims by the library that the modes use. It verifies signatures in other threads. */
export function byJose({ algorithm, token, key }: Sample): Check {
  const options = {
    algorithms: [algorithm],
    typ: 'at+jwt',
    issuer: CLAIMS.iss,
    audience: CLAIMS.aud,
    currentDate: new Date(NOW * 1000),
  };
  return { name: `jose ${algorithm}`, run: () => jwtVerify(token, key, options) };
}

/** The same with the synchronous functions of Node.js, as the published figures were measured. */
export function byNode({ algorithm, token, key }: Sample): Check {
  const object = key instanceof KeyObject ? key : KeyObject.from(key);
  const run = (): void => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { alg } = parsed(header);
    const content = Buffer.from(`${header}.${payload}`);
    const good =
      alg === algorithm && isSigned(algorithm, object, content, Buffer.from(signature, 'base64url'));
    const { iss, aud, exp } = parsed(payload);
    if (!good || iss !== CLAIMS.iss || aud !== CLAIMS.aud || Number(exp) <= NOW) throw new Error('refused');
  };
  return { name: `node ${algorithm}`, run };
}

function isSigned(algorithm: string, key: KeyObject, content: Buffer, signature: Buffer): boolean {
  if (algorithm === 'EdDSA') return verify(null, content, key, signature);
  const digest = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) {
    return timingSafeEqual(createHmac(digest, key).update(content).digest(), signature);
  }
  return verify(digest, content, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function parsed(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

/** An answer that is kept, found by the token of `sample`. */
export async function byCache({ algorithm, token }: Sample, authority: TestAuthority): Promise<Check> {
  const bed = await bedOf('introspection-cached', authority);
  authority.opaque(authority.claims(), token);
  return repeated(`cached ${algorithm}`, bed, await present(bed, token));
}

/** Whole checks of requests, with keys that were read. */
export async function byMode(authority: TestAuthority): Promise<readonly Check[]> {
  const input = { revocations: undefined };
  const [jwt, dpop] = await Promise.all([
    bedOf('jwt', authority, { input }),
    bedOf('dpop', authority, { input }),
  ]);
  return [
    repeated(`jwt ${authority.algorithm}`, jwt, await present(jwt, await issue(jwt))),
    await withProofs(`dpop ${authority.algorithm}`, dpop),
  ];
}

function repeated(name: string, { authenticator }: Bed, good: GuardedRequest): Check {
  return { name, run: () => authenticator.authenticate(good) };
}

/** Proofs of ES256, each of which counts once. */
async function withProofs(name: string, bed: Bed): Promise<Check> {
  const token = await issue(bed);
  const proven: GuardedRequest[] = [];
  const limit = 1000;
  return {
    name,
    limit,
    async prepare() {
      while (proven.length < limit) proven.push(await present(bed, token));
    },
    run: () => bed.authenticator.authenticate(proven.pop() ?? request()),
  };
}
