import { describe, expect, it } from 'vitest';
import { COLOURS, type Colour, customProperties, themed } from './palette.ts';

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('the palette in the %s', (setting: keyof Colour) => {
  const ground = COLOURS.ground[setting];

  it.each(['ink', 'muted', 'bad', 'warn', 'good'] as const)('%s is readable as text', (name) => {
    expect(contrast(COLOURS[name][setting], ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['ok', 'blue', 'vermillion', 'teal', 'purple', 'amber', 'slate'] as const)(
    '%s is visible as a mark',
    (name) => {
      expect(contrast(COLOURS[name][setting], ground)).toBeGreaterThanOrEqual(3);
    },
  );

  it('declares every colour', () => {
    expect(customProperties(setting).split(';')).toHaveLength(Object.keys(COLOURS).length);
  });
});

describe('recolouring', () => {
  it('is unambiguous', () => {
    const light = Object.values(COLOURS).map((colour) => colour.light);
    expect(new Set(light).size).toBe(light.length);
  });

  it('leaves strange colours alone', () => {
    expect(themed(`fill="${COLOURS.ink.light}" stroke="#123456"`)).toBe('fill="var(--ink)" stroke="#123456"');
  });
});
