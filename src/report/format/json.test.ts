import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../model.ts';
import { demo } from '../sample-document.case.ts';
import { json, jsonPieces } from './json.ts';
import { whole } from './rendered.ts';

describe('JSON in pieces', () => {
  it('is what JSON.stringify gives, whatever the depth', () => {
    const values = fc.object({
      withNullPrototype: false,
      values: [fc.string(), fc.double(), fc.constant(undefined)],
    });
    fc.assert(
      fc.property(values, fc.nat(5), (value, depth) => {
        expect([...jsonPieces(value, depth)].join('')).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('comes in pieces that are small beside the document, as often as it is read', async () => {
    const document = demo();
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const { content } = (await json(modelOf(document))).files[0]!;
    expect(whole(content)).toBe(text);
    expect(whole(content)).toBe(text);
    const lengths = [...(content as Iterable<string>)].map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThan(text.length / 3);
  });
});
