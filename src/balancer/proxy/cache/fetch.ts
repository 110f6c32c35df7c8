/** @module A request that the cache has let through: what its answer means for the cache. */
import type { MarkedReason } from '../../../protocol/caching/marks.ts';
import type { UpstreamHead } from '../heads.ts';
import type { Piece } from '../piece.ts';
import { CollectedAnswer, type Unreadable } from './collected-answer.ts';
import { type Given, missField } from './kept-answer.ts';

/** How the exchange with the upstream ended. */
export type FetchEnd =
  /** With the JSON text of its message. */
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: Unreadable }
  /** Without a complete answer, or with a server error (5xx). */
  | { readonly kind: 'failed' }
  /** The client has gone. */
  | { readonly kind: 'dropped' };

/** Takes the answer as it is passed on. The first of its ends counts; others do nothing. */
export class Fetch {
  /** A field line for the answer. */
  readonly field: string;
  readonly #onEnd: (end: FetchEnd) => void;
  /** What may be given in place of the answer of an upstream that fails. */
  readonly #spare: () => Given | undefined;
  #answer: CollectedAnswer | undefined;
  #ended = false;

  constructor(reason: MarkedReason, onEnd: (end: FetchEnd) => void, spare: () => Given | undefined) {
    this.field = missField(reason);
    this.#onEnd = onEnd;
    this.#spare = spare;
  }

  /** The final answer begins, with `first`. What it gives is to be answered instead. */
  begin(first: Piece<UpstreamHead>, head: UpstreamHead): Given | undefined {
    if (head.status >= 500) {
      this.fail();
      const spare = this.spare();
      if (spare !== undefined) return spare;
    }
    this.#answer = new CollectedAnswer(head);
    this.take(first);
    return undefined;
  }

  take(piece: Piece<UpstreamHead>): void {
    this.#answer?.take(piece);
  }

  /** The answer is complete. */
  end(): void {
    const read = this.#answer?.message();
    if (read === undefined) return;
    this.#end(
      'text' in read ? { kind: 'message', text: read.text } : { kind: 'unreadable', reason: read.unreadable },
    );
  }

  /** There will be no complete answer. */
  fail(): void {
    this.#end({ kind: 'failed' });
  }

  /** What is to be answered in place of one that failed before it began. */
  spare(): Given | undefined {
    return this.#spare();
  }

  /** The client has gone. */
  drop(): void {
    this.#end({ kind: 'dropped' });
  }

  #end(end: FetchEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd(end);
  }
}
