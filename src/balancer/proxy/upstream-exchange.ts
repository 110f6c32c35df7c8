/** @module The seam between the two sides of the proxy: one request and its answer, as the upstream connection sees them. */
import type { UpstreamHead } from './heads.ts';
import type { Piece } from './piece.ts';

/** What an upstream connection works for. Exactly one of `answered` and `failed` ends it. */
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
  /** The upstream takes request bytes again. */
  drained(): void;
}
