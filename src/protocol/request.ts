/** @module An HTTP request of either era, as plain data that any driver can send. */

/** The head, made once for all requests of one template and agent. */
export interface RequestHead {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Name, value, name, value ... without `host`, `content-length` and `connection`, which the driver sets. */
  readonly headers: readonly string[];
  /** The same as header lines, each ended by CR LF. */
  readonly text: string;
}

/** The answer that makes the exchange `ok`. */
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
  /** True when the body is plain ASCII, so that its length is its length in bytes. */
  readonly ascii: boolean;
  readonly expected: Expected;
  /** True when the request carries a session id, so that HTTP 404 means a lost session. */
  readonly inSession: boolean;
}

/** What is asked, before it is a request of one era. */
export interface PlainRequest {
  readonly method: string;
  /** What `Mcp-Name` repeats: the name of a tool or a prompt, or the URI of a resource. Only 2026-07-28 sends it. */
  readonly name?: string;
  /** Without `_meta`. */
  readonly params?: Readonly<Record<string, unknown>>;
}
