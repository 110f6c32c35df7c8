/** @module Header fields that differ from agent to agent (session, credentials). They are the variable part of a request's head, like id and arguments in its body. */
import { isShort, putBytes, putText } from '../units/put-text.ts';
import { type HeaderPair, mergeHeaders, requestHead } from './headers.ts';
import type { RequestHead } from './request.ts';

const LINE_END = '\r\n';

/** A head that all agents share. It is complete for an agent without its own fields. */
export interface SharedHead extends RequestHead {
  /** The position of an agent's fields: an index into `headers`, and an offset in `text`. */
  readonly fieldsAt: { readonly headers: number; readonly text: number };
}

/**
 * The head with the protocol's `own` fields and the `user`'s, and the position of an agent's fields between them. Throws a
 * `UserError` as {@link requestHead} does.
 */
export function sharedHead(
  method: RequestHead['method'],
  own: readonly HeaderPair[],
  user: Readonly<Record<string, string>>,
): SharedHead {
  const pairs = mergeHeaders(own, user);
  const whole = requestHead(method, pairs);
  const before = requestHead(method, pairs.slice(0, own.length));
  return { ...whole, fieldsAt: { headers: before.headers.length, text: before.text.length } };
}

/** The last heads that were made with the fields of an agent. Most loads need none, and so no agent has a place for one. */
const heads = new WeakMap<HeaderFields, { readonly shared: SharedHead; readonly head: RequestHead }>();

/**
 * The fields of one agent. They are made when they change, not for every call, and remember the last head that was made with them.
 * A name must not be among the user's headers, because a request would then carry it twice. There may be ten thousand agents, each with
 * a long token: none of its text is copied into another one.
 */
export abstract class HeaderFields {
  /** True when a session id is among them, so that HTTP 404 means a lost session. */
  readonly inSession: boolean;
  #more: HeaderFields | undefined = undefined;
  #sum: HeaderFields | undefined = undefined;

  constructor(inSession: boolean) {
    this.inSession = inSession;
  }

  /** The header lines, each ended by CR LF. */
  abstract readonly text: string;
  /** Length of {@link HeaderFields.text}. */
  abstract readonly length: number;
  /** True for fields of one request, such as a proof, which nothing has to remember. */
  abstract readonly once: boolean;
  /** Writes {@link HeaderFields.text} into `bytes` at `at`. Returns where it ends. */
  abstract put(bytes: Buffer, at: number): number;
  /** Equal fields that remember nothing yet. */
  abstract copy(): HeaderFields;

  /** Name, value, name, value ... */
  get headers(): readonly string[] {
    const lines = this.text.split(LINE_END).slice(0, -1);
    return lines.flatMap((line) => {
      const nameTo = line.indexOf(':');
      return [line.slice(0, nameTo), line.slice(nameTo + 2)];
    });
  }

  /** These fields, followed by `more`. */
  plus(more: HeaderFields): HeaderFields {
    if (this === NO_FIELDS) return more;
    if (more === NO_FIELDS) return this;
    if (this.#sum !== undefined && this.#more === more) return this.#sum;
    const sum = new Sum(this, more);
    if (!sum.once) {
      this.#more = more;
      this.#sum = sum;
    }
    return sum;
  }

  /** `shared` with these fields inserted. */
  within(shared: SharedHead): RequestHead {
    if (this === NO_FIELDS) return shared;
    const known = heads.get(this);
    if (known?.shared === shared) return known.head;
    const { method, headers, text, fieldsAt } = shared;
    const head = {
      method,
      headers: headers.toSpliced(fieldsAt.headers, 0, ...this.headers),
      text: text.slice(0, fieldsAt.text) + this.text + text.slice(fieldsAt.text),
    };
    heads.set(this, { shared, head });
    return head;
  }
}

/** No fields at all. */
class NoFields extends HeaderFields {
  override readonly text = '';
  override readonly length = 0;
  override readonly once = false;

  override put(_: Buffer, at: number): number {
    return at;
  }

  override copy(): HeaderFields {
    return this;
  }
}

/** The beginning of lines, which many agents share, as text and as bytes. */
class LineStart {
  readonly text: string;
  readonly bytes: Buffer;

  constructor(text: string) {
    this.text = text;
    this.bytes = Buffer.from(text, 'latin1');
  }
}

/** Lines whose text is in two pieces, before the CR LF at their end. */
class Lines extends HeaderFields {
  override readonly length: number;
  readonly #start: LineStart;
  readonly #rest: string;
  /** A long rest as bytes, from the first request on: agents take turns, so that it is written for nearly every call. */
  #restBytes: Buffer | undefined = undefined;

  constructor(start: LineStart, rest: string, inSession: boolean) {
    super(inSession);
    this.length = start.text.length + rest.length + LINE_END.length;
    this.#start = start;
    this.#rest = rest;
  }

  override get text(): string {
    return this.#start.text + this.#rest + LINE_END;
  }

  override get once(): boolean {
    return false;
  }

  override put(bytes: Buffer, at: number): number {
    const restAt = putBytes(this.#start.bytes, bytes, at);
    return putText(LINE_END, bytes, this.#putRest(bytes, restAt));
  }

  override copy(): HeaderFields {
    return new Lines(this.#start, this.#rest, this.inSession);
  }

  #putRest(bytes: Buffer, at: number): number {
    if (this.once || isShort(this.#rest)) return putText(this.#rest, bytes, at);
    this.#restBytes ??= Buffer.from(this.#rest, 'latin1');
    return putBytes(this.#restBytes, bytes, at);
  }
}

/** A line of one request. */
class PassingLine extends Lines {
  override get once(): boolean {
    return true;
  }
}

/** The fields of two layers. */
class Sum extends HeaderFields {
  override readonly length: number;
  readonly #first: HeaderFields;
  readonly #second: HeaderFields;

  constructor(first: HeaderFields, second: HeaderFields) {
    super(first.inSession || second.inSession);
    this.length = first.length + second.length;
    this.#first = first;
    this.#second = second;
  }

  override get text(): string {
    return this.#first.text + this.#second.text;
  }

  override get once(): boolean {
    return this.#first.once || this.#second.once;
  }

  override put(bytes: Buffer, at: number): number {
    return this.#second.put(bytes, this.#first.put(bytes, at));
  }

  override copy(): HeaderFields {
    return new Sum(this.#first, this.#second);
  }
}

/** The fields of an agent without any. */
export const NO_FIELDS: HeaderFields = new NoFields(false);

/**
 * Fields from names and values. `inSession` says that a session id is among them. Throws a `UserError` for a name or value that is
 * not valid HTTP, as {@link requestHead} does.
 */
export function headerFields(pairs: readonly HeaderPair[], inSession = false): HeaderFields {
  const { headers, text } = requestHead('POST', pairs);
  const last = headers.at(-1);
  if (last === undefined) return NO_FIELDS;
  return new Lines(lineStart(text.slice(0, -last.length - LINE_END.length)), last, inSession);
}

/** A field from its `start`, such as `Authorization: Bearer `, and the `rest` of its value. Both must be legal. `once`: of one request. */
export function longField(start: string, rest: string, once = false): HeaderFields {
  const shared = lineStart(start);
  return once ? new PassingLine(shared, rest, false) : new Lines(shared, rest, false);
}

/** The fields of many agents differ in their last value only. */
const starts = new Map<string, LineStart>();
const MOST_STARTS = 64;

/** The beginning `text`, the same object for the same text. */
function lineStart(text: string): LineStart {
  let start = starts.get(text);
  if (start === undefined) {
    if (starts.size >= MOST_STARTS) starts.clear();
    start = new LineStart(text);
    starts.set(text, start);
  }
  return start;
}
