/** @module Frames of any kind for tests, right or wrong, and what a reader made of them. */
import type { Http2Fault } from './fault.ts';
import { FRAME } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { putFrameHeader } from './frame-writer.ts';

/** A frame with `payload`; as bytes, or as hexadecimal digits. */
export function frame(type: number, flags: number, stream: number, payload: Buffer | string = ''): Buffer {
  const content = typeof payload === 'string' ? Buffer.from(payload.replaceAll(' ', ''), 'hex') : payload;
  const bytes = Buffer.alloc(9 + content.length);
  putFrameHeader(bytes, 0, content.length, type, flags, stream);
  content.copy(bytes, 9);
  return bytes;
}

/** What a server sends first. */
export const SETTINGS: Buffer = frame(FRAME.SETTINGS, 0, 0);

/**
 * What a reader makes of `pieces`: one line for each call of its sink, the pieces of one DATA frame joined, and the fault at the
 * end.
 */
export function readFrames(pieces: readonly Buffer[]): readonly string[] {
  const lines: string[] = [];
  let data = '';
  let spent = 0;
  const say = (line: string): undefined => {
    lines.push(line);
    return undefined;
  };
  const text = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
  const reader = new FrameReader({
    headers: (stream, bytes, from, to, end) =>
      say(`headers ${stream} ${text(bytes, from, to)}${end ? ' end' : ''}`),
    data: (stream, bytes, from, to, bytesSpent, end) => {
      data += text(bytes, from, to);
      spent += bytesSpent;
      if (reader.atFrameEnd) {
        say(`data ${stream} ${data} ${spent}${end ? ' end' : ''}`);
        data = '';
        spent = 0;
      }
      return undefined;
    },
    reset: (stream, code) => say(`reset ${stream} ${code}`),
    settings: (peer) => say(`settings ${JSON.stringify(peer)}`),
    settingsAcknowledged: () => say('settings acknowledged'),
    ping: (bytes, at, acknowledged) => say(`ping ${text(bytes, at, at + 8)} ${acknowledged}`),
    goAway: (last, code, debug) => say(`goaway ${last} ${code} ${debug}`),
    windowUpdate: (stream, increment) => say(`window ${stream} ${increment}`),
  });
  let fault: Http2Fault | undefined;
  for (const piece of pieces) fault = reader.read(piece, 0, piece.length);
  return fault === undefined ? lines : [...lines, `fault ${fault}`];
}

/** `bytes` in pieces that end at `cuts`. */
export function cut(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((to, i) => bytes.subarray(places[i]!, to));
}
