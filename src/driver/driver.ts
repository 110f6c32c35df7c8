/** @module The interface between engine and wire: a driver makes exchanges over connections that it owns. */

import type { HttpChoice, HttpVersion } from '../profile/kinds.ts';
import type { Cause } from '../protocol/cause.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Request } from '../protocol/request.ts';
import type { StreamPosition } from '../protocol/sse.ts';
import type { Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/**
 * How one exchange ended. A failure is a reply like any other. It is valid only within its callback: a driver may use the object for
 * the next exchange. Whoever needs it later copies it.
 */
export interface Reply {
  readonly outcome: Outcome;
  /** Error detail for display, when the outcome is not `ok`: `-32602 Unknown tool`, `503 Service Unavailable`, `ECONNREFUSED 127.0.0.1:3000`. */
  readonly detail: string | undefined;
  /** HTTP status; 0 when there was none. */
  readonly status: number;
  /** Time at which the request was passed to the socket (or, if that never happened, at which the call failed). */
  readonly sentUs: Micros;
  /** First byte of the answer; `doneUs` when there was none. */
  readonly firstByteUs: Micros;
  /** Last byte of the answer, or the moment of failure. */
  readonly doneUs: Micros;
  /** Value of the header that names the instance (`x-served-by`), safe to print. */
  readonly servedBy: string | undefined;
  /** `Mcp-Session-Id` of the answer. */
  readonly sessionId: string | undefined;
  /** `Server-Timing` of the answer, or the header that {@link DriverOptions.timingHeader} names in its place, raw; values of several are joined by commas. */
  readonly serverTiming: string | undefined;
  /** JSON text of the answer, only for requests sent with `keepBody`. */
  readonly body: string | undefined;
  /**
   * From the hand-over of the request until a connection was ready to carry it: all were busy, or one had to be set up (TCP, TLS).
   * It ends at `sentUs`. 0 or absent when a connection was free and open.
   */
  readonly connectionWaitUs?: Micros | undefined;
  /** Values of `Set-Cookie`, one per field; absent when there was none. */
  readonly setCookies?: readonly string[] | undefined;
  /**
   * Where to continue an event stream that ended before the answer: the id of its last event, and the delay that the server asked
   * for. Absent when the answer arrived or no event had an id. Source: MCP 2025-11-25, Resumability and Redelivery (SEP-1699).
   */
  readonly resume?: StreamPosition | undefined;
  /** The same object for all good answers with the same text but for the id, where that was recognised. */
  readonly repeats?: object | undefined;
  /** The cause of a failure, if it was recognised. */
  readonly cause?: Cause | undefined;
  /** Of an `rpc-error`: the code of the JSON-RPC error. */
  readonly code?: number | undefined;
  /** `Location` of a redirect (3xx), as the server wrote it. */
  readonly location?: string | undefined;
}

/** A response that stays open: to the GET of 2025-11-25, or to `subscriptions/listen`. */
export interface OpenStream {
  /** Closes the stream; `onEnd` is not called after it. */
  close(): void;
}

export interface StreamListener {
  /** The response began: HTTP status and instance. */
  onOpen(status: number, servedBy: string | undefined): void;
  /** A JSON-RPC message arrived on the stream, or in the JSON body of an answer that is no stream, such as a refusal: its text. */
  onMessage?(text: string): void;
  /** The stream ended, or could not be opened. Called at most once. `resume`: where to continue it, when an event had an id. */
  onEnd(detail: string | undefined, resume?: StreamPosition): void;
}

/** Makes exchanges. Owns its connections; holds a request back only while all of them are busy. */
export interface Driver {
  /**
   * Sends `request`. `onReply` is called exactly once, never from within `send`. Replies to a request that waits for
   * a connection when `close` is called are `aborted`. `onMessage` receives the text of every other JSON-RPC message on the
   * answer's event stream: the server's requests and notifications.
   */
  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody?: boolean,
    onMessage?: (text: string) => void,
  ): void;
  /** Sends `request`, with GET or POST, and opens the long-lived stream that answers it, on a connection of its own outside the pool. No time-out applies. */
  open(request: Request, listener: StreamListener): OpenStream;
  /** Opens connections before the load, as many as the pool begins with; resolves when they are open or have failed. */
  warm(): Promise<void>;
  /** Whether connections that are open write all requests of a turn of the event loop in one piece. Absent: none does. */
  joinsRequests?(): boolean;
  /** The most connections that the pool has had at the same time so far. */
  mostConnections(): number;
  /** Ends every connection; calls still in progress are answered `aborted`. */
  close(): Promise<void>;
}

export interface DriverOptions {
  readonly url: string;
  /** Connections that {@link Driver.warm} opens. */
  readonly connections: number;
  /** Connections that may be open at the same time: a request that finds all busy opens another one up to this number. Absent: `connections`. */
  readonly maxConnections?: number;
  /** From hand-over to last byte, including the wait for a connection. */
  readonly timeoutUs: Micros;
  /** Whether the JSON-RPC id of the answer must be the request's. */
  readonly checkIds: boolean;
  /** Calls after which a connection is closed and another opened in its place. Absent: connections stay. */
  readonly perConnection?: number;
  readonly clock: Clock;
  /** Header that names the instance, lower case. Default of the product: `x-served-by`. */
  readonly instanceHeader: string;
  /** Header that has the times of the server, lower case. Absent: `server-timing`. */
  readonly timingHeader?: string;
  /** `resume`: whether a new connection may resume the session of an earlier one; true when absent. */
  readonly tls: { readonly insecure: boolean; readonly caFile?: string; readonly resume?: boolean };
  /** Version of HTTP; `auto` when absent. */
  readonly http?: HttpChoice;
  /** Requests that may be under way at the same time on one connection of HTTP/2, as far as the server allows; 100 when absent. */
  readonly streams?: number;
  /** Called for every connection of the pool that was opened, when it is ready. */
  readonly onConnection?: (opened: OpenedConnection) => void;
  /** Called when a call is sent again that the server has not processed. */
  readonly onResent?: () => void;
  /** URL of the forward proxy that connections are made through, with its credentials. Only for a driver that supports one. */
  readonly proxy?: string;
  /**
   * Called with every complete answer before it is classified, to display an exchange. Only the driver `undici`
   * calls it; the others do not keep the required data.
   */
  readonly onAnswer?: (request: Request, answer: RawAnswer) => void;
}

/** What opening a connection took. */
export interface OpenedConnection {
  readonly http: HttpVersion;
  /** Until the TCP connection was up, name resolution included. */
  readonly connectUs: Micros;
  /** From then until TLS was ready, with an accepted certificate. Absent without TLS. */
  readonly handshakeUs?: Micros;
  /** Whether TLS resumed an earlier session. Absent without TLS. */
  readonly resumed?: boolean;
}

/** An answer as it was received, for display. */
export interface RawAnswer {
  readonly status: number;
  readonly statusText: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Without its content encoding; empty when that cannot be decoded. */
  readonly body: Buffer;
}

/** One line in the table of drivers. */
export type CreateDriver = (options: DriverOptions) => Driver;
