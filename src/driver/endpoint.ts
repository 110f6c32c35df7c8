/** @module The endpoint that a driver connects to, parsed once from the URL. */
import { isIP } from 'node:net';
import { unescape as decoded } from 'node:querystring';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { readCertificates } from '../process/ca-file.ts';
import { UserError } from '../units/user-error.ts';
import type { DriverOptions } from './driver.ts';

/** A forward HTTP proxy. */
export interface ForwardProxy {
  /** Whether connections to the proxy itself use TLS. */
  readonly secure: boolean;
  /** Name or address to connect to, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** For people, without credentials: `127.0.0.1:3128`. */
  readonly address: string;
  /** Value of `proxy-authorization`. */
  readonly authorization: string | undefined;
  /** For `tls.connect`. Empty without TLS. */
  readonly tls: ConnectionOptions;
}

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
  /** The proxy that connections go through. */
  readonly proxy: ForwardProxy | undefined;
}

/** The endpoint of `options`. @throws UserError when a URL is not valid, or the CA file cannot be read. */
export function endpointOf(options: Pick<DriverOptions, 'url' | 'tls' | 'proxy'>): Endpoint {
  const url = httpUrl(options.url);
  if (url === undefined) {
    throw new UserError({
      where: 'target.url',
      what: `"${options.url}" is not an HTTP URL`,
      expected: 'a URL such as http://127.0.0.1:3000/mcp',
    });
  }
  return {
    ...peerOf(url, options.tls),
    authority: url.host,
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    proxy: options.proxy === undefined ? undefined : proxyOf(options.proxy, options.tls),
  };
}

/** The proxy at the URL `text`. Errors never quote it, as it may contain a password. */
function proxyOf(text: string, tls: DriverOptions['tls']): ForwardProxy {
  const url = httpUrl(text);
  if (url === undefined) {
    throw new UserError({
      where: 'target.proxy',
      what: 'is not a valid URL of an HTTP proxy',
      expected: 'a URL such as http://127.0.0.1:3128',
    });
  }
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    ...peerOf(url, tls),
    authorization: credentials === ':' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/** The address of the other end of a connection to `url`. */
function peerOf(
  url: URL,
  tls: DriverOptions['tls'],
): Pick<Endpoint, 'secure' | 'hostname' | 'port' | 'address' | 'tls'> {
  const secure = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return {
    secure,
    hostname,
    port,
    address: `${url.hostname}:${port}`,
    tls: secure ? tlsOptions(tls, hostname) : {},
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

/** A context that trusts the certificates in `file`, made once for all connections. Throws a {@link UserError} for a file without any. */
export function trusting(file: string): SecureContext {
  return createSecureContext({ ca: readCertificates(file) });
}
