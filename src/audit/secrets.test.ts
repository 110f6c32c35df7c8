import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { holdsToken } from './secrets.ts';
import { recordOf } from './sent-and-logged.case.ts';

const OPAQUE = 'Vq3zXv0aVb9Ck2mJ8nq5rT1yWl7eHs4dGf6uPo0iKxZ';
const HASH = createHash('sha256').update(OPAQUE).digest('hex').slice(0, 16);

describe('a token in a line', () => {
  it.each([
    ['a JWT', '{"note":"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"}'],
    ['a header', '{"headers":{"authorization":"Bearer abcdefgh12345678"}}'],
    ['a header of DPoP', '{"authorization":"dpop abcdefgh12345678"}'],
    ['an opaque token, known by its hash', recordOf('i0', 0, { tokenHash: HASH, handle: OPAQUE })],
  ])('is found: %s', (_, line) => expect(holdsToken(line, HASH)).toBe(true));

  it.each([
    ['an ordinary record', recordOf('i0', 0, { tokenHash: HASH })],
    ['a challenge', '{"challenge":"Bearer error=\\"invalid_token\\""}'],
    [
      'a challenge with the place of its metadata',
      '{"challenge":"Bearer resource_metadata=\\"https://a.example/\\""}',
    ],
    ['another long word', '{"handle":"0b6f5a9e-7a0c-4f0e-9d55-1c1f4a2f9b11"}'],
    ['a line that is no record', 'nonsense'],
  ])('is not found in %s', (_, line) => expect(holdsToken(line, HASH)).toBe(false));
});
