/** @module The faults of HTTP/2: a closed list, each with the error code that the peer is told and a description. */
import type { ErrorName } from './error-code.ts';

interface Described {
  readonly code: ErrorName;
  readonly text: string;
}

/** By fault. Sources: RFC 9113 sections 3.4, 4.2, 4.3, 5.1, 6 and 6.9.1 for frames, 8.1-8.3 for messages; RFC 7541 for compression. */
const FAULTS = {
  'not-http2': { code: 'PROTOCOL_ERROR', text: 'this is not HTTP/2: the first frame is not SETTINGS' },
  'frame-size': { code: 'FRAME_SIZE_ERROR', text: 'a frame is longer than SETTINGS_MAX_FRAME_SIZE' },
  'frame-length': { code: 'FRAME_SIZE_ERROR', text: 'a frame has a length that its type does not allow' },
  'frame-stream': { code: 'PROTOCOL_ERROR', text: 'a frame is on a stream that its type does not allow' },
  padding: { code: 'PROTOCOL_ERROR', text: 'padding fills more than the frame' },
  interrupted: { code: 'PROTOCOL_ERROR', text: 'another frame interrupts a header block' },
  continuation: { code: 'PROTOCOL_ERROR', text: 'CONTINUATION where no header block is open' },
  continuations: { code: 'ENHANCE_YOUR_CALM', text: 'too many CONTINUATION frames in one header block' },
  'block-size': { code: 'ENHANCE_YOUR_CALM', text: 'a header block is too long' },
  push: { code: 'PROTOCOL_ERROR', text: 'PUSH_PROMISE, which is switched off' },
  'setting-push': {
    code: 'PROTOCOL_ERROR',
    text: 'SETTINGS_ENABLE_PUSH has a value that a server may not send',
  },
  'setting-window': { code: 'FLOW_CONTROL_ERROR', text: 'SETTINGS_INITIAL_WINDOW_SIZE is over 2^31-1' },
  'setting-frame': { code: 'PROTOCOL_ERROR', text: 'SETTINGS_MAX_FRAME_SIZE is not in 2^14..2^24-1' },
  'window-zero': { code: 'PROTOCOL_ERROR', text: 'WINDOW_UPDATE by zero' },
  'window-overflow': { code: 'FLOW_CONTROL_ERROR', text: 'a flow-control window grows over 2^31-1' },
  'window-exceeded': { code: 'FLOW_CONTROL_ERROR', text: 'more data than the flow-control window allows' },
  'hpack-index': { code: 'COMPRESSION_ERROR', text: 'a header field refers to an entry that does not exist' },
  'hpack-integer': { code: 'COMPRESSION_ERROR', text: 'a number in a header block is too large or cut off' },
  'hpack-string': { code: 'COMPRESSION_ERROR', text: 'a string in a header block is cut off' },
  'hpack-huffman': { code: 'COMPRESSION_ERROR', text: 'a string in a header block is no valid Huffman code' },
  'hpack-resize': {
    code: 'COMPRESSION_ERROR',
    text: 'a header table size that is too large, or not at the beginning',
  },
  'head-size': { code: 'ENHANCE_YOUR_CALM', text: 'the head is too long' },
  field: {
    code: 'PROTOCOL_ERROR',
    text: 'a header field has a byte that is not allowed, or an upper-case name',
  },
  'connection-field': {
    code: 'PROTOCOL_ERROR',
    text: 'a header field that only HTTP/1.1 has, such as Connection',
  },
  'pseudo-field': {
    code: 'PROTOCOL_ERROR',
    text: 'a pseudo-header field that is unknown, repeated or out of place',
  },
  status: { code: 'PROTOCOL_ERROR', text: ':status is missing or is no status of HTTP/2' },
  'interim-end': { code: 'PROTOCOL_ERROR', text: 'an interim response that ends the stream' },
  'interim-count': { code: 'ENHANCE_YOUR_CALM', text: 'too many interim responses' },
  trailers: { code: 'PROTOCOL_ERROR', text: 'trailers that do not end the stream' },
  'data-early': { code: 'PROTOCOL_ERROR', text: 'DATA before the head' },
  'content-length': {
    code: 'PROTOCOL_ERROR',
    text: 'Content-Length is no number, or not the length of the data',
  },
} as const satisfies Readonly<Record<string, Described>>;

/** The reason why bytes are rejected. */
export type Http2Fault = keyof typeof FAULTS;

/** The error code for `fault`, and `fault` in words. */
export const describeHttp2Fault = (fault: Http2Fault): Described => FAULTS[fault];
