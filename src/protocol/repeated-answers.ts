/**
 * @module Recognises an answer that has the form of an earlier one, which takes a fraction of the time of checking it. A list of a
 * thousand tools is a megabyte, and mostly the same each time; of most tools only the text of the answer varies.
 */
import type { BodyKind } from './answer.ts';
import { AnswerSkeleton } from './answer-skeleton.ts';

/** Longer answers are recognised only by all of their bytes: who reads them can then tell that they were read before. */
const LONG = 16 * 1024;
/** Forms that are remembered, of short answers and of long ones: of several tools, pages of lists, groups of callers. */
const MOST = 8;
/** Long answers that are learned without any repetition before it is given up. */
const MOST_IN_VAIN = 32;
/** Once {@link MOST} forms of short answers are known, one of so many answers of an unknown form is learned in place of one. */
const MISSES = 256;
/** Comparing does not pay where most answers are of unknown forms: when they outnumber the others by this, {@link UNCOMPARED} ones are not compared. */
const MOST_BEHIND = 32;
const UNCOMPARED = 1024;

/** Remembers the good answers of one thread. Only ids that are numbers are recognised; with an undefined id, an answer may have any. */
export class RepeatedAnswers {
  readonly #short = new Forms();
  readonly #long = new Forms();
  /** By how many the short answers of unknown forms outnumber the others. */
  #behind = 0;
  /** Short answers that are still to pass without a comparison. */
  #uncompared = 0;
  /** Short answers that could have been learned. */
  #unknown = 0;
  /** Lengths, without the id, of long answers that came once: an answer is learned when its length comes again. */
  readonly #lengths = new Set<number>();
  #inVain = 0;

  /** What the bytes in [`from`, `to`) repeat with the id `id`: then they are a good answer to it. Undefined: they have to be checked. */
  recognise(
    bytes: DataView,
    from: number,
    to: number,
    kind: BodyKind,
    id: string | number | undefined,
  ): AnswerSkeleton | undefined {
    if (typeof id === 'string') return undefined;
    if (to - from >= LONG) {
      const known = this.#long.find(bytes, from, to, kind, id);
      if (known !== undefined) this.#inVain = 0;
      return known;
    }
    if (this.#uncompared > 0) {
      this.#uncompared -= 1;
      return undefined;
    }
    const known = this.#short.find(bytes, from, to, kind, id);
    this.#count(known !== undefined);
    return known;
  }

  /** Takes in `body`, which is plainly a good answer to `id` and was not recognised. */
  learn(body: Buffer, kind: BodyKind, id: string | number | undefined): void {
    if (typeof id === 'string') return;
    if (body.length >= LONG) this.#learnLong(body, kind, id);
    else if (this.#uncompared === 0) this.#learnShort(body, kind, id);
  }

  #count(recognised: boolean): void {
    this.#behind += recognised ? -1 : 1;
    if (this.#behind < -MOST_BEHIND) this.#behind = -MOST_BEHIND;
    if (this.#behind < MOST_BEHIND) return;
    this.#behind = 0;
    this.#uncompared = UNCOMPARED;
  }

  #learnShort(body: Buffer, kind: BodyKind, id: number | undefined): void {
    this.#unknown += 1;
    if (this.#unknown <= MOST || this.#unknown % MISSES === 0)
      this.#short.add(AnswerSkeleton.of(body, kind, id, true));
  }

  #learnLong(body: Buffer, kind: BodyKind, id: number | undefined): void {
    if (this.#inVain >= MOST_IN_VAIN) return;
    // Ids of other lengths are no repetition where no id is asked for.
    const length = body.length - (id === undefined ? 0 : `${id}`.length);
    if (!this.#lengths.delete(length)) {
      if (this.#lengths.size >= MOST) this.#lengths.clear();
      this.#lengths.add(length);
      return;
    }
    this.#inVain += 1;
    this.#long.add(AnswerSkeleton.of(body, kind, id, false));
  }
}

/** The latest forms of answers, those first that are found often. */
class Forms {
  readonly #known: AnswerSkeleton[] = [];

  find(
    bytes: DataView,
    from: number,
    to: number,
    kind: BodyKind,
    id: number | undefined,
  ): AnswerSkeleton | undefined {
    const known = this.#known;
    for (let i = 0; i < known.length; i += 1) {
      const one = known[i]!;
      if (one.kind !== kind || !one.fits(bytes, from, to, id)) continue;
      if (i > 0) {
        known[i] = known[i - 1]!;
        known[i - 1] = one;
      }
      return one;
    }
    return undefined;
  }

  add(one: AnswerSkeleton | undefined): void {
    if (one === undefined) return;
    if (this.#known.length >= MOST) this.#known.pop();
    this.#known.push(one);
  }
}
