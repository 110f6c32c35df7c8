/** @module Tokens that every server must refuse. */
import { randomBytes } from 'node:crypto';

/** Text with the form of a JWT, whose signature nobody made. */
export function nonsenseToken(): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ alg: 'ES256', typ: 'at+jwt', kid: randomBytes(8).toString('hex') });
  const claims = part({ jti: randomBytes(8).toString('hex') });
  return `${header}.${claims}.${randomBytes(64).toString('base64url')}`;
}
