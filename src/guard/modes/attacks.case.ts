/** @module Attacks on the check of a token, and what each is answered. They are run against every mode. */
import { exportSPKI } from 'jose';
import type { Reason } from '../../protocol/authorization/reason.ts';
import type { GuardedRequest } from '../guard.ts';
import { type Bed, issue, present, request } from './authenticator.case.ts';
import { keysOfOthers, NOW, RESOURCE } from './authority.case.ts';

export interface Attack {
  readonly name: string;
  /** The request; it presents a token of the mode's kind. */
  readonly make: (bed: Bed) => GuardedRequest | Promise<GuardedRequest>;
  /** The answer of modes that verify a JWT. */
  readonly jwt: Reason;
  /** The answer of modes that ask the authorization server; absent: the same. */
  readonly opaque?: Reason;
}

/** Tokens that the authorization server gave out, but not for this. Claims are those of the token, or of the answer to an introspection. */
const BY_CLAIMS: readonly (readonly [
  name: string,
  changes: Readonly<Record<string, unknown>>,
  reason: Reason,
])[] = [
  ['expired', { exp: NOW - 1 }, 'expired'],
  ['expires now', { exp: NOW }, 'expired'],
  ['not yet valid', { nbf: NOW + 1 }, 'not-yet-valid'],
  ['another audience', { aud: 'http://127.0.0.1:8081/mcp' }, 'wrong-audience'],
  ['an audience that only begins like ours', { aud: `${RESOURCE}/admin` }, 'wrong-audience'],
  ['no audience in the list', { aud: [] }, 'wrong-audience'],
  ['a list of other audiences', { aud: ['http://a.example', 'http://b.example'] }, 'wrong-audience'],
  ['an audience that is no text', { aud: { '0': RESOURCE } }, 'wrong-audience'],
  ['without an audience', { aud: undefined }, 'wrong-audience'],
  ['another issuer', { iss: 'http://127.0.0.1:1' }, 'wrong-issuer'],
];

const byClaims = BY_CLAIMS.map(
  ([name, changes, reason]): Attack => ({
    name: `a token: ${name}`,
    make: async (bed) => present(bed, await issue(bed, changes)),
    jwt: reason,
  }),
);

const base64url = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** Tokens that the authorization server did not make, or not as access tokens. It knows none of them when it is asked. */
const BY_TEXT: readonly (readonly [
  name: string,
  make: (bed: Bed) => string | Promise<string>,
  reason: Reason,
])[] = [
  [
    'without a signature, alg none',
    ({ authority }) => `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(authority.claims())}.`,
    'bad-signature',
  ],
  [
    'alg None, with the signature of a good one',
    async (bed) => {
      const [, payload, signature] = (await issueJwt(bed)).split('.');
      return `${base64url({ alg: 'None', typ: 'at+jwt', kid: 'first' })}.${payload}.${signature}`;
    },
    'bad-signature',
  ],
  [
    'HS256 with the public key (PEM) as its secret',
    async ({ authority }) =>
      authority.jwt(
        authority.claims(),
        { alg: 'HS256' },
        new TextEncoder().encode(await exportSPKI(authority.keys.publicKey)),
      ),
    'bad-signature',
  ],
  [
    'HS256 with the public key (JWK) as its secret',
    ({ authority }) =>
      authority.jwt(
        authority.claims(),
        { alg: 'HS256' },
        new TextEncoder().encode(JSON.stringify(authority.keys.jwk)),
      ),
    'bad-signature',
  ],
  [
    'an algorithm that is not the one of the authorization server',
    async ({ authority }) => {
      const alg = authority.algorithm === 'RS256' ? 'ES256' : 'RS256';
      return authority.jwt(authority.claims(), { alg }, (await keysOfOthers(alg)).privateKey);
    },
    'bad-signature',
  ],
  [
    'a payload that was changed',
    async (bed) => {
      const [header, , signature] = (await issueJwt(bed)).split('.');
      return `${header}.${base64url(bed.authority.claims({ sub: 'admin' }))}.${signature}`;
    },
    'bad-signature',
  ],
  [
    'a signature that was changed',
    async (bed) => {
      const token = await issueJwt(bed);
      const at = token.lastIndexOf('.') + 20;
      return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    },
    'bad-signature',
  ],
  ['a signature that is cut', async (bed) => (await issueJwt(bed)).slice(0, -4), 'bad-signature'],
  [
    'another key under the id of a known one',
    async ({ authority }) =>
      authority.jwt(authority.claims(), {}, (await keysOfOthers(authority.algorithm)).privateKey),
    'bad-signature',
  ],
  [
    'another key, which its header offers',
    async ({ authority }) => {
      const { privateKey, jwk } = await keysOfOthers(authority.algorithm);
      return authority.jwt(authority.claims(), { jwk, jku: 'http://127.0.0.1:1/jwks' }, privateKey);
    },
    'bad-signature',
  ],
  [
    'an unknown key id',
    ({ authority }) => authority.jwt(authority.claims(), { kid: '../../dev/null' }),
    'unknown-key',
  ],
  [
    'an ID token (typ JWT)',
    ({ authority }) => authority.jwt(authority.claims(), { typ: 'JWT' }),
    'malformed',
  ],
  ['without a type', ({ authority }) => authority.jwt(authority.claims(), { typ: undefined }), 'malformed'],
  ['without an expiry', ({ authority }) => authority.jwt(authority.claims({ exp: undefined })), 'malformed'],
  [
    'an expiry that is a text',
    ({ authority }) => authority.jwt(authority.claims({ exp: `${NOW + 300}` })),
    'malformed',
  ],
  [
    'a client that is no text',
    ({ authority }) => authority.jwt(authority.claims({ client_id: ['agents'] })),
    'malformed',
  ],
  ['a text with two dots', () => 'a.b.c', 'malformed'],
  ['a text without dots', () => 'secret', 'malformed'],
];

const byText = BY_TEXT.map(
  ([name, make, reason]): Attack => ({
    name: `a token: ${name}`,
    make: async (bed) => present(bed, await make(bed)),
    jwt: reason,
    opaque: 'revoked',
  }),
);

function issueJwt({ authority }: Bed): Promise<string> {
  return authority.jwt(authority.claims());
}

/** Requests with a good token in the wrong place, or too much of it. */
const BY_FIELD: readonly (readonly [
  name: string,
  field: (token: string, scheme: string) => string | undefined,
  reason: Reason,
])[] = [
  ['no token (also with one in the URL)', () => undefined, 'missing'],
  ['an empty Authorization field', () => '', 'missing'],
  ['the scheme alone', (_, scheme) => scheme, 'malformed'],
  ['the scheme and a space', (_, scheme) => `${scheme} `, 'malformed'],
  ['a token without a scheme', (token) => token, 'malformed'],
  ['another scheme', (token) => `Basic ${token}`, 'malformed'],
  [
    'the scheme of other modes',
    (token, scheme) => `${scheme === 'DPoP' ? 'Bearer' : 'DPoP'} ${token}`,
    'malformed',
  ],
  ['two Authorization fields', (token, scheme) => `${scheme} ${token}, ${scheme} ${token}`, 'malformed'],
  ['a second field of another scheme', (token, scheme) => `Basic YTpi, ${scheme} ${token}`, 'malformed'],
  ['two tokens', (token, scheme) => `${scheme} ${token} ${token}`, 'malformed'],
  ['a parameter after the token', (token, scheme) => `${scheme} ${token}, realm="x"`, 'malformed'],
  ['characters that no token has', (token, scheme) => `${scheme} ${token}\u00e4`, 'malformed'],
  ['a token in quotes', (token, scheme) => `${scheme} "${token}"`, 'malformed'],
  ['a token of 16 KiB', (_, scheme) => `${scheme} ${'a'.repeat(16_384)}`, 'malformed'],
];

const byField = BY_FIELD.map(
  ([name, field, reason]): Attack => ({
    name: `a request: ${name}`,
    async make(bed) {
      const good = await present(bed, await issue(bed));
      const [scheme, token] = good.header('authorization')!.split(' ');
      const value = field(token!, scheme!);
      const dpop = good.header('dpop');
      return request(
        { ...(value !== undefined && { authorization: value }), ...(dpop !== undefined && { dpop }) },
        good.operation.method,
      );
    },
    jwt: reason,
  }),
);

const revoked: Attack = {
  name: 'a token: revoked',
  async make(bed) {
    const id = `revoked-${bed.mode}`;
    bed.authority.revoked.add(id);
    return present(bed, await issue(bed, { jti: id }));
  },
  jwt: 'revoked',
};

export const ATTACKS: readonly Attack[] = [...byClaims, ...byText, ...byField, revoked];
