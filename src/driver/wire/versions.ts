/** @module What is said when client and server have no version of HTTP in common. */
import { ALPN_NAMES } from '../../http/alpn.ts';
import type { HttpVersion } from '../../profile/kinds.ts';
import { NO_COMMON_VERSION } from '../failure.ts';

/** The fatal alert of a server that speaks none of the versions that it was offered (RFC 7301, section 3.2), as Node names it. */
const NO_PROTOCOL_ALERT = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** The failure of a handshake: `error` in plain words when `versions`, which were offered, are its cause. */
export function noCommonVersion(error: Error, versions: readonly HttpVersion[]): Error {
  if ((error as { readonly code?: string }).code !== NO_PROTOCOL_ALERT) return error;
  return versionError('the server accepts none of the protocols that ALPN offered', versions);
}

/** The server chose `chosen`, which was not offered; `false`: it does not take part in ALPN. */
export function otherVersion(chosen: string | false | null, versions: readonly HttpVersion[]): Error {
  return versionError(
    chosen === false || chosen === null
      ? 'the server chose none of the protocols that ALPN offered'
      : `the server chose ${chosen}, and not one of the protocols that ALPN offered`,
    versions,
  );
}

function versionError(what: string, versions: readonly HttpVersion[]): Error {
  const offered = versions.map((version) => ALPN_NAMES[version]).join(', ');
  return tlsError(NO_COMMON_VERSION, `${what}: ${offered}`);
}

/** A server that answers plain HTTP with a TLS alert. */
export const speaksTls = (): Error =>
  tlsError(
    'ERR_TLS_ALERT',
    'the server answered with a TLS alert, so it speaks TLS: use a URL that begins with https://',
  );

/** An error with a code of the kind that Node gives to errors of TLS. */
function tlsError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
