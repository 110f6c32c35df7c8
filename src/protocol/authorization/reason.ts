/** @module Why a call is refused, as a closed set of codes: in audit records, and in the figures. */

/** Each reason with the HTTP status that a server answers. Source: RFC 6750, section 3.1; RFC 9449, section 7.1. */
export const REASON_STATUS = {
  /** No token. */
  missing: 401,
  /** What is in `Authorization` is not one token of the expected scheme. */
  malformed: 401,
  'bad-signature': 401,
  'unknown-key': 401,
  'wrong-issuer': 401,
  'wrong-audience': 401,
  expired: 401,
  'not-yet-valid': 401,
  /** Revoked, or the authorization server says that it is not active. */
  revoked: 401,
  'bad-proof': 401,
  'replayed-proof': 401,
  /** The header that a gateway adds is missing or forged. */
  'not-by-gateway': 401,
  'scope-missing': 403,
  'policy-denied': 403,
  /** The authorization server did not answer, so nothing is known of the token. */
  'server-unavailable': 503,
} as const satisfies Readonly<Record<string, 401 | 403 | 503>>;

export type Reason = keyof typeof REASON_STATUS;
