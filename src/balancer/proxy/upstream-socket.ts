/** @module Connects to an upstream, over TCP or with TLS, and finds the version of HTTP that both speak. */
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext } from 'node:tls';
import { ALPN_NAMES } from '../../http/alpn.ts';
import type { HttpChoice, HttpVersion } from '../../profile/kinds.ts';
import type { UpstreamAddress } from '../topology.ts';
import { connectIntake, type Intake, streamIntake } from './intake.ts';

/** Which certificates of upstreams are accepted. */
export interface UpstreamTrust {
  /** All of them. */
  readonly insecure: boolean;
  /** Authorities in PEM that are trusted; those of Node when absent. */
  readonly ca?: string;
}

/** Opens connections to one upstream. */
export class UpstreamSockets {
  readonly #address: UpstreamAddress;
  /** Absent without TLS. */
  readonly #tls: ConnectionOptions | undefined;
  readonly #http: HttpChoice;
  /** The latest session of TLS: with it, another connection costs neither side a signature. */
  #session: Buffer | undefined;

  constructor(
    address: UpstreamAddress,
    trust: UpstreamTrust = { insecure: false },
    http: HttpChoice = 'auto',
  ) {
    this.#address = address;
    this.#tls = address.tls && optionsOf(address.tls.name, trust, http);
    this.#http = http;
  }

  /** The version of all connections; `undefined`: the handshake of each decides. Without TLS nothing is negotiated. */
  get version(): HttpVersion | undefined {
    if (this.#http !== 'auto') return this.#http;
    return this.#tls === undefined ? '1.1' : undefined;
  }

  /**
   * Begins to connect; `ready` is called when bytes can be sent, with TLS once the certificate has been accepted, and says which version of HTTP
   * they are to be.
   */
  open(ready: (http: HttpVersion) => void): Intake {
    const { host, port } = this.#address;
    if (this.#tls !== undefined) return this.#openSecure(this.#tls, ready);
    const intake = connectIntake({ host, port, noDelay: true });
    intake.socket.once('connect', () => ready(this.version ?? '1.1'));
    return intake;
  }

  #openSecure(tls: ConnectionOptions, ready: (http: HttpVersion) => void): Intake {
    const { host, port } = this.#address;
    const session = this.#session && { session: this.#session };
    const socket = connect({ host, port, ...tls, ...session });
    socket.setNoDelay(true);
    socket.once('secureConnect', () => {
      // Only now has the certificate been accepted; that of a resumed session is not checked again.
      socket.on('session', (latest: Buffer) => {
        this.#session = latest;
      });
      // An upstream without ALPN speaks HTTP/1.1.
      const chosen = socket.alpnProtocol === ALPN_NAMES['2'] ? '2' : '1.1';
      if (chosen === '1.1' && this.version === '2')
        socket.destroy(new Error('the upstream did not choose HTTP/2: set balancer.http to auto or 1.1'));
      else ready(chosen);
    });
    return streamIntake(socket);
  }
}

/** Versions that are offered, the preferred one first. */
const OFFERED: Readonly<Record<HttpChoice, readonly HttpVersion[]>> = {
  auto: ['2', '1.1'],
  '1.1': ['1.1'],
  '2': ['2'],
};

function optionsOf(name: string, { insecure, ca }: UpstreamTrust, http: HttpChoice): ConnectionOptions {
  return {
    ALPNProtocols: OFFERED[http].map((version) => ALPN_NAMES[version]),
    rejectUnauthorized: !insecure,
    // Server Name Indication carries names only, never addresses (RFC 6066, section 3).
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { secureContext: createSecureContext({ ca }) }),
  };
}
