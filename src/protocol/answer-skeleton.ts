/** @module The bytes of a good answer without what varies: another answer with the same bytes around a valid id and text is good, too. */
import { sameBytes, viewOf } from '../units/same-bytes.ts';
import { type BodyKind, readMessage } from './answer.ts';
import { membersAt, type Span } from './json-members.ts';
import { afterStringContent, UNSURE } from './string-scan.ts';

const ZERO = 0x30;
/** Numbers of more digits may not be exact. */
const MOST_DIGITS = 15;
/** Longer stretches are compared by the library of the system. */
const MOST_WORDS = 256;

/** A string in JSON text, and the colon that follows a name. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;
/** What stands before the message of an event stream with one data line. */
const DATA = /^data: ?/m;

/** The text of a message around its id. */
export interface AroundId {
  readonly before: string;
  readonly after: string;
}

/** A stretch of bytes that does not vary. */
interface Part {
  readonly bytes: Buffer;
  readonly words: DataView;
}

/** Holes in their order; that of the text includes the quote that ends it. */
type Holes = 'id' | 'id, text' | 'text, id';

/** One good answer, with a hole for the id, and mostly one for its longest text. */
export class AnswerSkeleton {
  readonly kind: BodyKind;
  /** The JSON text of the message; undefined where its texts vary. */
  readonly message: AroundId | undefined;
  readonly #holes: Holes;
  readonly #head: Part;
  /** Between the holes; empty where there is one. */
  readonly #middle: Part;
  readonly #tail: Part;

  private constructor(body: Buffer, kind: BodyKind, message: AroundId | undefined, id: Span, text?: Span) {
    this.kind = kind;
    this.message = message;
    this.#holes = text === undefined ? 'id' : id.from < text.from ? 'id, text' : 'text, id';
    const [first, last] = text === undefined ? [id, id] : id.from < text.from ? [id, text] : [text, id];
    this.#head = partOf(body, 0, first.from);
    this.#middle = partOf(body, first.to, Math.max(first.to, last.from));
    this.#tail = partOf(body, last.to, body.length);
  }

  /**
   * That of `body`, which is plainly a good answer to `id`, or to any call where that is undefined. Undefined where no such number was
   * found. `varies`: its longest text may be another one.
   */
  static of(
    body: Buffer,
    kind: BodyKind,
    id: number | undefined,
    varies: boolean,
  ): AnswerSkeleton | undefined {
    const text = body.toString('latin1');
    const message = messageIn(text, kind);
    const { id: idAt, result } = membersAt(text, message.from, ['id', 'result']) ?? {};
    if (idAt === undefined || result === undefined || !isId(text, message, idAt, id)) return undefined;
    if (varies) return new AnswerSkeleton(body, kind, undefined, idAt, longestText(text, result));
    const before = body.toString('utf8', message.from, idAt.from);
    return new AnswerSkeleton(
      body,
      kind,
      { before, after: body.toString('utf8', idAt.to, message.to) },
      idAt,
    );
  }

  /** Whether the bytes in [`from`, `to`) are this answer with `id`, with any number where that is undefined, and with any valid text in its hole. */
  fits(bytes: DataView, from: number, to: number, id: number | undefined): boolean {
    const head = this.#head;
    const tail = this.#tail;
    const tailAt = to - tail.bytes.length;
    const headEnd = from + head.bytes.length;
    // Answers of another form mostly differ at their end.
    if (headEnd >= tailAt || !isAt(tail, bytes, tailAt) || !isAt(head, bytes, from)) return false;
    const holes = this.#holes;
    const first =
      holes === 'text, id' ? afterText(bytes, headEnd, tailAt) : afterId(bytes, headEnd, tailAt, id);
    if (holes === 'id' || first === UNSURE) return first === tailAt;
    const last = first + this.#middle.bytes.length;
    if (last >= tailAt || !isAt(this.#middle, bytes, first)) return false;
    return (
      (holes === 'text, id' ? afterId(bytes, last, tailAt, id) : afterText(bytes, last, tailAt)) === tailAt
    );
  }
}

const afterText = afterStringContent;

/** The index after the digits of `id`, or of any number, as JSON writes them. */
function afterId(bytes: DataView, at: number, end: number, id: number | undefined): number {
  let i = at;
  let value = 0;
  for (; i < end; i += 1) {
    const digit = bytes.getUint8(i) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const canonical = i - at === 1 || (i > at && i - at <= MOST_DIGITS && bytes.getUint8(at) !== ZERO);
  return canonical && (id === undefined || value === id) ? i : UNSURE;
}

function partOf(body: Buffer, from: number, to: number): Part {
  const bytes = Buffer.from(body.subarray(from, to));
  return { bytes, words: viewOf(bytes) };
}

/** Whether `part` is at `at` of `bytes`, which has as many bytes from there on. */
function isAt({ bytes: part, words }: Part, bytes: DataView, at: number): boolean {
  const { length } = part;
  if (length > MOST_WORDS) return part.equals(Buffer.from(bytes.buffer, bytes.byteOffset + at, length));
  return sameBytes(bytes, at, words, 0, length);
}

/** Where the JSON text of the message is in the text of a good answer. */
function messageIn(text: string, kind: BodyKind): Span {
  if (kind !== 'events') return { from: 0, to: text.length };
  const data = DATA.exec(text);
  return { from: data === null ? 0 : data.index + data[0].length, to: text.lastIndexOf('}') + 1 };
}

/**
 * Whether the id of the message is the number at `at`: `id`, or any where that is undefined. It is proved by putting another number there: the message then has that id, so
 * that no later member of that name takes its place.
 */
function isId(text: string, message: Span, at: Span, id: number | undefined): boolean {
  const written = Number(text.slice(at.from, at.to));
  const other = written + 1;
  if (!Number.isSafeInteger(other) || text.slice(at.from, at.to) !== `${id ?? written}`) return false;
  const read = readMessage(text.slice(message.from, at.from) + other + text.slice(at.to, message.to));
  return typeof read !== 'string' && read['id'] === other;
}

/** Where the longest text of a result is, up to and including the quote after it. Names are no texts, and `resultType` decides how the call ended. */
function longestText(text: string, result: Span): Span | undefined {
  let longest: Span | undefined;
  let name = '';
  STRING.lastIndex = result.from;
  for (let found = STRING.exec(text); found !== null && found.index < result.to; found = STRING.exec(text)) {
    const span = { from: found.index + 1, to: STRING.lastIndex };
    if (found[1] !== undefined) {
      name = found[0];
      continue;
    }
    const free = !name.startsWith('"resultType"');
    if (free && (longest === undefined || span.to - span.from > longest.to - longest.from)) longest = span;
    name = '';
  }
  return longest;
}
