/** @module How a stream ends without an answer, and how a connection ends. */
import { ERROR } from './error-code.ts';
import type { Http2Fault } from './fault.ts';

/** Why a connection ended. */
export type Ending =
  /** What the server sent is not HTTP/2. `first`: the first bytes, where no frame was read before; otherwise empty. */
  | { readonly kind: 'fault'; readonly fault: Http2Fault; readonly first: string }
  /** The socket failed. */
  | { readonly kind: 'error'; readonly error: Error }
  /** The server closed it without a word. */
  | { readonly kind: 'closed' };

/** Why a stream ended. */
type LossCause =
  /** RST_STREAM; `code`: see `errorName`. */
  | { readonly kind: 'reset'; readonly code: number }
  /** GOAWAY, of a server that did not process the stream. */
  | { readonly kind: 'go-away'; readonly code: number }
  /** The answer breaks HTTP/2. */
  | { readonly kind: 'malformed'; readonly fault: Http2Fault }
  /** The connection ended. */
  | { readonly kind: 'ended'; readonly ending: Ending };

/** How a stream ended without an answer. */
export interface Loss {
  readonly cause: LossCause;
  /**
   * Whether the request may be sent again. `always`: it was not sent; or the server guarantees that it has not processed it (RFC 9113, section
   * 8.7), and processed others of the same connection, so that each attempt gets further. `once`: the server guarantees that
   * it has not processed it. `never`: it may have been executed.
   */
  readonly again: 'always' | 'once' | 'never';
}

/** The loss of a stream that was reset with `code`. */
export function resetLoss(code: number): Loss {
  return { cause: { kind: 'reset', code }, again: code === ERROR.REFUSED_STREAM ? 'once' : 'never' };
}

/** The loss of a stream that the server has not processed. `further`: another attempt will get further. */
export function goAwayLoss(code: number, further: boolean): Loss {
  return { cause: { kind: 'go-away', code }, again: further ? 'always' : 'once' };
}

/** The loss of a stream whose answer breaks HTTP/2. */
export function malformedLoss(fault: Http2Fault): Loss {
  return { cause: { kind: 'malformed', fault }, again: 'never' };
}

/** The loss of a stream whose connection ended. `sent`: something of its request was. */
export function endedLoss(ending: Ending, sent: boolean): Loss {
  return { cause: { kind: 'ended', ending }, again: sent ? 'never' : 'always' };
}
