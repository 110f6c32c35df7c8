/** @module The kinds of authorization: each mode by its name, with what it is and which tokens it reads; algorithms, policies, and fields of audit logs. */
import { type Era, namesOf } from './kinds.ts';

export interface AuthModeKind {
  readonly means: string;
  readonly eras: readonly Era[];
  /** What the access tokens of the mode are: `none` when it reads none. */
  readonly tokens: 'jwt' | 'opaque' | 'none';
  /** Which process checks the token: each instance, or the balancer. */
  readonly checkedBy: 'instance' | 'balancer';
  /** How long a decision is kept: per call, for `auth.cacheTtl`, or as long as the session. */
  readonly decides: 'per-call' | 'for-a-time' | 'per-session';
}

const authModes = {
  none: {
    means: 'tokens are not checked',
    eras: ['stateless', 'sessions'],
    tokens: 'none',
    checkedBy: 'instance',
    decides: 'per-call',
  },
  session: {
    means: 'the token is checked when a session is opened and not again, the widespread mistake',
    eras: ['sessions'],
    tokens: 'jwt',
    checkedBy: 'instance',
    decides: 'per-session',
  },
  jwt: {
    means: 'each instance verifies the token of every call: signature, issuer, audience, expiry',
    eras: ['stateless', 'sessions'],
    tokens: 'jwt',
    checkedBy: 'instance',
    decides: 'per-call',
  },
  introspection: {
    means: 'each instance asks the authorization server about the token of every call (RFC 7662)',
    eras: ['stateless', 'sessions'],
    tokens: 'opaque',
    checkedBy: 'instance',
    decides: 'per-call',
  },
  'introspection-cached': {
    means: 'the same, and an instance keeps the answer for `auth.cacheTtl`',
    eras: ['stateless', 'sessions'],
    tokens: 'opaque',
    checkedBy: 'instance',
    decides: 'for-a-time',
  },
  gateway: {
    means: 'the balancer verifies the token, and instances trust the signed header that it adds',
    eras: ['stateless', 'sessions'],
    tokens: 'jwt',
    checkedBy: 'balancer',
    decides: 'per-call',
  },
  dpop: {
    means: 'each call also proves that the caller has the key of its token (RFC 9449)',
    eras: ['stateless', 'sessions'],
    tokens: 'jwt',
    checkedBy: 'instance',
    decides: 'per-call',
  },
} satisfies Readonly<Record<string, AuthModeKind>>;

export type AuthModeName = keyof typeof authModes;
/** How a fleet authenticates calls; the default first. */
export const AUTH_MODES: Readonly<Record<AuthModeName, AuthModeKind>> = authModes;
export const AUTH_MODE_NAMES = namesOf(AUTH_MODES);

/** Signature algorithms of access tokens (RFC 7518, RFC 8037); the default first. */
export const AUTH_ALGORITHMS = ['ES256', 'RS256', 'EdDSA'] as const;
export type AuthAlgorithm = (typeof AUTH_ALGORITHMS)[number];

/** Fields of audit records that are read, by our names; the log of another server may have other names. */
export const AUDIT_FIELDS = ['traceparent', 'instance', 'decision', 'reason', 'tokenHash', 'us'] as const;
export type AuditFields = { readonly [Name in (typeof AUDIT_FIELDS)[number]]?: string };

export const AUTH_POLICIES = ['none', 'scopes', 'cedar'] as const;
/** How a fleet decides what an authenticated caller may do; the default first. */
export type AuthPolicyName = (typeof AUTH_POLICIES)[number];
