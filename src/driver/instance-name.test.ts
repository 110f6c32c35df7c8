import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceName } from './instance-name.ts';

describe('the name of an instance', () => {
  it.each([
    ['i-1', 'i-1'],
    ['cache-fra-eddf8230042-FRA, cache-ams21052-AMS', 'cache-fra-eddf8230042-FRA, cache-ams21052-AMS'],
    ['Caf\xe9', 'Caf\xe9'],
    ['\x9b31mred', '?31mred'],
    ['a\tb', 'a?b'],
  ])('%j becomes %j', (value, name) => {
    expect(instanceName(value)).toBe(name);
  });

  it('is short and printable, whatever the header says, and stays as it is when made again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (value) => {
        const name = instanceName(value);
        expect(name.length).toBeLessThanOrEqual(100);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not pass.
        expect(name).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        expect(instanceName(name)).toBe(name);
      }),
    );
  });

  it('tells long values apart', () => {
    const long = 'x'.repeat(90_000);
    expect(instanceName(`${long}1`)).not.toBe(instanceName(`${long}2`));
  });
});
