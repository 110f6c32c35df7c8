import { describe, expect, it } from 'vitest';
import { CookieJar } from './cookies.ts';

function afterwards(...answers: readonly (readonly string[])[]): string {
  const jar = new CookieJar();
  for (const setCookies of answers) jar.take(setCookies);
  return jar.header;
}

describe('cookies', () => {
  it.each<[string, readonly (readonly string[])[], string]>([
    ['none', [], ''],
    ['one, without its attributes', [['AWSALB=1; Path=/; HttpOnly']], 'AWSALB=1'],
    ['several', [['a=1', 'b=2; Secure']], 'a=1; b=2'],
    ['a value with an equals sign', [['a=b=c==; Path=/']], 'a=b=c=='],
    ['an empty value', [['a=; Path=/']], 'a='],
    ['a later value', [['a=1'], ['a=2']], 'a=2'],
    ['one that is deleted by its age', [['a=1', 'b=2'], ['a=; Max-Age=0']], 'b=2'],
    ['one that is deleted by a date', [['a=1'], ['a=; expires=Thu, 01 Jan 1970 00:00:00 GMT']], ''],
    ['one that lasts', [['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT']], 'a=1'],
    ['a date that is none', [['a=1; Expires=soon']], 'a=1'],
    ['no name', [['=1', 'Path', '']], ''],
    ['bytes that no field can carry', [['a=\u00e9', 'b=x\ry']], ''],
  ])('%s', (_, answers, header) => expect(afterwards(...answers)).toBe(header));

  it('say whether they have changed', () => {
    const jar = new CookieJar();
    expect([['a=1'], ['a=1'], ['a=2', 'a=2'], ['b=; Max-Age=0']].map((cookies) => jar.take(cookies))).toEqual(
      [true, false, true, false],
    );
  });
});
