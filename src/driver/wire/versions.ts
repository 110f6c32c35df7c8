/** @module What is said when client and server have no version of HTTP in common. */
import { ALPN_NAMES } from '../../http/alpn.ts';
import type { HttpVersion } from '../../profile/kinds.ts';

/** What allows the other version. */
const TODO: Readonly<Record<HttpVersion, string>> = {
  '1.1': 'set load.http to 2 or auto',
  '2': 'set load.http to 1.1 or auto',
};

/** The fatal alert of a server that speaks none of the versions that it was offered (RFC 7301, section 3.2), as Node names it. */
const NO_COMMON_VERSION = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** The failure of a handshake: `error` in plain words when `versions`, which were offered, are its cause. */
export function noCommonVersion(error: Error, versions: readonly HttpVersion[]): Error {
  if ((error as { readonly code?: string }).code !== NO_COMMON_VERSION) return error;
  return versionError('the server accepts none of the protocols', versions);
}

/** The server chose `chosen`, which was not offered; `false`: it does not take part in ALPN. */
export function otherVersion(chosen: string | false | null, versions: readonly HttpVersion[]): Error {
  return versionError(
    chosen === false || chosen === null
      ? 'the server chose none of the protocols'
      : `the server chose ${chosen}`,
    versions,
  );
}

function versionError(what: string, versions: readonly HttpVersion[]): Error {
  const offered = versions.map((version) => ALPN_NAMES[version]).join(', ');
  const [only] = versions;
  const todo = versions.length === 1 && only !== undefined ? `: ${TODO[only]}` : '';
  return tlsError('ERR_TLS_ALPN', `${what}; offered (ALPN): ${offered}${todo}`);
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
