/** @module Valid responses of HTTP/2 in all shapes, drawn by fast-check: as a server sends them on stream 1 after its SETTINGS. */
import fc from 'fast-check';
import { frame } from './frame.case.ts';
import { FLAG, FRAME } from './frame.ts';
import { HpackEncoder, literalFields } from './hpack-encoder.ts';

/** A response with what a client must find in it. */
export interface ScriptedHttp2 {
  readonly bytes: Buffer;
  readonly status: number;
  readonly body: string;
}

const FIELDS = [
  'date',
  'server',
  'x-request-id',
  'etag',
  'vary',
  'x-served-by',
  'server-timing',
  'set-cookie',
];
const EIGHT = Buffer.alloc(8, 'p');

/** Frames that say nothing about a response, for between its parts, and about which no two clients differ when they are damaged. */
export const PLAIN_NOISE: readonly Buffer[] = [
  frame(FRAME.WINDOW_UPDATE, 0, 0, '00000400'),
  frame(FRAME.WINDOW_UPDATE, 0, 1, '00000400'),
  frame(0x20, 0xff, 1, 'abcdef'),
];
/**
 * All of them. node:http2 refuses more of these than RFC 9113 asks for: acknowledgements of what it did not send, values of
 * settings of other documents, and a stream that depends on itself.
 */
const NOISE: readonly Buffer[] = [
  ...PLAIN_NOISE,
  frame(FRAME.PING, 0, 0, EIGHT),
  frame(FRAME.PRIORITY, 0, 1, '00000000 10'),
  frame(FRAME.SETTINGS, 0, 0, '0003 00000010'),
];

const value = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/);
const fields = fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 5 });
/** How a payload is cut into frames, and padded; `undefined`: not padded. */
interface Shape {
  readonly cuts: readonly number[];
  readonly padding: number | undefined;
  readonly noise: readonly Buffer[];
}
const shapeWith = (noise: readonly Buffer[]): fc.Arbitrary<Shape> =>
  fc.record({
    cuts: fc.array(fc.nat(), { maxLength: 3 }),
    padding: fc.option(fc.nat(255), { nil: undefined }),
    noise: fc.subarray([...noise]),
  });

const padded = (payload: Buffer, padding: number | undefined): readonly [number, Buffer] =>
  padding === undefined
    ? [0, payload]
    : [FLAG.PADDED, Buffer.concat([Buffer.of(padding), payload, Buffer.alloc(padding)])];

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((to, i) => bytes.subarray(places[i]!, to));
}

/** A header block in HEADERS and CONTINUATION frames. */
function headFrames(block: Buffer, { cuts, padding, noise }: Shape, end: boolean): Buffer {
  const parts = split(block, cuts);
  const [flag, payload] = padded(parts[0]!, padding);
  const frames = parts.map((part, i) => {
    const flags = i === parts.length - 1 ? FLAG.END_HEADERS : 0;
    if (i > 0) return frame(FRAME.CONTINUATION, flags, 1, part);
    return frame(FRAME.HEADERS, flags | flag | (end ? FLAG.END_STREAM : 0), 1, payload);
  });
  return Buffer.concat([...noise, ...frames]);
}

function dataFrames(data: Buffer, { cuts, padding, noise }: Shape, end: boolean): Buffer {
  const parts = split(data, cuts);
  const frames = parts.map((part, i) => {
    const [flag, payload] = padded(part, padding);
    return frame(FRAME.DATA, flag | (end && i === parts.length - 1 ? FLAG.END_STREAM : 0), 1, payload);
  });
  return Buffer.concat(frames.flatMap((one, i) => (i === 0 ? [one] : [...noise, one])));
}

/** One valid response with a JSON body: the answer with the id 1 of `tools/call`. */
export function scriptedHttp2(noise: readonly Buffer[] = NOISE): fc.Arbitrary<ScriptedHttp2> {
  const shape = shapeWith(noise);
  return fc
    .record({
      status: fc.constantFrom(200, 200, 200, 201, 404, 500, 503),
      text: fc.string({ maxLength: 60 }),
      interims: fc.nat(2),
      indexed: fields,
      literal: fields,
      stated: fc.boolean(),
      trailers: fc.option(fields, { nil: undefined }),
      shapes: fc.tuple(shape, shape, shape, shape),
    })
    .map(({ status, text, interims, indexed, literal, stated, trailers, shapes }) => {
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        result: { resultType: 'complete', content: [{ type: 'text', text }] },
      });
      const data = Buffer.from(body);
      const encoder = new HpackEncoder();
      const early = Array.from({ length: interims }, () =>
        headFrames(encoder.head([':status', '103', 'link', '</a>']), shapes[0], false),
      );
      const length = stated ? ['content-length', `${data.length}`] : [];
      const head = Buffer.concat([
        encoder.head([':status', `${status}`, 'content-type', 'application/json', ...indexed.flat()]),
        literalFields([...literal.flat(), ...length]),
      ]);
      const last = trailers === undefined ? [] : [headFrames(encoder.head(trailers.flat()), shapes[3], true)];
      const bytes = Buffer.concat([
        ...early,
        headFrames(head, shapes[1], false),
        dataFrames(data, shapes[2], trailers === undefined),
        ...last,
      ]);
      return { bytes, status, body };
    });
}
