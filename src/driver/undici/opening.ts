/** @module What opening a connection took, from its beginning until it is ready. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { HttpVersion } from '../../profile/kinds.ts';
import type { Micros } from '../../units/time.ts';
import type { DriverOptions } from '../driver.ts';

/** A connection that is being opened. */
export class Opening {
  readonly #options: Pick<DriverOptions, 'clock' | 'onConnection'>;
  readonly #pooled: boolean;
  readonly #beganUs: Micros;
  #connectedUs: Micros | undefined;

  /** `pooled`: whether it is one of the pool, which are told of. */
  constructor(options: Pick<DriverOptions, 'clock' | 'onConnection'>, pooled: boolean) {
    this.#options = options;
    this.#pooled = pooled;
    this.#beganUs = options.clock.now();
  }

  /** TCP is up, through the proxy if there is one. */
  connected(): void {
    this.#connectedUs = this.#options.clock.now();
  }

  /** It is ready; tells of it. */
  ready(socket: Socket, http: HttpVersion): void {
    const { clock, onConnection } = this.#options;
    if (!this.#pooled || onConnection === undefined) return;
    const nowUs = clock.now();
    const connectedUs = this.#connectedUs ?? nowUs;
    const connectUs = connectedUs - this.#beganUs;
    if (!(socket instanceof TLSSocket)) onConnection({ http, connectUs });
    else
      onConnection({ http, connectUs, handshakeUs: nowUs - connectedUs, resumed: socket.isSessionReused() });
  }
}
