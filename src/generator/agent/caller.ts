/** @module The interface between the layers of an agent: each layer is a caller that does its part and delegates the rest to the next one, down to the driver. */
import type { OpenStream, Reply, StreamListener } from '../../driver/driver.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';

/** Is told how a call ended. */
export type OnEnd = (end: CallEnd) => void;
/** Gets the text of a message that came on the stream of a call before its answer. */
export type OnMessage = (text: string) => void;

/** Makes the requests of one agent, each by itself or through the next caller. */
export interface Caller {
  /** Performs the steps of a client before its first call. Resolves even if they fail: failures are counted. */
  open(): Promise<void>;
  /** Makes `request`; `onEnd` is called exactly once, never from within `send`. `keepBody`: the end has the JSON text of the answer. `onMessage` gets the text of every other message on its stream. */
  send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void;
  /** Opens a stream of messages from the server. */
  listen(request: AgentRequest, listener: StreamListener): OpenStream;
  /** Ends what {@link Caller.open} and the calls have begun. */
  close(): Promise<void>;
}

/**
 * A step between an agent's calls and the wire: a session, credentials, a cache. A layer implements the four methods of
 * {@link Caller} and delegates to the next layer, except for what it changes, adds or answers itself. Each agent has its own layers.
 */
export type Layer = (next: Caller) => Caller;

/** A caller that delegates everything to the next one. A layer extends it by what it does itself. */
export class PassingCaller implements Caller {
  protected readonly next: Caller;

  constructor(next: Caller) {
    this.next = next;
  }

  open(): Promise<void> {
    return this.next.open();
  }

  send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    this.next.send(request, onEnd, keepBody, onMessage);
  }

  listen(request: AgentRequest, listener: StreamListener): OpenStream {
    return this.next.listen(request, listener);
  }

  close(): Promise<void> {
    return this.next.close();
  }
}

/**
 * A request on its way from an agent to the driver. A layer that changes it passes on another one. It is valid until the end of its call:
 * a layer that goes on afterwards takes what it needs before it calls `onEnd`.
 */
export interface AgentRequest {
  readonly operation: Operation;
  /** The arrival that it belongs to; `undefined` for a request that a layer makes itself. */
  readonly arrival: Arrival | undefined;
  /** `params.arguments` as JSON text, rendered when it is read; `undefined` for none. */
  readonly argumentsJson: string | undefined;
  readonly context: CallContext;
  /** Header fields that the layers have added so far. */
  readonly fields: HeaderFields;
  /** The same request with `more` header fields. */
  plus(more: HeaderFields): AgentRequest;
  /** The same request applied to something else: the call of another tool, the read of another URI. A request that is applied to nothing stays as it is. */
  named(name: string): AgentRequest;
  /** The request as the driver sends it. */
  encode(): Request;
}

/** The operation of a request, the same for all agents. */
export interface Operation {
  /** The JSON-RPC method, `tools/call`; of a request without a message the HTTP method. */
  readonly method: string;
  /** What the method is applied to: the tool, or the URI of a resource. Absent for a list and for a handshake. */
  readonly name?: string | undefined;
  /** Of the request for a later page of a list: where it begins. Absent for the first page. */
  readonly cursor?: string;
  /** Whether it is a list of which all pages are wanted. */
  readonly isPaged?: boolean;
}

/** The context of a request. A layer that makes requests for a call makes them in the context of that call. */
export interface CallContext {
  /** The call counts: it is due in the measured time, not in the warm-up or before the load. */
  readonly measured: boolean;
}

export const MEASURED: CallContext = { measured: true };
export const UNMEASURED: CallContext = { measured: false };

/** How a call ended: the reply of the exchange that ended it, and what the layers above the driver add. */
export interface CallEnd extends Reply {
  /**
   * When the agent's work for the call began, where that is earlier than the request: a session had to be opened first, which
   * is part of what the call costs, not a delay of the generator.
   */
  readonly begunUs?: Micros;
  /** The call itself was never sent, because no session could be opened for it: the reply is that of another request. */
  readonly unsent?: boolean;
  /** Whether this call is the one that found its session lost; others in flight in the same session do not count. */
  readonly lostSession?: boolean;
  /** Of a list of several pages, or of a call that was asked back: the instance that answered the first request, which has the number of the call. */
  readonly firstServedBy?: string | undefined;
  /** The server asked for input first, so that this is the answer to another request. Source: MCP 2026-07-28, Caching: no cache keeps it. */
  readonly retried?: boolean;
  /** Given from the cache of the agent: nothing was sent. {@link Reply.body} is absent where the cache keeps no texts. */
  readonly cached?: boolean;
  /** Of an answer of the cache that is not fresh any more: how the fetch failed in whose place it is given. */
  readonly failed?: Reply;
  /** The cursor of the next page, where a layer has read it already; null: this is the last one. */
  readonly nextCursor?: string | null;
}

/** The end of a call that took another request after its own: it began as `first`, and ended as `last`. */
export function spanning(first: CallEnd, last: CallEnd): CallEnd {
  const { sentUs, firstByteUs, begunUs, connectionWaitUs, servedBy: firstServedBy } = first;
  return {
    ...last,
    sentUs,
    firstByteUs,
    connectionWaitUs,
    firstServedBy,
    ...(begunUs !== undefined && { begunUs }),
  };
}
