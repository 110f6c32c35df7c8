/** @module Where a driver's connections lead, taken from the URL once. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { UserFault } from '../units/fault.ts';
import type { DriverOptions } from './driver.ts';

export interface Endpoint {
  readonly secure: boolean;
  /** Name or address to connect to, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Value of the `host` header. */
  readonly authority: string;
  /** For people: `127.0.0.1:3000`. */
  readonly address: string;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** For `tls.connect`. Empty without TLS. */
  readonly tls: ConnectionOptions;
}

/** The endpoint of `options`. @throws UserFault when the URL is none, or the CA file cannot be read. */
export function endpointOf(options: Pick<DriverOptions, 'url' | 'tls'>): Endpoint {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UserFault({
      where: 'target.url',
      what: `"${options.url}" is not an HTTP URL`,
      expected: 'a URL such as http://127.0.0.1:3000/mcp',
    });
  }
  const secure = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return {
    secure,
    hostname,
    port,
    authority: url.host,
    address: `${url.hostname}:${port}`,
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    tls: secure ? tlsOptions(options.tls, hostname) : {},
  };
}

function tlsOptions(tls: DriverOptions['tls'], hostname: string): ConnectionOptions {
  return {
    rejectUnauthorized: !tls.insecure,
    // Server Name Indication carries names only, never addresses (RFC 6066, section 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(tls.caFile === undefined ? {} : { secureContext: trusting(tls.caFile) }),
  };
}

/** A context that trusts the certificates in `file`, made once for all connections. */
function trusting(file: string): SecureContext {
  try {
    const ca = readFileSync(file);
    // A context takes a file without certificates in silence, and every call would fail; this throws.
    new X509Certificate(ca);
    return createSecureContext({ ca });
  } catch (cause) {
    const what = `cannot take certificates from ${file} (${(cause as Error).message})`;
    throw new UserFault(
      { where: '--ca-file', what, expected: 'a readable file of PEM certificates' },
      { cause },
    );
  }
}
