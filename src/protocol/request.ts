/** @module An HTTP request of either era, as a plain value that any driver can send. */

/** What stays the same from call to call of one template and agent, made once. */
export interface RequestHead {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Name, value, name, value ... without `host`, `content-length` and `connection`, which belong to the driver. */
  readonly headers: readonly string[];
  /** The same as header lines, each closed by CR LF. */
  readonly text: string;
}

/** What the answer must be for the exchange to be `ok`. */
export type Expected =
  /** A JSON-RPC answer to this id. */
  | { readonly kind: 'result'; readonly id: string | number }
  /** HTTP 2xx, whatever the body: notifications (202), DELETE. */
  | { readonly kind: 'accepted' };

/** One request. */
export interface Request {
  readonly head: RequestHead;
  /** Empty for GET and DELETE. */
  readonly body: string;
  /** The body is plain ASCII: its length is its length in bytes. */
  readonly ascii: boolean;
  readonly expected: Expected;
  /** The request carries a session id, so that HTTP 404 means the session is lost. */
  readonly inSession: boolean;
}
