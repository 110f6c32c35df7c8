/** @module Header fields that differ from agent to agent (its session, its credentials): a hole in the head of a request, as id and arguments are in its body. */
import { type HeaderPair, mergeHeaders, requestHead } from './headers.ts';
import type { RequestHead } from './request.ts';

/** A head that all agents share, complete for an agent that has no fields of its own. */
export interface SharedHead extends RequestHead {
  /** Where the fields of an agent go: an index into `headers`, and an offset in `text`. */
  readonly fieldsAt: { readonly headers: number; readonly text: number };
}

/**
 * The head of the protocol's `own` fields and the `user`'s, with the place for an agent's fields between them. Throws a
 * `UserError` as {@link requestHead}.
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
 * The fields of one agent. They are made when they change, not for every call, and remember what was last made of them: an
 * agent makes its head once. A name must not be among the user's headers too: then a request would carry it twice.
 */
export class HeaderFields {
  /** Name, value, name, value ... */
  readonly headers: readonly string[];
  /** The same as header lines, each closed by CR LF. */
  readonly text: string;
  /** The id of a session is among them: HTTP 404 means that the session is lost. */
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

  /** These fields and `more` after them. */
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

  /** `shared` with these fields in their place. */
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

/** The fields of an agent that has none. */
export const NO_FIELDS: HeaderFields = new HeaderFields([], '', false);

/**
 * Fields from names and values; `inSession`: the id of a session is among them. Throws a `UserError` for a name or value that is not
 * legal HTTP, as {@link requestHead}.
 */
export function headerFields(pairs: readonly HeaderPair[], inSession = false): HeaderFields {
  const { headers, text } = requestHead('POST', pairs);
  // A copy has no spare room: there may be one for each of many thousand agents.
  return new HeaderFields([...headers], text, inSession);
}
