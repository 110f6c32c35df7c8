import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { challengeText, parseChallenges } from './challenge.ts';

const read = (field: string): unknown =>
  parseChallenges(field).map(({ scheme, params }) => [scheme, Object.fromEntries(params)]);

const METADATA = 'https://h/.well-known/oauth-protected-resource/mcp';

describe('a challenge', () => {
  it.each([
    [
      'Bearer',
      [
        ['resource_metadata', METADATA],
        ['scope', 'mcp:tools'],
      ],
      `Bearer resource_metadata="${METADATA}", scope="mcp:tools"`,
    ],
    [
      'Bearer',
      [
        ['error', 'invalid_token'],
        ['scope', undefined],
      ],
      'Bearer error="invalid_token"',
    ],
    ['Bearer', [], 'Bearer'],
    [
      'DPoP',
      [
        ['error', 'invalid_dpop_proof'],
        ['algs', 'ES256 EdDSA'],
      ],
      'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"',
    ],
    ['Bearer', [['scope', 'a"b\\c\r\nSet-Cookie: ü']], 'Bearer scope="a\\"b\\\\c??Set-Cookie: ?"'],
  ] as const)('of %s with %j is written', (scheme, params, text) => {
    expect(challengeText(scheme, params)).toBe(text);
  });

  it('is read as it was written, also with others in the same field', () => {
    const value = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const challenge = fc.tuple(
      fc.constantFrom('Bearer' as const, 'DPoP' as const),
      fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(challenge, { minLength: 1, maxLength: 3 }), (challenges) => {
        const field = challenges.map(([scheme, params]) => challengeText(scheme, params)).join(', ');
        expect(read(field)).toEqual(
          challenges.map(([scheme, params]) => [scheme.toLowerCase(), Object.fromEntries(params)]),
        );
      }),
    );
  });
});

describe('the field WWW-Authenticate', () => {
  it.each([
    ['', []],
    ['Bearer', [['bearer', {}]]],
    // RFC 9110, section 11.6.1
    [
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    ],
    [
      'Negotiate dGVzdA==, Bearer error = "x"',
      [
        ['negotiate', {}],
        ['bearer', { error: 'x' }],
      ],
    ],
    [
      'Negotiate, DPoP algs="ES256"',
      [
        ['negotiate', {}],
        ['dpop', { algs: 'ES256' }],
      ],
    ],
    [', ,Bearer scope="a, b" ,, error=e,', [['bearer', { scope: 'a, b', error: 'e' }]]],
    ['BEARER Error=a, error=b', [['bearer', { error: 'a' }]]],
    ['Bearer scope="never closed', [['bearer', {}]]],
    ['scope="of no scheme"', []],
    ['Bearer error="x" y, scope="z"', [['bearer', {}]]],
  ])('%j is read', (field, challenges) => {
    expect(read(field)).toEqual(challenges);
  });

  it('of any text is read without an exception', () => {
    const text = fc.string({ unit: fc.constantFrom(...'Bearer ,="\\é\t\r\n') });
    fc.assert(
      fc.property(text, (field) => {
        expect(parseChallenges(field)).toBeInstanceOf(Array);
      }),
    );
  });
});
