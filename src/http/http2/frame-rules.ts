/** @module What the header of a frame may say, by type (RFC 9113, section 6). */
import type { Http2Fault } from './fault.ts';
import { FLAG, FRAME } from './frame.ts';

/** Bytes of DATA and HEADERS that come before their content, by flags. */
const before = (flags: number): number =>
  ((flags & FLAG.PADDED) === 0 ? 0 : 1) + ((flags & FLAG.PRIORITY) === 0 ? 0 : 5);

/** What is wrong with the header of a frame that a server sent. */
export function frameFault(
  type: number,
  flags: number,
  length: number,
  stream: number,
): Http2Fault | undefined {
  switch (type) {
    case FRAME.DATA:
      return rule(stream > 0, length >= before(flags & FLAG.PADDED));
    case FRAME.HEADERS:
      return rule(stream > 0, length >= before(flags));
    case FRAME.PRIORITY:
      return rule(stream > 0, length === 5);
    case FRAME.RST_STREAM:
      return rule(stream > 0, length === 4);
    case FRAME.SETTINGS:
      return rule(stream === 0, (flags & FLAG.ACK) === 0 ? length % 6 === 0 : length === 0);
    case FRAME.PUSH_PROMISE:
      return 'push';
    case FRAME.PING:
      return rule(stream === 0, length === 8);
    case FRAME.GOAWAY:
      return rule(stream === 0, length >= 8);
    case FRAME.WINDOW_UPDATE:
      return rule(true, length === 4);
    default:
      // CONTINUATION is on the stream of the open block, and unknown types may be anywhere.
      return undefined;
  }
}

function rule(onStream: boolean, hasLength: boolean): Http2Fault | undefined {
  if (!onStream) return 'frame-stream';
  return hasLength ? undefined : 'frame-length';
}
