/** @module Connections: how many were opened, with which version of HTTP, what opening them took, and whether TLS resumed sessions. */
import type { HttpVersion } from '../../profile/kinds.ts';
import type { Micros } from '../../units/time.ts';
import { addCounts } from '../counts.ts';
import { clampTime, mergeSeries, type Series, Tally } from '../histogram.ts';
import type { Measure, MeasureTally } from './measure.ts';

/** What a driver tells of a connection. */
interface OpenedConnection {
  readonly http: HttpVersion;
  readonly connectUs: Micros;
  readonly handshakeUs?: Micros;
  readonly resumed?: boolean;
}

const COUNTS = ['http1', 'http2', 'resumed'] as const;

/** Connections that were opened in one part of a run. */
export interface OpenedCounts extends Readonly<Record<(typeof COUNTS)[number], number>> {
  /** Until TCP was up: one of each connection. */
  readonly connect: Series;
  /** From then until TLS was ready: one of each connection with TLS, whether it resumed a session or not. */
  readonly handshake: Series;
}

/** Connections of the pools, by when they were opened. */
export interface ConnectionCounts {
  /** Before the measured time: ahead of the load, and in the warm-up. */
  readonly before: OpenedCounts;
  /** From its beginning on. */
  readonly measured: OpenedCounts;
  /** How often a call was sent again that the server had not processed, in the measured time. */
  readonly resent: number;
}

class OpenedTally {
  http1 = 0;
  http2 = 0;
  resumed = 0;
  readonly #connect = new Tally();
  readonly #handshake = new Tally();

  add({ http, connectUs, handshakeUs, resumed }: OpenedConnection): void {
    if (http === '2') this.http2 += 1;
    else this.http1 += 1;
    if (resumed === true) this.resumed += 1;
    this.#connect.record(clampTime(connectUs));
    if (handshakeUs !== undefined) this.#handshake.record(clampTime(handshakeUs));
  }

  counts(): OpenedCounts {
    const [connect, handshake] = [this.#connect.series(), this.#handshake.series()];
    return { ...addCounts(COUNTS, [this]), connect, handshake };
  }
}

/** The connections of one worker while they are counted; its driver tells of them. */
export class ConnectionTally implements MeasureTally<ConnectionCounts> {
  readonly #before = new OpenedTally();
  readonly #measured = new OpenedTally();
  #resent = 0;
  #measureUs: Micros = Number.POSITIVE_INFINITY;

  /** Says when the measured time begins. */
  begin(measureUs: Micros): void {
    this.#measureUs = measureUs;
  }

  opened(connection: OpenedConnection, nowUs: Micros): void {
    (nowUs < this.#measureUs ? this.#before : this.#measured).add(connection);
  }

  /** A call is sent again. */
  resent(nowUs: Micros): void {
    if (nowUs >= this.#measureUs) this.#resent += 1;
  }

  counts(): ConnectionCounts {
    return { before: this.#before.counts(), measured: this.#measured.counts(), resent: this.#resent };
  }
}

export const connections: Measure<ConnectionCounts, ConnectionTally> = {
  name: 'connections',
  start: () => new ConnectionTally(),
  merge: (list) => ({
    before: mergeOpened(list.map(({ before }) => before)),
    measured: mergeOpened(list.map(({ measured }) => measured)),
    resent: list.reduce((sum, { resent }) => sum + resent, 0),
  }),
};

function mergeOpened(list: readonly OpenedCounts[]): OpenedCounts {
  return {
    ...addCounts(COUNTS, list),
    connect: mergeSeries(list.map(({ connect }) => connect)),
    handshake: mergeSeries(list.map(({ handshake }) => handshake)),
  };
}
