/** @module A request on its way to an upstream: what of it is not sent yet, or may have to be sent again. */
import type { Changes } from './gate.ts';
import type { ClientHead } from './heads.ts';
import { keptPiece, type Piece } from './piece.ts';
import type { UpstreamCarrier, UpstreamExchange } from './upstream-exchange.ts';

/** Most bytes that are held of a request which was sent. A longer one is sent once. */
const MOST_HELD = 65_536;

const NOTHING: readonly Piece<ClientHead>[] = [];

/** Holds the pieces of one request after the other. */
export class OutgoingRequest {
  #first: Piece<ClientHead> | undefined;
  /** Whether the first piece has bytes of its own. */
  #kept = false;
  /** What follows it, with bytes of its own. */
  #rest = NOTHING;
  #bytes = 0;
  #changes: Changes | undefined;

  /** What the gate adds to the answer: field lines. */
  get addedToAnswer(): string {
    return this.#changes?.addedToAnswer ?? '';
  }

  /** Whether the request, as far as it has come, can be sent. */
  get held(): boolean {
    return this.#first !== undefined;
  }

  /** Whether the last piece of the request is among those that are held. */
  get whole(): boolean {
    return (this.#rest.at(-1) ?? this.#first)?.last ?? false;
  }

  /** Takes the first piece, which lives until the next one comes. */
  begin(first: Piece<ClientHead>): void {
    this.#first = first;
    this.#kept = false;
    this.#bytes = first.to - first.start;
  }

  /** Copies the first piece, because it has to wait; returns the copy. */
  keep(): Piece<ClientHead> {
    if (!this.#kept) this.#first = keptPiece(this.#first!);
    this.#kept = true;
    return this.#first!;
  }

  /** The gate and the cache have let the request pass: `rest` follows the first piece. */
  admit(rest: readonly Piece<ClientHead>[], changes: Changes | undefined): void {
    this.#rest = rest;
    for (const { from, to } of rest) this.#bytes += to - from;
    this.#changes = changes;
  }

  /** Sends all that is held over `carrier`. It stays held where the request may come back. Returns what the carrier did last. */
  send(carrier: UpstreamCarrier, exchange: UpstreamExchange): boolean {
    const repeatable = carrier.returns && this.#bytes <= MOST_HELD;
    const first = repeatable ? this.keep() : this.#first!;
    const rest = this.#rest;
    if (!repeatable) this.drop();
    let flowing = carrier.begin(exchange, first, this.#changes);
    for (const piece of rest) flowing = carrier.send(piece);
    return flowing;
  }

  /** Takes a further piece, which is being sent. */
  follow(piece: Piece<ClientHead>): void {
    if (!this.held) return;
    this.#bytes += piece.to - piece.from;
    if (this.#bytes > MOST_HELD) this.drop();
    else this.#rest = [...this.#rest, keptPiece(piece)];
  }

  /** Holds nothing any more: the request will not be sent again. */
  drop(): void {
    this.#first = undefined;
    this.#rest = NOTHING;
  }

  /** The exchange is over. */
  clear(): void {
    this.drop();
    this.#changes = undefined;
  }
}
