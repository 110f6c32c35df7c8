/** @module The seam between the two sides of the proxy: one request and its answer, and what carries them to an upstream and back. */
import type { Changes } from './gate.ts';
import type { ClientHead, UpstreamHead } from './heads.ts';
import type { Piece } from './piece.ts';

/** Whether a request that came back may be sent once more however often that happens, or one time only (RFC 9113, section 8.7). */
export type Repeat = 'always' | 'once';

/** What a carrier works for. Exactly one of `answered`, `failed` and `returned` ends it. */
export interface UpstreamExchange {
  /** Method of the request: decides whether the answer has a body. */
  readonly method: string;
  /** Whether the whole request has been handed over. */
  readonly sent: boolean;
  /** A piece of an answer, interim ones (1xx) included. False: hold the rest back until `resume` is called. */
  answer(piece: Piece<UpstreamHead>): boolean;
  /** The answer is complete. */
  answered(): void;
  /** The connection broke, or the upstream's bytes were not an answer; `reason` says which. */
  failed(reason: string): void;
  /** The upstream has not processed the request, for a `reason`, and no answer has begun. */
  returned(reason: string, repeat: Repeat): void;
  /** The upstream takes request bytes again. */
  drained(): void;
}

/** Carries one exchange: a connection of HTTP/1.1, or a stream of HTTP/2. */
export interface UpstreamCarrier {
  /** Whether exchanges may end with `returned`. */
  readonly returns: boolean;
  /** Begins `exchange` with the `first` piece of its request, whose head gets `changes`. False: wait for `drained`. */
  begin(exchange: UpstreamExchange, first: Piece<ClientHead>, changes: Changes | undefined): boolean;
  /** Sends a further piece of the request. False: wait for `drained`. */
  send(piece: Piece<ClientHead>): boolean;
  /** Goes on reading after an answer was held back. */
  resume(): void;
  /** Gives the exchange up, without calling it. */
  abandon(): void;
  /** It is not needed after all: nothing was begun. */
  release(): void;
}
