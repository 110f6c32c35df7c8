/** @module What reading an answer costs: one whose head repeats the last one, one whose head is read, and one in chunks. */
import { bench, describe } from 'vitest';
import { ResponseReader } from './response.ts';
import { Texts } from './texts.ts';

const BODY = `{"jsonrpc":"2.0","id":123456,"result":{"resultType":"complete","content":[]}}`;
const LINES = 'HTTP/1.1 200 OK\r\nx-served-by: i-1\r\nContent-Type: application/json\r\n';
const LENGTH = `Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const CHUNKED = `Transfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

/** Reads `answers` in turn, each in one piece. */
function reading(answers: readonly string[]): () => void {
  const pieces = answers.map((answer) => Buffer.from(answer));
  const reader = new ResponseReader(new Texts(), 'x-served-by');
  let next = 0;
  return () => {
    const piece = pieces[next % pieces.length]!;
    next += 1;
    reader.clear();
    reader.read(piece, 0, piece.length);
    reader.answer();
  };
}

describe('an answer', () => {
  bench('whose head repeats the last one', reading([`${LINES}${LENGTH}`]));
  bench(
    'whose head differs from the last one',
    reading(
      Array.from({ length: 64 }, (_, i) => `${LINES}Server-Timing: total;dur=0.1${i + 10}\r\n${LENGTH}`),
    ),
  );
  bench('whose head repeats the last one, in a chunk', reading([`${LINES}${CHUNKED}`]));
});
