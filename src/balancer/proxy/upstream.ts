/** @module One upstream: its connections, its health, its counts. */
import type { HttpChoice, HttpVersion } from '../../profile/kinds.ts';
import { after, type Cancel, type Clock, systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { UpstreamState } from '../policy/policy.ts';
import type { UpstreamStats } from '../stats.ts';
import { INSTANCE_HEADER, type UpstreamAddress } from '../topology.ts';
import { type InstanceField, instanceField } from './heads.ts';
import { Http2Requests } from './http2-heads.ts';
import { IdleConnections } from './idle-connections.ts';
import { UpstreamConnection, type UpstreamPool } from './upstream-connection.ts';
import type { UpstreamCarrier } from './upstream-exchange.ts';
import { type SessionOwner, UpstreamSession } from './upstream-session.ts';
import { UpstreamSockets, type UpstreamTrust } from './upstream-socket.ts';

const CONNECT_WITHIN: Micros = 3_000_000;
/** How often an upstream that is down is tried. */
const PROBE_EVERY: Micros = 200_000;

/** What upstreams of one balancer have in common. */
interface UpstreamOptions {
  /** Response header, lower case, that names the instance. */
  readonly instanceHeader?: string;
  /** How certificates are checked. */
  readonly upstreamTls?: UpstreamTrust;
  /** The version of HTTP that is spoken to them; `auto` when absent. */
  readonly upstreamHttp?: HttpChoice | undefined;
}

/** Gets a carrier, or the reason why there is none. */
type Done = (carrier: UpstreamCarrier | undefined, reason: string) => void;

/**
 * With HTTP/1.1 it keeps as many connections as there are requests in flight (no request ever waits for another), and reuses idle ones. With
 * HTTP/2 it opens another connection when all have as many streams as both sides allow; requests that come in the meantime wait for it. Marked
 * down when a connection cannot be made; then probed until one can.
 */
export class Upstream implements UpstreamState, UpstreamPool, SessionOwner {
  readonly id: string;
  readonly instance: InstanceField;
  inFlight = 0;
  requests = 0;
  failures = 0;
  readonly #sockets: UpstreamSockets;
  readonly #requests: Http2Requests;
  readonly #idle: IdleConnections;
  readonly #open = new Set<UpstreamConnection | UpstreamSession>();
  /** The version that the latest connection spoke; undefined before the first one, if its handshake decides. */
  #version: HttpVersion | undefined;
  /** Those that wait for a connection which is being made; undefined: none is being made for several. */
  #waiting: Done[] | undefined;
  #opened = 0;
  #up = true;
  #drained = false;
  #probe: Cancel = () => {};
  #closed = false;

  constructor(
    address: UpstreamAddress,
    { instanceHeader = INSTANCE_HEADER, upstreamTls, upstreamHttp }: UpstreamOptions = {},
    clock: Clock = systemClock,
  ) {
    this.#sockets = new UpstreamSockets(address, upstreamTls, upstreamHttp);
    this.#version = this.#sockets.version;
    this.#requests = new Http2Requests(address.tls !== undefined);
    this.instance = instanceField(instanceHeader, address.id);
    this.#idle = new IdleConnections(clock);
    this.id = address.id;
  }

  get live(): boolean {
    return this.#up && !this.#drained;
  }

  get draining(): boolean {
    return this.#up && this.#drained;
  }

  /** Takes no new work from now on. */
  drain(): void {
    this.#drained = true;
  }

  /** A connection or a stream that is free, or undefined when a connection must be made. */
  take(): UpstreamCarrier | undefined {
    if (this.#version === '1.1') return this.#idle.take();
    return this.#roomy()?.carrier() ?? this.#idle.take();
  }

  /** Makes a connection; `done` gets a carrier over it, or the reason why there is none, in which case the upstream is marked down. */
  connect(done: Done): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(done);
      return;
    }
    const waiting = [done];
    // One of HTTP/1.1 is for one exchange only.
    if (this.#version !== '1.1') this.#waiting = waiting;
    this.#make(waiting);
  }

  freed(connection: UpstreamConnection, idleSeconds: number | undefined): void {
    this.#idle.add(connection, idleSeconds);
  }

  closed(connection: UpstreamConnection | UpstreamSession): void {
    this.#open.delete(connection);
    if (connection instanceof UpstreamConnection) this.#idle.remove(connection);
  }

  stats(): UpstreamStats {
    const { id, live, requests, failures, inFlight } = this;
    return {
      id,
      live,
      requests,
      failures,
      inFlight,
      connections: this.#opened,
      openConnections: this.#open.size,
    };
  }

  close(): void {
    this.#closed = true;
    this.#probe();
    for (const connection of this.#open) connection.abandon();
  }

  /** Makes a connection for all that are `waiting`. */
  #make(waiting: readonly Done[]): void {
    let reason = `no connection within ${CONNECT_WITHIN / 1e6} s`;
    let session: UpstreamSession | undefined;
    const intake = this.#sockets.open((http) => {
      this.#version = http;
      if (http === '2') {
        session = new UpstreamSession(intake, this, this.#requests, () => {
          settle();
          this.#share(waiting, session!);
        });
      } else {
        settle();
        this.#share(waiting, this.#adopt(new UpstreamConnection(intake, this)));
      }
    });
    const { socket } = intake;
    const late = after(CONNECT_WITHIN, () => socket.destroy());
    const onError = (error: Error): void => {
      reason = error.message;
    };
    const onClose = (): void => {
      settle();
      this.#markDown();
      for (const done of waiting) done(undefined, session?.reason ?? reason);
    };
    const settle = (): void => {
      late();
      socket.off('error', onError).off('close', onClose);
      if (waiting === this.#waiting) this.#waiting = undefined;
    };
    socket.once('error', onError).once('close', onClose);
  }

  /** Gives those that wait what a new connection can carry; further ones are made for the others. */
  #share([first, ...others]: readonly Done[], connection: UpstreamConnection | UpstreamSession): void {
    if (connection instanceof UpstreamConnection) first!(connection, '');
    else if (connection.hasRoom) {
      this.#adopt(connection);
      first!(connection.carrier(), '');
    } else {
      connection.abandon();
      first!(undefined, 'the upstream allows no streams');
    }
    for (const done of others) {
      const carrier = this.take();
      if (carrier === undefined) this.connect(done);
      else done(carrier, '');
    }
  }

  /** A session with room for another stream. */
  #roomy(): UpstreamSession | undefined {
    for (const connection of this.#open)
      if (connection instanceof UpstreamSession && connection.hasRoom) return connection;
    return undefined;
  }

  #adopt<Connection extends UpstreamConnection | UpstreamSession>(connection: Connection): Connection {
    this.#opened += 1;
    this.#open.add(connection);
    this.#up = true;
    if (this.#closed) connection.abandon();
    return connection;
  }

  #markDown(): void {
    if (this.#closed) return;
    this.#up = false;
    this.#idle.drop();
    this.#probe();
    this.#probe = after(PROBE_EVERY, () => this.#tryAgain());
  }

  /** A connection that comes about marks it live; one that does not leads here again. */
  #tryAgain(): void {
    this.connect((carrier) => {
      carrier?.release();
    });
  }
}
