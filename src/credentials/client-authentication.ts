/** @module How a client proves to an authorization server who it is. */
import { randomUUID } from 'node:crypto';
import { type CryptoKey, type KeyObject, SignJWT } from 'jose';

export type ClientAuthentication =
  /** In the header `Authorization`, or among the parameters. Source: RFC 6749, section 2.3.1. */
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secret: string }
  /** A signed assertion. Source: RFC 7523, section 2.2. */
  | {
      readonly method: 'private_key_jwt';
      readonly key: CryptoKey | KeyObject;
      readonly algorithm: string;
      /** `kid` of the key, if the server knows it by one. */
      readonly keyId?: string | undefined;
    };

/** What a client adds to a token request. */
export interface Authenticated {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_LIFETIME = '5m';

/** Authenticates client `id` at the server `issuer`. An assertion is signed anew each time: servers accept it once. */
export async function authenticate(
  id: string,
  authentication: ClientAuthentication,
  issuer: string,
): Promise<Authenticated> {
  switch (authentication.method) {
    case 'client_secret_basic': {
      const pair = `${formEncoded(id)}:${formEncoded(authentication.secret)}`;
      return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, parameters: {} };
    }
    case 'client_secret_post':
      return { headers: {}, parameters: { client_id: id, client_secret: authentication.secret } };
    case 'private_key_jwt':
      return {
        headers: {},
        parameters: {
          client_id: id,
          client_assertion_type: ASSERTION_TYPE,
          client_assertion: await assertion(id, authentication, issuer),
        },
      };
  }
}

function assertion(
  id: string,
  { key, algorithm, keyId }: ClientAuthentication & { readonly method: 'private_key_jwt' },
  issuer: string,
): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: algorithm, ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(issuer)
    .setIssuedAt()
    .setExpirationTime(ASSERTION_LIFETIME)
    .sign(key);
}

/** `application/x-www-form-urlencoded`, as both halves of Basic are. Source: RFC 6749, section 2.3.1. */
export const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
