import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareDuration, durationOf, NO_DURATION } from './server-timing.ts';

describe('a duration in Server-Timing', () => {
  it.each([
    ['auth;dur=0.105', 105],
    ['read;dur=1, auth;dur=0.105, total;dur=9', 105],
    ['auth;dur=2', 2000],
    ['auth;dur=2.', 2000],
    ['auth;dur=.5', 500],
    ['auth;dur="1.5"', 1500],
    ['auth;desc="a;dur=7, auth;dur=8";dur=1', 1000],
    ['auth ; desc=x ; dur = 0.25', 250],
    ['total;dur=9,auth;dur=0.1, auth;dur=0.2', 300],
    ['auth;dur=0', 0],
    ['auth', NO_DURATION],
    ['auth;dur', NO_DURATION],
    ['auth;dur=x', NO_DURATION],
    ['auth;duration=5', NO_DURATION],
    ['oauth;dur=1, auth2;dur=1, x-auth;dur=1', NO_DURATION],
    ['x;desc=auth, y;auth;dur=3', NO_DURATION],
    ['', NO_DURATION],
  ])('of %j is %d us', (field, us) => {
    expect(durationOf(field, 'auth')).toBeCloseTo(us, 6);
  });

  it('is found among any others, and added up', () => {
    const name = fc.constantFrom('auth', 'policy', 'tool', 'author');
    const entry = fc.record({ name, us: fc.nat(9_999_999), desc: fc.constantFrom('', ';desc="a, b;c"') });
    fc.assert(
      fc.property(fc.array(entry), fc.constantFrom(',', ', ', ' ,\t'), (entries, separator) => {
        const field = entries.map((each) => `${each.name}${each.desc};dur=${(each.us / 1000).toFixed(3)}`);
        const own = entries.filter((each) => each.name === 'auth');
        const sum = own.reduce((total, { us }) => total + us, 0);
        const read = durationOf(field.join(separator), 'auth');
        expect(read).toBeCloseTo(own.length === 0 ? NO_DURATION : sum, 3);
      }),
    );
  });

  it('is no exception, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'auth;dur=", \\0.1x') }), (field) => {
        expect(durationOf(field, 'auth')).toBeGreaterThanOrEqual(NO_DURATION);
        expect(bareDuration(field)).toBeGreaterThanOrEqual(NO_DURATION);
      }),
    );
  });
});

describe('a header that is a number', () => {
  it.each([
    ['0.35', 350],
    [' 12 ', 12_000],
    ['0.3, 0.2', 500],
    ['', NO_DURATION],
    ['fast', NO_DURATION],
  ])('%j is %d us', (field, us) => {
    expect(bareDuration(field)).toBeCloseTo(us, 6);
  });
});
