/**
 * @module What a call costs in the codec: the head of the answer decoded, the head of the request encoded, and the frames of both.
 * To be well under a microsecond each.
 */
import { bench, describe } from 'vitest';
import { FRAME_BYTES, FRAME_HEADER_BYTES } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { frameSink } from './frame-sink.case.ts';
import { putData, putHeaders, putSettings } from './frame-writer.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { HpackEncoder, literalFields, putLiteral } from './hpack-encoder.ts';
import { ResponseRules } from './response-rules.ts';

const ANSWER = [
  ':status',
  '200',
  'content-type',
  'application/json',
  'date',
  'Mon, 21 Oct 2013 20:13:22 GMT',
  'server',
  'nginx/1.27.1',
  'x-served-by',
  'i-1',
  'cache-control',
  'no-store',
];
const REQUEST = [
  ':method',
  'POST',
  ':scheme',
  'https',
  ':authority',
  'gateway.example:8443',
  ':path',
  '/mcp',
  'content-type',
  'application/json',
  'accept',
  'application/json, text/event-stream',
  'mcp-protocol-version',
  '2026-07-28',
  'mcp-method',
  'tools/call',
  'mcp-name',
  'echo',
];

const rules = new ResponseRules({ field: () => {} });

describe('the head of an answer', () => {
  const decoder = new HpackDecoder();
  const encoder = new HpackEncoder();
  const learned = encoder.head(ANSWER);
  decoder.decode(learned, 0, learned.length, rules);
  const indexed = Buffer.concat([encoder.head(ANSWER), literalFields(['content-length', '105'])]);
  // As nginx sends it: every field in the block, to be added to the table.
  const added = new HpackEncoder().head(ANSWER);
  const plain = new HpackDecoder();
  const nothing = { field: () => {} };

  bench('from the table, without the rules', () => {
    decoder.decode(indexed, 0, indexed.length, nothing);
  });
  bench('from the table, with the rules', () => {
    rules.clear();
    decoder.decode(indexed, 0, indexed.length, rules);
    rules.endBlock(false);
  });
  bench('with every field in the block', () => {
    rules.clear();
    plain.decode(added, 0, added.length, rules);
    rules.endBlock(false);
  });
});

describe('the head of a request', () => {
  const encoder = new HpackEncoder();
  const bytes = Buffer.alloc(1024);
  const other = [...REQUEST.slice(0, -1), 'lookup'];
  encoder.head(REQUEST);
  encoder.head(other);

  bench('the same again', () => {
    const block = encoder.head(REQUEST);
    bytes.set(block, FRAME_HEADER_BYTES);
  });
  bench('in turn with another', () => {
    encoder.head(other);
    bytes.set(encoder.head(REQUEST), FRAME_HEADER_BYTES);
  });
  bench('two fields that change', () => {
    const end = putLiteral('content-length', '163', bytes, 0);
    putLiteral('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', bytes, end);
  });
});

describe('frames', () => {
  const reader = new FrameReader(frameSink());
  const bytes = Buffer.alloc(1024);
  reader.read(bytes, 0, putSettings(bytes, 0, {}));
  const end = putData(
    bytes,
    putHeaders(bytes, 0, FRAME_HEADER_BYTES + 12, 1, false, FRAME_BYTES),
    140,
    1,
    true,
    FRAME_BYTES,
  );

  bench('HEADERS and DATA read', () => {
    reader.read(bytes, 0, end);
  });
  bench('HEADERS and DATA written', () => {
    putData(
      bytes,
      putHeaders(bytes, 0, FRAME_HEADER_BYTES + 12, 1, false, FRAME_BYTES),
      140,
      1,
      true,
      FRAME_BYTES,
    );
  });
});
