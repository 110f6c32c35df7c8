import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, type Bed, bedOf, request, tried } from './authenticator.case.ts';
import { TestAuthority } from './authority.case.ts';
import { presentedToken } from './presented-token.ts';

const TOKEN_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/';

/** Any text, with what looks like credentials more often than chance would give. */
const field = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'Bearer',
        'bearer',
        'BEARER',
        'DPoP',
        'Basic',
        ' ',
        ' ',
        ',',
        ', ',
        '=',
        '\t',
        '.',
        'a.b.c',
      ),
      fc.string({ maxLength: 8 }),
      fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 4 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** The token of a field with one token, written as a scan rather than as a pattern. */
function oneToken(text: string): string | undefined {
  if (text.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  let token = text.slice(7);
  while (token.startsWith(' ')) token = token.slice(1);
  let rest = token;
  while (rest.endsWith('=')) rest = rest.slice(0, -1);
  const all = [...rest].every((character) => TOKEN_CHARACTERS.includes(character));
  return rest !== '' && all ? token : undefined;
}

describe('any text in Authorization', () => {
  let authority: TestAuthority;
  let bed: Bed;
  beforeAll(async () => {
    authority = await TestAuthority.start('ES256');
    bed = await bedOf('jwt', authority);
  });
  afterAll(async () => {
    await bed.authenticator.stop?.();
    await authority.stop();
  });

  it('is one token of the scheme, or is refused', () => {
    fc.assert(
      fc.property(field, (text) => {
        const token = oneToken(text);
        const refused = { refused: text === '' ? 'missing' : 'malformed' };
        expect(presentedToken(request({ authorization: text }), 'Bearer')).toEqual(token ?? refused);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(field, async (authorization) => {
        const answer = await answerOf(bed.authenticator.authenticate(request({ authorization })));
        expect(answer).toMatch(/^(missing|malformed|bad-signature|unknown-key)$/);
      }),
      { numRuns: 500 },
    );
  });

  it('is no longer a good token with any character changed, added or removed', async () => {
    const token = await authority.jwt(authority.claims());
    const characters = fc.constantFrom(...TOKEN_CHARACTERS, '=', '', ' ', ',', '"');
    const edit = fc.record({
      at: fc.oneof(fc.nat(token.length), fc.integer({ min: token.length - 3, max: token.length })),
      cut: fc.constantFrom(0, 1),
      put: characters,
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, cut, put }) => {
        const edited = `${token.slice(0, at)}${put}${token.slice(at + cut)}`;
        fc.pre(edited.trim() !== token);
        expect(await tried(bed, edited)).not.toBe('agent-1');
      }),
      { numRuns: 1000 },
    );
  });

  it('is no longer a good token with any other last character', async () => {
    const token = await authority.jwt(authority.claims());
    const edited = [...TOKEN_CHARACTERS].map((last) => token.slice(0, -1) + last);
    const answers = await Promise.all(edited.map((text) => tried(bed, text)));
    expect(edited.filter((_, index) => answers[index] === 'agent-1')).toEqual([token]);
  });
});
