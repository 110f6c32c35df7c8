/** @module Versions of HTTP in TLS. */

/** Names of the versions in ALPN (RFC 7301; RFC 9113, section 3.1). */
export const ALPN_NAMES = { '1.1': 'http/1.1', '2': 'h2' } as const;
