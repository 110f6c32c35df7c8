import { cachedDataVersionTag } from 'node:v8';
import { expect, it } from 'vitest';
import { compileEarly } from './v8-flags.ts';

it('leaves V8 with the flags that it had, under which stored code is looked up', () => {
  const before = cachedDataVersionTag();
  const compileAsUsual = compileEarly();
  if (process.versions.v8.startsWith('11.3.')) expect(cachedDataVersionTag()).not.toBe(before);
  compileAsUsual();
  expect(cachedDataVersionTag()).toBe(before);
});
