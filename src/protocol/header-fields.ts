/** @module Header fields that differ from agent to agent (session, credentials). They are the variable part of a request's head, like id and arguments in its body. */
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

/**
 * The fields of one agent. They are made when they change, not for every call, and cache the last head that was made with them.
 * A name must not be among the user's headers, because a request would then carry it twice. They are kept as the pieces that they
 * were made of, because ten thousand agents may each have a long token: no piece is copied into another text.
 */
export class HeaderFields {
  /** Their header lines, each ended by CR LF, in pieces of any length. */
  readonly pieces: readonly string[];
  /** Characters of all pieces. */
  readonly length: number;
  /** True when a session id is among them, so that HTTP 404 means a lost session. */
  readonly inSession: boolean;
  /** True for fields of one request, such as a proof, which nothing has to remember. */
  readonly once: boolean;
  #more: HeaderFields | undefined = undefined;
  #sum: HeaderFields | undefined = undefined;
  #shared: SharedHead | undefined = undefined;
  #head: RequestHead | undefined = undefined;

  constructor(pieces: readonly string[], inSession: boolean, once = false) {
    this.pieces = pieces;
    this.inSession = inSession;
    this.once = once;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
  }

  /** The header lines. */
  get text(): string {
    return this.pieces.join('');
  }

  /** Name, value, name, value ... */
  get headers(): readonly string[] {
    return this.text
      .split(LINE_END)
      .slice(0, -1)
      .flatMap((line) => {
        const nameTo = line.indexOf(':');
        return [line.slice(0, nameTo), line.slice(nameTo + 2)];
      });
  }

  /** These fields, followed by `more`. */
  plus(more: HeaderFields): HeaderFields {
    if (this === NO_FIELDS) return more;
    if (more === NO_FIELDS) return this;
    if (this.#sum !== undefined && this.#more === more) return this.#sum;
    const once = this.once || more.once;
    const sum = new HeaderFields([...this.pieces, ...more.pieces], this.inSession || more.inSession, once);
    if (!once) {
      this.#more = more;
      this.#sum = sum;
    }
    return sum;
  }

  /** `shared` with these fields inserted. */
  within(shared: SharedHead): RequestHead {
    if (this === NO_FIELDS) return shared;
    if (this.#head === undefined || this.#shared !== shared) {
      const { method, headers, text, fieldsAt } = shared;
      this.#shared = shared;
      this.#head = {
        method,
        headers: headers.toSpliced(fieldsAt.headers, 0, ...this.headers),
        text: text.slice(0, fieldsAt.text) + this.text + text.slice(fieldsAt.text),
      };
    }
    return this.#head;
  }

  /** Equal fields that remember nothing yet. */
  copy(): HeaderFields {
    return new HeaderFields(this.pieces, this.inSession, this.once);
  }
}

/** The fields of an agent without any. */
export const NO_FIELDS: HeaderFields = new HeaderFields([], false);

/**
 * Fields from names and values. `inSession` says that a session id is among them. Throws a `UserError` for a name or value that is
 * not valid HTTP, as {@link requestHead} does.
 */
export function headerFields(pairs: readonly HeaderPair[], inSession = false): HeaderFields {
  return new HeaderFields([requestHead('POST', pairs).text], inSession);
}

/** A field from `start`, such as `Authorization: Bearer `, and the rest of its value, which is not copied. Both must be legal. `once`: for one request. */
export function longField(start: string, value: string, once = false): HeaderFields {
  return new HeaderFields([start, value, LINE_END], false, once);
}
