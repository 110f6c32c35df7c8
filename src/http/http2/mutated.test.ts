import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, frame, readFrames, SETTINGS } from './frame.case.ts';
import { FLAG, FRAME } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { frameSink } from './frame-sink.case.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { CodecClient, startNodeServer } from './node-peer.case.ts';
import { ResponseRules } from './response-rules.ts';

/** What a server of node:http2 sent: heads of all kinds, long ones, data and trailers. */
async function recorded(): Promise<Buffer> {
  const server = await startNodeServer(({ body }) => ({
    status: 200,
    fields: [
      ['content-type', 'application/json'],
      ['x-served-by', `i-${body.length % 3}`],
      ['set-cookie', 'a=b'],
      ['set-cookie', 'c=d'],
      ['x-long', 'x'.repeat(body.length)],
    ],
    body,
    ...(body.length % 2 === 0 && { trailers: [['x-end', 'yes'] as const] }),
  }));
  const client = new CodecClient(server);
  const head = [':method', 'POST', ':scheme', 'http', ':authority', 'localhost', ':path', '/'];
  for (const length of [1, 2, 3, 300, 301, 40_000]) await client.request(head, [], 'y'.repeat(length));
  client.close();
  server.close();
  return Buffer.concat(client.received);
}

/** Reads `bytes` as a client does. What came of it. */
function readAll(pieces: readonly Buffer[]): string {
  let fields = 0;
  let data = 0;
  const decoder = new HpackDecoder();
  const rules = new ResponseRules({
    field: () => {
      fields += 1;
    },
  });
  const faults: unknown[] = [];
  const reader = new FrameReader(
    frameSink({
      headers: (_, bytes, from, to, end) => {
        const fault = decoder.decode(bytes, from, to, rules);
        faults.push(rules.endBlock(end));
        if (end) rules.clear();
        return fault;
      },
      data: (_, _bytes, from, to, _spent, end) => {
        data += to - from;
        // One judgement for each stream: in how many pieces its data comes does not matter.
        if (end) {
          faults.push(rules.data(0, end));
          rules.clear();
        }
        return undefined;
      },
    }),
  );
  for (const piece of pieces) reader.read(piece, 0, piece.length);
  return JSON.stringify([fields, data, faults.length, reader.fault]);
}

/** Bytes changed, taken out or put in. */
type Change = readonly [at: number, kind: 'set' | 'cut' | 'insert', byte: number];
const change: fc.Arbitrary<Change> = fc.tuple(fc.nat(), fc.constantFrom('set', 'cut', 'insert'), fc.nat(255));

function changed(bytes: Buffer, changes: readonly Change[]): Buffer {
  let result = bytes;
  for (const [place, kind, byte] of changes) {
    const at = place % result.length;
    const rest = result.subarray(kind === 'insert' ? at : at + 1);
    result = Buffer.concat([result.subarray(0, at), kind === 'cut' ? Buffer.of() : Buffer.of(byte), rest]);
  }
  return result;
}

describe('mutated bytes', () => {
  it('of a server of node:http2 never make the codec throw or hang, and mean the same however they are cut', async () => {
    const bytes = await recorded();
    expect(readAll([bytes])).toBe('[36,40607,12,null]');
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (changes, cuts) => {
          const mutant = changed(bytes.subarray(0, 2500), changes);
          expect(readAll(cut(mutant, cuts))).toBe(readAll([mutant]));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('of any frames never make the reader throw or hang', () => {
    const anyFrame = fc
      .tuple(
        fc.integer({ min: 0, max: 11 }),
        fc.nat(255),
        fc.integer({ min: 0, max: 3 }),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([type, flags, stream, payload]) => frame(type, flags, stream, Buffer.from(payload)));
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (frames, cuts) => {
          const bytes = Buffer.concat([SETTINGS, ...frames]);
          expect(readFrames(cut(bytes, cuts))).toEqual(readFrames([bytes]));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are found: a changed length, flag or index is a fault or another field', () => {
    const bytes = Buffer.concat([SETTINGS, frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, '88')]);
    expect(readAll([bytes])).toBe('[0,0,1,null]');
    expect(readAll([changed(bytes, [[18, 'set', 0xc0]])])).toBe('[0,0,1,"hpack-index"]');
    expect(readAll([changed(bytes, [[12, 'set', FRAME.PUSH_PROMISE]])])).toBe('[0,0,0,"push"]');
  });
});
