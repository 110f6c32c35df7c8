import { describe, expect, it } from 'vitest';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { HANDLES, handles, handlesDocument } from '../sample-state.case.ts';
import { FONT_SIZE, LETTER, TOTAL } from './chart.ts';
import { state } from './state.ts';

interface Value {
  readonly variant: string;
  readonly us: number;
  readonly share: number;
  readonly text: string;
  readonly nameAt: number;
}

/** The drawing, as far as the tests read it. */
interface Drawn {
  readonly data: { readonly values: readonly Value[] };
  readonly height: number;
  readonly encoding: { readonly y: { readonly scale: { readonly domain: readonly [number, number] } } };
}

const drawn = (document = handles(), width: 'wide' | 'narrow' = 'wide') =>
  state(modelOf(document))!.spec(width) as unknown as Drawn;

describe('the price of state against what it loses', () => {
  it('has a point for each variant, named with the bytes of its handles', () => {
    const { values } = drawn().data;
    const points = values.map(({ variant, share, text }) => ({ variant, share, text }));
    for (const { name, unknown, bytesPerCall } of HANDLES)
      expect(points).toContainEqual({
        variant: name,
        share: unknown / 800,
        text: `${name}, ${bytesPerCall} bytes`,
      });
    expect(values).toHaveLength(HANDLES.length);
  });

  it.each(['wide', 'narrow'] as const)(
    'lets no name lie on another one, or leave the drawing (%s)',
    (width) => {
      const { data, height, encoding } = drawn(handles(), width);
      const [, end] = encoding.y.scale.domain;
      const heights = data.values.map(({ nameAt }) => (height * nameAt) / end).sort((a, b) => a - b);
      for (const [at, one] of heights.entries())
        expect(one - (heights[at - 1] ?? 0)).toBeGreaterThanOrEqual(FONT_SIZE);
      expect(heights.at(-1)).toBeLessThan(height);
      for (const { text } of data.values) expect(text.length * LETTER * FONT_SIZE).toBeLessThan(TOTAL[width]);
    },
  );

  it('has a scale of its own where nothing is lost', () => {
    const { encoding, data } = drawn(handlesDocument(HANDLES.filter(({ unknown }) => unknown === 0)));
    expect(encoding.y.scale.domain[1]).toBeGreaterThan(0);
    expect(data.values.every(({ share }) => share === 0)).toBe(true);
  });

  it('is not drawn where there is nothing to compare', () => {
    expect(state(modelOf(handlesDocument(HANDLES.slice(0, 1))))).toBeUndefined();
    expect(state(modelOf(oneVariant()))).toBeUndefined();
  });
});
