/** @module What a server's SETTINGS said so far (RFC 9113, section 6.5.2). */
import type { Http2Fault } from './fault.ts';
import { FRAME_BYTES, MOST_FRAME_BYTES, MOST_WINDOW_BYTES, SETTING, WINDOW_BYTES } from './frame.ts';
import { TABLE_BYTES } from './hpack-decoder.ts';

/** Bytes of a setting. */
const SETTING_BYTES = 6;

/** The settings of a server. */
export class PeerSettings {
  headerTableBytes = TABLE_BYTES;
  /** The smallest value in the last frame that named one; see `HpackEncoder.resize`. */
  smallestTableBytes = TABLE_BYTES;
  maxStreams: number = Number.POSITIVE_INFINITY;
  initialWindowBytes = WINDOW_BYTES;
  maxFrameBytes = FRAME_BYTES;
  maxListBytes: number = Number.POSITIVE_INFINITY;

  /** Takes the settings in [`from`, `to`), whole ones, in their order. */
  read(bytes: Buffer, from: number, to: number): Http2Fault | undefined {
    this.smallestTableBytes = this.headerTableBytes;
    let fault: Http2Fault | undefined;
    for (let at = from; at < to && fault === undefined; at += SETTING_BYTES)
      fault = this.#take(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
    return fault;
  }

  #take(id: number, value: number): Http2Fault | undefined {
    switch (id) {
      case SETTING.HEADER_TABLE_SIZE:
        this.headerTableBytes = value;
        this.smallestTableBytes = Math.min(this.smallestTableBytes, value);
        return undefined;
      case SETTING.ENABLE_PUSH:
        return value === 0 ? undefined : 'setting-push';
      case SETTING.MAX_CONCURRENT_STREAMS:
        this.maxStreams = value;
        return undefined;
      case SETTING.INITIAL_WINDOW_SIZE:
        this.initialWindowBytes = value;
        return value <= MOST_WINDOW_BYTES ? undefined : 'setting-window';
      case SETTING.MAX_FRAME_SIZE:
        this.maxFrameBytes = value;
        return value >= FRAME_BYTES && value <= MOST_FRAME_BYTES ? undefined : 'setting-frame';
      case SETTING.MAX_HEADER_LIST_SIZE:
        this.maxListBytes = value;
        return undefined;
      default:
        // An unknown setting is ignored.
        return undefined;
    }
  }
}
