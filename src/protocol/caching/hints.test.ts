import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CATALOGUE_VERSION_KEY,
  type CacheableResult,
  hintsOf,
  LONGEST_TTL,
  readCacheable,
  type ScopeForm,
  type TtlForm,
} from './hints.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same by parsing the whole text. */
function readByParsing(body: string): CacheableResult | undefined {
  const message: unknown = JSON.parse(body);
  const result = isObject(message) ? message['result'] : undefined;
  if (!isObject(result)) return undefined;
  const { resultType, ttlMs, cacheScope, nextCursor, _meta } = result;
  const version = isObject(_meta) ? _meta[CATALOGUE_VERSION_KEY] : undefined;
  return {
    isComplete: resultType === undefined || resultType === 'complete',
    hints: hintsOf(ttlMs, cacheScope),
    nextCursor: typeof nextCursor === 'string' ? nextCursor : undefined,
    version: Number.isSafeInteger(version) && Number(version) >= 0 ? Number(version) : undefined,
  };
}

/** A body with these members of the result, as JSON text. */
const bodyWith = (members: string): string => `{"jsonrpc":"2.0","id":1,"result":{"tools":[]${members}}}`;

describe('the hints of a result', () => {
  it.each<[string, number, TtlForm]>([
    ['', 0, 'absent'],
    ['0', 0, 'zero'],
    ['-0', 0, 'zero'],
    ['-1', 0, 'negative'],
    ['-0.5', 0, 'negative'],
    ['1', 1, 'ok'],
    ['5000', 5000, 'ok'],
    ['5e3', 5000, 'ok'],
    ['0.5', 0, 'fractional'],
    ['1500.75', 1500, 'fractional'],
    ['86400000', LONGEST_TTL, 'ok'],
    ['86400001', LONGEST_TTL, 'clamped'],
    ['86400000.5', LONGEST_TTL, 'clamped'],
    ['9007199254740993', LONGEST_TTL, 'clamped'],
    ['1e999', LONGEST_TTL, 'clamped'],
    ['-1e999', 0, 'negative'],
    ['"5000"', 0, 'malformed'],
    ['null', 0, 'malformed'],
    ['true', 0, 'malformed'],
    ['{"ttlMs":5}', 0, 'malformed'],
    ['[5]', 0, 'malformed'],
  ])('ttlMs %s is %i ms (%s)', (text, ttlMs, ttl) => {
    const body = bodyWith(text === '' ? '' : `,"ttlMs":${text}`);
    expect(readCacheable(body)?.hints).toMatchObject({ ttlMs, ttl });
    expect(Object.is(readCacheable(body)?.hints.ttlMs, -0)).toBe(false);
  });

  it.each<[string, 'public' | 'private', ScopeForm]>([
    ['', 'private', 'absent'],
    ['"public"', 'public', 'public'],
    ['"private"', 'private', 'private'],
    ['"PUBLIC"', 'private', 'malformed'],
    ['null', 'private', 'malformed'],
    ['["public"]', 'private', 'malformed'],
    ['"pub\\u006cic"', 'public', 'public'],
  ])('cacheScope %s counts as %s (%s)', (text, scope, scopeForm) => {
    const body = bodyWith(text === '' ? '' : `,"cacheScope":${text}`);
    expect(readCacheable(body)?.hints).toMatchObject({ scope, scopeForm });
  });
});

describe('a cacheable result', () => {
  it.each<[string, Partial<CacheableResult>]>([
    ['', { isComplete: true, nextCursor: undefined, version: undefined }],
    [',"resultType":"complete"', { isComplete: true }],
    [',"resultType":"input_required"', { isComplete: false }],
    [',"resultType":null', { isComplete: false }],
    [',"nextCursor":""', { nextCursor: '' }],
    [',"nextCursor":"a\\"\\\\b"', { nextCursor: 'a"\\b' }],
    [',"nextCursor":null', { nextCursor: undefined }],
    [`,"_meta":{"${CATALOGUE_VERSION_KEY}":3}`, { version: 3 }],
    [`,"_meta":{"x":{"${CATALOGUE_VERSION_KEY}":3}}`, { version: undefined }],
    [`,"_meta":{"${CATALOGUE_VERSION_KEY}":-1}`, { version: undefined }],
    [`,"_meta":{"${CATALOGUE_VERSION_KEY}":1.5}`, { version: undefined }],
    [`,"_meta":[{"${CATALOGUE_VERSION_KEY}":1}]`, { version: undefined }],
  ])('reads %s', (members, expected) => {
    expect(readCacheable(bodyWith(members))).toMatchObject(expected);
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"\\"result\\":{}"}}',
    '{"jsonrpc":"2.0","id":1,"result":[{"ttlMs":1}]}',
    '{"result":"{}"}',
    '[{"result":{"ttlMs":5}}]',
    '"result"',
    'null',
  ])('is not in %s', (body) => {
    expect(readCacheable(body)).toBeUndefined();
  });

  it.each([
    '',
    '{',
    '{"result"',
    '{"result":{',
    '{"result":{"ttlMs":',
    '{"a":"\\',
    '{"a":[1,2',
    '{"result":{"ttlMs":5x}}',
  ])('does not fail on %s, which is not JSON', (body) => {
    expect(() => readCacheable(body)).not.toThrow();
  });

  it('is what parsing the whole text gives: any order, nesting, escapes, repeated names', () => {
    fc.assert(
      fc.property(MESSAGE, (body) => {
        expect(readCacheable(body)).toEqual(readByParsing(body));
      }),
      { numRuns: 3000 },
    );
  });
});

const NAMES = ['result', 'resultType', 'ttlMs', 'cacheScope', 'nextCursor', '_meta', CATALOGUE_VERSION_KEY];
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r\n ');
/** A string as JSON text, some of its characters escaped. */
const text = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(value, fc.nat(3))
    .map(([plain, way]) =>
      way === 0 && plain !== ''
        ? JSON.stringify(plain).replace(
            /[a-z]/i,
            (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
          )
        : JSON.stringify(plain),
    );
const name = text(
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, fc.string({ unit: 'binary' })),
);
const long = fc
  .tuple(fc.string({ unit: 'binary' }), fc.nat(60))
  .map(([part, times]) => `${part}\\"${part}`.repeat(times));
const scalar = fc.oneof(
  text(fc.constantFrom('complete', 'input_required', 'public', 'private', '', '}', '{"ttlMs":1}', '\\', '"')),
  text(fc.string({ unit: 'binary' })),
  text(long),
  fc.constantFrom('0', '-0', '5000', '1.5', '-3', '1e3', '1E400', '3', 'true', 'false', 'null', '86400001'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);
const { value: JSON_VALUE } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    tie('object'),
    fc
      .tuple(space, fc.array(tie('value'), { maxLength: 3 }))
      .map(([gap, all]) => `[${gap}${all.join(`${gap},`)}${gap}]`),
  ),
  object: fc
    .array(fc.tuple(name, tie('value'), space, space, space), { maxLength: 6 })
    .map(
      (members) => `{${members.map(([key, value, a, b, c]) => `${a}${key}${b}:${c}${value}${a}`).join(',')}}`,
    ),
}));
const OBJECT = fc
  .array(fc.tuple(name, JSON_VALUE, space), { maxLength: 7 })
  .map(
    (members) =>
      `{${members.map(([key, value, gap]) => `${gap}${key}${gap}:${gap}${value}${gap}`).join(',')}}`,
  );
const MESSAGE = fc.oneof(
  OBJECT.map((result) => `{"jsonrpc":"2.0","id":1,"result":${result}}`),
  fc.tuple(OBJECT, OBJECT).map(([one, other]) => ` {"result":${one} , "id":7,"result" : ${other}}\n`),
  OBJECT,
  JSON_VALUE,
);
