import { bench, describe } from 'vitest';
import { classify, classifySlow } from './classify.ts';

/** A successful answer of about `size` bytes: one long text, or many small members. */
function body(size: number, shape: 'text' | 'members'): Buffer {
  const row = { name: 'row', value: 12.5, on: true };
  const content = [{ type: 'text', text: shape === 'text' ? 'x'.repeat(size - 110) : '' }];
  const rows = shape === 'text' ? [] : Array.from({ length: size / 40 }, () => row);
  return Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      result: { resultType: 'complete', content, structuredContent: { rows }, isError: false },
    }),
  );
}

const CALL = { expected: { kind: 'result', id: 7 }, inSession: false } as const;

describe.each([
  [300, 'text'],
  [300, 'members'],
  [65_536, 'text'],
  [65_536, 'members'],
  [40_000, 'text'],
  [400_000, 'text'],
] as const)('an answer of %i bytes of %s', (size, shape) => {
  const answer = { status: 200, statusText: 'OK', contentType: 'application/json', body: body(size, shape) };
  bench('over the bytes', () => {
    classify(answer, CALL, true);
  });
  bench('by JSON.parse', () => {
    classifySlow(answer, CALL, true);
  });
});
