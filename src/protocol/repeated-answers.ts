/** @module Recognises a long answer that repeats an earlier one byte for byte, but for its id. A list of a thousand tools is a megabyte, and mostly the same each time: comparing it takes a hundredth of the time of checking it. */
import { readMessage } from './answer.ts';

/** The text of a good answer around its id, the same object for all answers that repeat it. */
export interface RepeatedText {
  readonly before: string;
  readonly after: string;
}

/** Shorter answers are checked as fast as they are compared. */
const SHORTEST = 16 * 1024;
/** Different answers that are remembered: pages of lists, lists of several methods, of several groups of callers. */
const MOST = 8;
/** Answers that are learned without any repetition before it is given up. */
const MOST_IN_VAIN = 32;
/** How far from either end of an answer its id is looked for. */
const NEAR_END = 256;

interface Known extends RepeatedText {
  readonly body: Buffer;
  /** Where the digits of the id are. */
  readonly from: number;
  readonly to: number;
}

/** Remembers the good answers of one thread. Only ids that are numbers are recognised. */
export class RepeatedAnswers {
  readonly #known: Known[] = [];
  /** Lengths, without the id, of answers that came once: an answer is learned when its length comes again. */
  readonly #lengths = new Set<number>();
  #inVain = 0;

  /** The answer that `body` repeats with the id `id`; undefined: it has to be checked. */
  recognise(body: Buffer, id: string | number): RepeatedText | undefined {
    if (body.length < SHORTEST || typeof id === 'string') return undefined;
    const digits = `${id}`;
    for (const known of this.#known) {
      if (!repeats(body, digits, known)) continue;
      this.#inVain = 0;
      return known;
    }
    return undefined;
  }

  /** Takes in `body`, which was found to be one good JSON-RPC answer to `id`. */
  learn(body: Buffer, id: string | number): void {
    if (body.length < SHORTEST || typeof id === 'string' || this.#inVain >= MOST_IN_VAIN) return;
    const digits = `${id}`;
    const length = body.length - digits.length;
    if (!this.#lengths.delete(length)) {
      if (this.#lengths.size >= MOST) this.#lengths.clear();
      this.#lengths.add(length);
      return;
    }
    this.#inVain += 1;
    const from = placeOfId(body, digits);
    if (from === undefined) return;
    const to = from + digits.length;
    const own = Buffer.from(body);
    this.#known.unshift({
      body: own,
      from,
      to,
      before: own.toString('utf8', 0, from),
      after: own.toString('utf8', to),
    });
    if (this.#known.length > MOST) this.#known.pop();
  }
}

function repeats(body: Buffer, digits: string, { body: known, from, to }: Known): boolean {
  const end = from + digits.length;
  if (body.length - digits.length !== known.length - (to - from)) return false;
  for (let i = 0; i < digits.length; i += 1) if (body[from + i] !== digits.charCodeAt(i)) return false;
  return body.compare(known, 0, from, 0, from) === 0 && body.compare(known, to, known.length, end) === 0;
}

/**
 * Where the digits of the id of a message are, near the beginning or the end of its text. It is proved by putting another number there:
 * the message then has that id. A text within the result that looks like an id does not pass.
 */
function placeOfId(body: Buffer, digits: string): number | undefined {
  const text = body.toString('latin1');
  return placesOf(text, digits).find((from) => isId(text, from, digits));
}

function placesOf(text: string, digits: string): readonly number[] {
  const id = new RegExp(`"id"\\s*:\\s*(?=${digits}(?!\\d))`, 'g');
  const startOfEnd = Math.max(0, text.length - NEAR_END);
  const ends = [
    { from: 0, part: text.slice(0, NEAR_END) },
    { from: startOfEnd, part: text.slice(startOfEnd) },
  ];
  return ends.flatMap(({ from, part }) =>
    Array.from(part.matchAll(id), (match) => from + match.index + match[0].length),
  );
}

function isId(text: string, from: number, digits: string): boolean {
  const last = digits.at(-1) === '1' ? '2' : '1';
  const other = `${digits.slice(0, -1)}${last}`;
  const message = readMessage(text.slice(0, from) + other + text.slice(from + digits.length));
  return typeof message !== 'string' && message['id'] === Number(other);
}
