/** @module Connects to an upstream, over TCP or with TLS. */
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext } from 'node:tls';
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
  /** The latest session of TLS: with it, another connection costs neither side a signature. */
  #session: Buffer | undefined;

  constructor(address: UpstreamAddress, trust: UpstreamTrust = { insecure: false }) {
    this.#address = address;
    this.#tls = address.tls && optionsOf(address.tls.name, trust);
  }

  /** Begins to connect; `ready` is called when bytes can be sent, with TLS once the certificate has been accepted. */
  open(ready: () => void): Intake {
    const { host, port } = this.#address;
    if (this.#tls !== undefined) return this.#openSecure(this.#tls, ready);
    const intake = connectIntake({ host, port, noDelay: true });
    intake.socket.once('connect', ready);
    return intake;
  }

  #openSecure(tls: ConnectionOptions, ready: () => void): Intake {
    const { host, port } = this.#address;
    const session = this.#session && { session: this.#session };
    const socket = connect({ host, port, ...tls, ...session });
    socket.setNoDelay(true);
    socket.once('secureConnect', () => {
      // Only now has the certificate been accepted; that of a resumed session is not checked again.
      socket.on('session', (latest: Buffer) => {
        this.#session = latest;
      });
      ready();
    });
    return streamIntake(socket);
  }
}

function optionsOf(name: string, { insecure, ca }: UpstreamTrust): ConnectionOptions {
  return {
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: !insecure,
    // Server Name Indication carries names only, never addresses (RFC 6066, section 3).
    ...(isIP(name) === 0 && { servername: name }),
    ...(ca !== undefined && { secureContext: createSecureContext({ ca }) }),
  };
}
