/** @module Header fields that differ from agent to agent (session, credentials). They are the variable part of a request's head, like id and arguments in its body. */
import { type HeaderPair, mergeHeaders, requestHead } from './headers.ts';
import type { RequestHead } from './request.ts';

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
 * A name must not be among the user's headers, because a request would then carry it twice.
 */
export class HeaderFields {
  /** Name, value, name, value ... */
  readonly headers: readonly string[];
  /** The same as header lines, each ended by CR LF. */
  readonly text: string;
  /** True when a session id is among them, so that HTTP 404 means a lost session. */
  readonly inSession: boolean;
  #more: HeaderFields | undefined = undefined;
  #sum: HeaderFields | undefined = undefined;
  #shared: SharedHead | undefined = undefined;
  #head: RequestHead | undefined = undefined;

  constructor(headers: readonly string[], text: string, inSession: boolean) {
    this.headers = headers;
    this.text = text;
    this.inSession = inSession;
  }

  /** These fields, followed by `more`. */
  plus(more: HeaderFields): HeaderFields {
    if (this === NO_FIELDS) return more;
    if (more === NO_FIELDS) return this;
    if (this.#sum === undefined || this.#more !== more) {
      this.#more = more;
      this.#sum = new HeaderFields(
        [...this.headers, ...more.headers],
        this.text + more.text,
        this.inSession || more.inSession,
      );
    }
    return this.#sum;
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
}

/** The fields of an agent without any. */
export const NO_FIELDS: HeaderFields = new HeaderFields([], '', false);

/**
 * Fields from names and values. `inSession` says that a session id is among them. Throws a `UserError` for a name or value that is
 * not valid HTTP, as {@link requestHead} does.
 */
export function headerFields(pairs: readonly HeaderPair[], inSession = false): HeaderFields {
  const { headers, text } = requestHead('POST', pairs);
  // The copy has no spare capacity, because there may be one for each of many thousand agents.
  return new HeaderFields([...headers], text, inSession);
}
