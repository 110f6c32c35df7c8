/** @module What comes before the forwarding of a request: the gate decides about it, and then the cache may answer it. */
import type { Fetch } from './cache/fetch.ts';
import type { CacheDecision, GatewayCache } from './cache/gateway-cache.ts';
import type { Given } from './cache/kept-answer.ts';
import { askGate, type Changes, type Gate, type GateDecision } from './gate.ts';
import type { ClientHead } from './heads.ts';
import type { OwnAnswer } from './own-answer.ts';
import { bodyText, type Piece } from './piece.ts';

/** How a request goes on. */
export type Verdict =
  | {
      readonly kind: 'forward';
      /** The pieces after the first, which had to be read: then the request is complete. */
      readonly rest: readonly Piece<ClientHead>[];
      readonly changes: Changes | undefined;
      /** Has to be told of the answer. */
      readonly fetch: Fetch | undefined;
    }
  | { readonly kind: 'answer'; readonly answer: OwnAnswer }
  /** With these field lines added. */
  | { readonly kind: 'give'; readonly given: Given; readonly added: string };

/** Who decides about requests. Without any, all are forwarded. */
export interface Deciders {
  readonly gate?: Gate | undefined;
  readonly cache?: GatewayCache | undefined;
}

/** Decides about the requests of one client connection, one after the other. */
export class Admission {
  readonly #deciders: Deciders;
  readonly #onVerdict: (verdict: Verdict) => void;
  /** Called when reading may go on, except from within {@link begin} and {@link take}. */
  readonly #onReady: () => void;
  /** Of the request that is not decided about. */
  #pieces: Piece<ClientHead>[] | undefined;
  #changes: Changes | undefined;
  /** Whether it needs the next piece. */
  reads = false;

  constructor(deciders: Deciders, onVerdict: (verdict: Verdict) => void, onReady: () => void) {
    this.#deciders = deciders;
    this.#onVerdict = onVerdict;
    this.#onReady = onReady;
  }

  begin(first: Piece<ClientHead>): void {
    const { gate } = this.#deciders;
    this.#pieces = [first];
    this.#changes = undefined;
    if (gate === undefined) this.#admit(first);
    else this.#when(askGate(gate, first.head!, first), (decision) => this.#decided(decision, first));
  }

  /** Not to be called unless it {@link reads}. */
  take(piece: Piece<ClientHead>): void {
    this.#pieces!.push(piece);
    if (piece.last) this.#lookUp(this.#deciders.cache!, this.#pieces!);
  }

  /** The client has gone. */
  abandon(): void {
    this.#pieces = undefined;
    this.reads = false;
  }

  #decided(decision: GateDecision, first: Piece<ClientHead>): void {
    if (decision.kind === 'answer') {
      this.#conclude(decision);
      return;
    }
    this.#changes = decision.changes;
    this.#admit(first);
  }

  #admit(first: Piece<ClientHead>): void {
    const { cache } = this.#deciders;
    if (cache === undefined || !cache.concerns(first.head!)) this.#forward([], undefined);
    else if (first.last) this.#lookUp(cache, [first]);
    else this.reads = true;
  }

  #lookUp(cache: GatewayCache, pieces: readonly Piece<ClientHead>[]): void {
    this.reads = false;
    const [first, ...rest] = pieces;
    this.#when(
      cache.ask(first!.head!, bodyText(pieces)),
      (decision) => this.#lookedUp(decision, rest),
      (decision) => {
        if (decision.kind === 'fetch') decision.fetch.drop();
      },
    );
  }

  #lookedUp(decision: CacheDecision, rest: readonly Piece<ClientHead>[]): void {
    if (decision.kind === 'give') {
      const added = this.#changes?.addedToAnswer ?? '';
      this.#conclude({ kind: 'give', given: decision.given, added });
    } else this.#forward(rest, decision.kind === 'fetch' ? decision.fetch : undefined);
  }

  #forward(rest: readonly Piece<ClientHead>[], fetch: Fetch | undefined): void {
    this.#conclude({ kind: 'forward', rest, changes: this.#changes, fetch });
  }

  #conclude(verdict: Verdict): void {
    this.#pieces = undefined;
    this.#onVerdict(verdict);
  }

  /** Goes on with a decision, at once or when it has been made. `late` gets one whose client has gone in the meantime. */
  #when<Decision>(
    decision: Decision | Promise<Decision>,
    goOn: (decided: Decision) => void,
    late: (decided: Decision) => void = () => {},
  ): void {
    if (!(decision instanceof Promise)) {
      goOn(decision);
      return;
    }
    const pieces = this.#pieces;
    void decision.then((decided) => {
      if (this.#pieces !== pieces) {
        late(decided);
        return;
      }
      goOn(decided);
      this.#onReady();
    });
  }
}
