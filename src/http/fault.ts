/** @module The faults of a strict HTTP/1.1 reader: a closed list, each with the status that a server answers and a description. */

interface Described {
  /** What a server answers a request with this fault; a gateway answers 502 whenever the fault is in a response. */
  readonly status: 400 | 431 | 501 | 502 | 505;
  readonly text: string;
}

/** By fault. Sources: RFC 9112 sections 2.2, 3, 5, 6.1, 6.3 and 7.1; RFC 6585 section 5 for 431. */
const FAULTS = {
  'not-http': { status: 400, text: 'this is not HTTP/1.1' },
  'request-line': { status: 400, text: 'the request line is malformed' },
  'status-line': { status: 502, text: 'the status line is not HTTP/1.1' },
  version: { status: 505, text: 'the version is not supported, only HTTP/1.1 is' },
  'field-line': { status: 400, text: 'a header line is malformed' },
  'folded-line': {
    status: 400,
    text: 'a header line that continues the one before it, which HTTP/1.1 no longer allows',
  },
  'bare-lf': { status: 400, text: 'a line ends in LF, not in CR LF' },
  'head-size': { status: 431, text: 'the head is too long' },
  'framed-twice': { status: 400, text: 'more than one Content-Length or Transfer-Encoding' },
  'content-length': { status: 400, text: 'Content-Length is not a number' },
  'transfer-encoding': { status: 501, text: 'a Transfer-Encoding other than chunked' },
  'chunked-in-1.0': { status: 400, text: 'Transfer-Encoding in a message of HTTP/1.0' },
  'connection-option': { status: 400, text: 'Connection names a field that is meant for every recipient' },
  upgraded: { status: 502, text: '101 Switching Protocols, which was not requested' },
  'closing-interim': { status: 502, text: 'an interim response that ends the connection' },
  'chunk-size': { status: 400, text: 'a chunk size is not a hexadecimal number' },
  'chunk-line': { status: 400, text: 'a line of a chunked body does not end in CR LF' },
  trailer: { status: 400, text: 'a trailer line is malformed' },
  'chunk-extra': { status: 400, text: 'chunk extensions or trailers are too long' },
} as const satisfies Readonly<Record<string, Described>>;

/** The reason why bytes are rejected. */
export type HttpFault = keyof typeof FAULTS;

/** The status for a request with `fault`, and `fault` in words. */
export const describeFault = (fault: HttpFault): Described => FAULTS[fault];
