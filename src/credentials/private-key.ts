/** @module The private key of a client, as PEM or JWK. */
import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { UserError } from '../units/user-error.ts';
import { parseJsonObject } from './json-object.ts';

/** A key, and its name at the authorization server if it says one. */
export interface PrivateKey {
  readonly key: KeyObject;
  readonly keyId: string | undefined;
}

/** Whether a key can sign with each algorithm of a client's assertion. */
const FITS: Readonly<Record<string, (key: KeyObject) => boolean>> = {
  ES256: (key) => key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  RS256: (key) => key.asymmetricKeyType === 'rsa',
  EdDSA: (key) => key.asymmetricKeyType === 'ed25519',
};

/** Reads `text`, which came from `from`. Throws a `UserError`, which does not quote it, when it is no key for `algorithm`. */
export function readPrivateKey(text: string, algorithm: string, where: string, from: string): PrivateKey {
  const jwk = parseJsonObject(text);
  const key = keyOf(text, jwk);
  if (key === undefined) {
    throw new UserError({ where, what: `${from} is no private key`, expected: 'PEM (PKCS #8) or a JWK' });
  }
  if (FITS[algorithm]?.(key) !== true) {
    const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails } = key;
    const kind = asymmetricKeyDetails?.namedCurve ?? type;
    throw new UserError({
      where,
      what: `the key in ${from} (${kind}) cannot sign with ${algorithm}`,
      todo: 'set algorithm to that of the key',
    });
  }
  const keyId = jwk?.['kid'];
  return { key, keyId: typeof keyId === 'string' ? keyId : undefined };
}

function keyOf(text: string, jwk: Readonly<Record<string, unknown>> | undefined): KeyObject | undefined {
  try {
    return jwk === undefined
      ? createPrivateKey(text)
      : createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
