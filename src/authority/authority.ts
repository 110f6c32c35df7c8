/** @module The authorization server of a testbed, as its parent sees it: what it is started with, reports and can be asked. */
import type { AuthAlgorithm } from '../profile/auth-kinds.ts';
import type { Micros } from '../units/time.ts';

/** A client of the authorization server, which stands for the agents of one identity. */
export interface AuthorityClient {
  readonly id: string;
  readonly secret: string;
  /** Public key for `private_key_jwt`, as a JWK; absent: only the secret. */
  readonly jwk?: Readonly<Record<string, unknown>> | undefined;
  readonly scopes: readonly string[];
}

/** The id of the client for an identity: its name, with the characters escaped that an id may not have (RFC 6749, A.1: printable ASCII). */
export const clientIdOf = (identity: string): string => encodeURIComponent(identity);

/** What it is started with; structured-cloned. */
export interface AuthorityInput {
  readonly algorithm: AuthAlgorithm;
  readonly tokens: 'jwt' | 'opaque';
  readonly lifetimeUs: Micros;
  /** Delay of every answer to instances (introspection, JWKS, list of revoked tokens). */
  readonly delayUs: Micros;
  readonly clients: readonly AuthorityClient[];
  /** The client with which instances introspect. */
  readonly resourceServer: { readonly id: string; readonly secret: string };
}

/** What it reports when it listens; absolute URLs. */
export interface AuthorityReady {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly revocationEndpoint: string;
  readonly jwksUrl: string;
  /** JSON list of the ids of revoked JWTs. */
  readonly revokedUrl: string;
}

/** Requests answered so far, by kind, and the processor time of the process. */
export interface AuthorityCounts {
  readonly tokens: number;
  readonly introspections: number;
  readonly jwks: number;
  readonly revocations: number;
  readonly revokedLists: number;
  readonly cpuUs: Micros;
}

/** The claims and times of a token that is signed on request: those of tokens that must be refused. */
export interface MintedToken {
  readonly client: string;
  readonly scope: string;
  readonly audience: string;
  /** Another issuer than its own. */
  readonly issuer?: string;
  /** From now; negative: in the past. */
  readonly notBeforeSeconds?: number;
  readonly expiresInSeconds: number;
}

/** A token that was signed on request. */
export interface Minted {
  readonly token: string;
  /** Its `jti`; null of an opaque one. */
  readonly id: string | null;
}

export type AuthorityQuestion =
  | { readonly kind: 'counts' }
  /** From now on it signs with a new key; the JWKS has the old ones too. */
  | { readonly kind: 'rotate' }
  /**
   * Whether requests of instances wait from now on: connections are accepted, and nothing is answered until the end of the outage, as
   * by a process that is stopped for a time. Agents still get tokens.
   */
  | { readonly kind: 'down'; readonly down: boolean }
  /** Adds ids to the list of revoked JWTs. */
  | { readonly kind: 'revoke'; readonly ids: readonly string[] }
  | { readonly kind: 'mint'; readonly tokens: readonly MintedToken[] };

/** What it answers to a question of each kind. */
interface Answers {
  readonly counts: AuthorityCounts;
  readonly rotate: undefined;
  readonly down: undefined;
  readonly revoke: undefined;
  /** In the order in which they were asked for. */
  readonly mint: readonly Minted[];
}

/** Asks the server; rejects when it has ended. */
export type AskAuthority = <Question extends AuthorityQuestion>(
  question: Question,
) => Promise<Answers[Question['kind']]>;
