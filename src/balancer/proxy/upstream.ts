/** @module One upstream: its pool of keep-alive connections, its health, its counts. */
import { after, type Cancel, type Clock, systemClock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { UpstreamState } from '../policy/policy.ts';
import type { UpstreamStats } from '../stats.ts';
import { INSTANCE_HEADER, type UpstreamAddress } from '../topology.ts';
import { type InstanceField, instanceField } from './heads.ts';
import type { Intake } from './intake.ts';
import { UpstreamConnection, type UpstreamPool } from './upstream-connection.ts';
import { UpstreamSockets, type UpstreamTrust } from './upstream-socket.ts';

/** How long a connection may lie idle: less than the 5 s after which Node's servers close theirs, so that none is used as it closes. */
const IDLE: Micros = 4_000_000;
/** An advertised idle time is undercut by this much. */
const IDLE_MARGIN: Micros = 1_000_000;
const CONNECT_WITHIN: Micros = 3_000_000;
/** How often an upstream that is down is tried. */
const PROBE_EVERY: Micros = 200_000;

/** What upstreams of one balancer have in common. */
interface UpstreamOptions {
  /** Response header, lower case, that names the instance. */
  readonly instanceHeader?: string;
  /** How certificates are checked. */
  readonly upstreamTls?: UpstreamTrust;
}

/**
 * Keeps as many connections as there are requests in flight (no request ever waits for another), reuses the one
 * that became idle last, and uses none that lay idle for too long. Marked down when a connection cannot be made;
 * then probed until one can.
 */
export class Upstream implements UpstreamState, UpstreamPool {
  readonly id: string;
  readonly instance: InstanceField;
  inFlight = 0;
  requests = 0;
  failures = 0;
  readonly #sockets: UpstreamSockets;
  /** For the age of idle connections. */
  readonly #clock: Clock;
  readonly #open = new Set<UpstreamConnection>();
  readonly #idle: { readonly connection: UpstreamConnection; readonly until: Micros }[] = [];
  #opened = 0;
  #up = true;
  #drained = false;
  #probe: Cancel = () => {};
  #closed = false;

  constructor(
    address: UpstreamAddress,
    { instanceHeader = INSTANCE_HEADER, upstreamTls }: UpstreamOptions = {},
    clock: Clock = systemClock,
  ) {
    this.#sockets = new UpstreamSockets(address, upstreamTls);
    this.instance = instanceField(instanceHeader, address.id);
    this.#clock = clock;
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

  /** An idle connection, or undefined when one must be made. */
  take(): UpstreamConnection | undefined {
    const now = this.#clock.now();
    const newest = this.#idle.pop();
    // Not even the newest is fresh, so none is.
    if (newest !== undefined && newest.until < now) {
      newest.connection.abandon();
      this.#dropIdle();
      return undefined;
    }
    return newest?.connection;
  }

  /** Makes a connection; `done` gets it, or the reason why there is none, in which case the upstream is marked down. */
  connect(done: (connection: UpstreamConnection | undefined, reason: string) => void): void {
    let reason = `no connection within ${CONNECT_WITHIN / 1e6} s`;
    const intake = this.#sockets.open(() => {
      late();
      socket.off('error', onError).off('close', onClose);
      done(this.#adopt(intake), '');
    });
    const { socket } = intake;
    const late = after(CONNECT_WITHIN, () => socket.destroy());
    const onError = (error: Error): void => {
      reason = error.message;
    };
    const onClose = (): void => {
      late();
      this.#markDown();
      done(undefined, reason);
    };
    socket.once('error', onError).once('close', onClose);
  }

  freed(connection: UpstreamConnection, idleSeconds: number | undefined): void {
    const advertised =
      idleSeconds === undefined || Number.isNaN(idleSeconds) ? IDLE : idleSeconds * 1e6 - IDLE_MARGIN;
    const until = this.#clock.now() + Math.min(IDLE, advertised);
    this.#idle.push({ connection, until });
  }

  closed(connection: UpstreamConnection): void {
    this.#open.delete(connection);
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index >= 0) this.#idle.splice(index, 1);
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

  #adopt(intake: Intake): UpstreamConnection {
    const connection = new UpstreamConnection(intake, this);
    this.#opened += 1;
    this.#open.add(connection);
    this.#up = true;
    if (this.#closed) connection.abandon();
    return connection;
  }

  #markDown(): void {
    if (this.#closed) return;
    this.#up = false;
    this.#dropIdle();
    this.#probe();
    this.#probe = after(PROBE_EVERY, () => this.#tryAgain());
  }

  /** A connection that comes about marks it live; one that does not leads here again. */
  #tryAgain(): void {
    this.connect((connection) => {
      if (connection !== undefined) this.freed(connection, undefined);
    });
  }

  #dropIdle(): void {
    for (const { connection } of this.#idle.splice(0)) connection.abandon();
  }
}
