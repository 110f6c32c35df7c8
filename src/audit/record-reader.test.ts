import { describe, expect, it } from 'vitest';
import { recordReader } from './record-reader.ts';

describe('a reader of records', () => {
  it.each([
    ['"allow"', true],
    ['"DENIED"', false],
    ['"permit"', true],
    ['true', true],
    ['"false"', false],
    ['200', true],
    ['"403"', false],
    ['401', false],
    ['500', undefined],
    ['"maybe"', undefined],
    ['null', undefined],
    ['""', undefined],
    ['{}', undefined],
  ])('takes the decision %s as allowed: %s', (decision, allowed) => {
    expect(recordReader()(`{"decision":${decision}}`)?.allowed).toBe(allowed);
  });

  it.each(['', 'nonsense', '{"decision":"allow"', '7', 'null', '[]', '"allow"', '{}'])(
    'finds no record in %j',
    (line) => expect(recordReader()(line)).toBeUndefined(),
  );

  it('takes a field by its path, or by a name with dots', () => {
    const read = recordReader({ traceparent: 'trace.id', reason: 'why.code', us: 'took' });
    const line = '{"decision":"deny","trace":{"id":"abc"},"why.code":"R7","took":12.5,"instance":"i0"}';
    expect(read(line)).toEqual({
      allowed: false,
      traceparent: 'abc',
      instance: 'i0',
      reason: 'R7',
      tokenHash: undefined,
      us: 12.5,
    });
  });

  it.each([
    '{"decision":"allow","traceparent":7,"us":"12"}',
    '{"decision":"allow","traceparent":"","us":-1}',
    '{"decision":"allow","traceparent":null}',
  ])('leaves out what is not of its type in %s', (line) => {
    expect(recordReader()(line)).toMatchObject({ traceparent: undefined, us: undefined });
  });
});
