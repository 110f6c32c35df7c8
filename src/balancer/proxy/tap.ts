/** @module The hook beside forwarding: sees every request and its answer as they pass, and changes nothing. */
import type { ClientHead, UpstreamHead } from './heads.ts';
import type { Piece } from './piece.ts';

/** Sees the requests of all clients. Its methods must not throw. */
export interface Tap {
  /** A request begins, over the client connection of this number. Undefined: nobody looks at it. */
  begin(head: ClientHead, connection: number): TappedExchange | undefined;
}

/** Sees one request and its answer. Bytes are valid during the call only. */
export interface TappedExchange {
  /** A piece of the request, the first one included. */
  request(piece: Piece<ClientHead>): void;
  /** A piece of the final answer. */
  answer(piece: Piece<UpstreamHead>): void;
  /** The answer is complete. */
  answered(): void;
  /** No complete answer was passed on; not called after {@link TappedExchange.answered}. */
  broken(how: Broken): void;
}

/** `refused`: no upstream took the request. `reset`: the upstream broke off. `aborted`: the client did. */
export type Broken = 'refused' | 'reset' | 'aborted';
