/** @module Where an authenticator is tested: a mode in front of an authorization server, with a clock that stands still, and the requests that reach it. */
import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, type JWTPayload } from 'jose';
import type { AuthModeName } from '../../profile/auth-kinds.ts';
import { VirtualClock } from '../../units/virtual-clock.ts';
import type { Authenticated, AuthenticationInput, Authenticator, GuardedRequest } from '../guard.ts';
import { type Keys, makeKeys, NOW, RESOURCE, signed, type TestAuthority } from './authority.case.ts';
import { createAuthenticator } from './table.ts';

/** A request with these header fields, which calls a tool unless `method` is another one. */
export function request(
  fields: Readonly<Record<string, string>> = {},
  method = 'tools/call',
): GuardedRequest {
  return {
    httpMethod: 'POST',
    header: (name) => fields[name],
    operation: { method, name: 'echo', arguments: {} },
  };
}

/** An authenticator, and what it is tested with. */
export interface Bed {
  readonly mode: AuthModeName;
  readonly authority: TestAuthority;
  readonly authenticator: Authenticator;
  /** Moves the time of day too. */
  readonly clock: VirtualClock;
  /** Of the caller, for proofs. */
  readonly keys: Keys;
  /** An error of the clock of the instance, in seconds; it can be changed. */
  skewSeconds: number;
}

export interface BedOptions {
  readonly isGateway?: boolean;
  /** Replaces parts of the input. */
  readonly input?: Partial<AuthenticationInput>;
}

export async function bedOf(
  mode: AuthModeName,
  authority: TestAuthority,
  { isGateway = false, input = {} }: BedOptions = {},
): Promise<Bed> {
  const clock = new VirtualClock();
  const authenticator = createAuthenticator({
    input: { ...authority.input(mode), ...input },
    isGateway,
    resource: () => RESOURCE,
    nowSeconds: () => NOW + clock.now() / 1e6 + bed.skewSeconds,
    clock,
  });
  const keys = await makeKeys('ES256', 'caller');
  const bed: Bed = { mode, authority, authenticator, clock, keys, skewSeconds: 0 };
  return bed;
}

/** Who or what an answer names: the actor, or the reason of the refusal, or `nobody`. */
export async function answerOf(answer: Authenticated | Promise<Authenticated>): Promise<string> {
  const given = await answer;
  if (given === undefined) return 'nobody';
  return 'refused' in given ? given.refused : given.actor;
}

/** A token of the kind that the mode reads, with these changes to the claims of a good one. */
export async function issue(
  { mode, authority, keys }: Bed,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  if (mode.startsWith('introspection')) return authority.opaque(authority.claims(changes));
  const bound = mode === 'dpop' ? { cnf: { jkt: await calculateJwkThumbprint(keys.jwk) } } : {};
  return authority.jwt(authority.claims({ ...bound, ...changes }));
}

/** Presents `token` as the mode wants it. */
export async function present(bed: Bed, token: string): Promise<GuardedRequest> {
  if (bed.mode !== 'dpop') return request({ authorization: `Bearer ${token}` }, openingOf(bed.mode));
  return request({ authorization: `DPoP ${token}`, dpop: await prove(bed.keys, token) });
}

/** What `authenticator` says of `token`. */
export async function tried(bed: Bed, token: string): Promise<string> {
  return answerOf(bed.authenticator.authenticate(await present(bed, token)));
}

/** The mode `session` looks at tokens of the request only that opens a session. */
function openingOf(mode: AuthModeName): string {
  return mode === 'session' ? 'initialize' : 'tools/call';
}

export const athOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** A proof for `token`, with these changes to a good one; undefined leaves a claim out. */
export async function prove(
  keys: Keys,
  token: string,
  changes: Readonly<Record<string, unknown>> = {},
  header: object = {},
): Promise<string> {
  const { kty, crv, x, y } = keys.jwk;
  const claims: JWTPayload = { jti: randomUUID(), htm: 'POST', htu: RESOURCE, iat: NOW, ath: athOf(token) };
  const usual = { alg: 'ES256', typ: 'dpop+jwt', jwk: { kty: kty!, crv: crv!, x: x!, y: y! } };
  return signed({ ...claims, ...changes }, { ...usual, ...header }, keys.privateKey);
}
