/** @module The idle connections to one upstream that speaks HTTP/1.1. */
import type { Clock } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import type { UpstreamConnection } from './upstream-connection.ts';

/** How long a connection may lie idle: less than the 5 s after which Node's servers close theirs, so that none is used as it closes. */
const IDLE: Micros = 4_000_000;
/** An advertised idle time is undercut by this much. */
const IDLE_MARGIN: Micros = 1_000_000;

/** Gives out the one that became idle last, and none that lay idle for too long. */
export class IdleConnections {
  /** For their age. */
  readonly #clock: Clock;
  readonly #idle: { readonly connection: UpstreamConnection; readonly until: Micros }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(): UpstreamConnection | undefined {
    const now = this.#clock.now();
    const newest = this.#idle.pop();
    // Not even the newest is fresh, so none is.
    if (newest !== undefined && newest.until < now) {
      newest.connection.abandon();
      this.drop();
      return undefined;
    }
    return newest?.connection;
  }

  /** Takes one, for at most `idleSeconds` if the upstream said so. */
  add(connection: UpstreamConnection, idleSeconds: number | undefined): void {
    const advertised =
      idleSeconds === undefined || Number.isNaN(idleSeconds) ? IDLE : idleSeconds * 1e6 - IDLE_MARGIN;
    const until = this.#clock.now() + Math.min(IDLE, advertised);
    this.#idle.push({ connection, until });
  }

  /** It is gone. */
  remove(connection: UpstreamConnection): void {
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index >= 0) this.#idle.splice(index, 1);
  }

  /** Closes all of them. */
  drop(): void {
    for (const { connection } of this.#idle.splice(0)) connection.abandon();
  }
}
