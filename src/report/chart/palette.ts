/** @module The colours of charts and page as tokens: a light and a dark value each, chosen to differ for the colour-blind and to hold on both grounds. */

/** A colour in a light and in a dark setting, as `#rrggbb`. Light values are unique, because SVG output is recoloured by them. */
export interface Colour {
  readonly light: string;
  readonly dark: string;
}

export const COLOURS = {
  ink: { light: '#16191d', dark: '#eceff3' },
  muted: { light: '#59616b', dark: '#a3acb8' },
  line: { light: '#d9dde3', dark: '#343b45' },
  ground: { light: '#fdfdfc', dark: '#14171b' },
  ok: { light: '#3d82b8', dark: '#5fa5dc' },
  bad: { light: '#c4420c', dark: '#ff8552' },
  warn: { light: '#946200', dark: '#e8b93c' },
  good: { light: '#0a7a5c', dark: '#45c9a2' },
  blue: { light: '#0b66b0', dark: '#62b2ff' },
  vermillion: { light: '#cc4d0b', dark: '#ff8a4a' },
  teal: { light: '#00846c', dark: '#3ecfab' },
  purple: { light: '#a03c84', dark: '#e78dcd' },
  amber: { light: '#8d6a00', dark: '#e4bf31' },
  slate: { light: '#5a6470', dark: '#aeb8c4' },
} as const satisfies Record<string, Colour>;

type ColourName = keyof typeof COLOURS;

const light = (name: ColourName): string => COLOURS[name].light;

export const INK = light('ink');
export const MUTED = light('muted');
export const LINE = light('line');
export const GROUND = light('ground');
export const OK = light('ok');
export const BAD = light('bad');

/** Hues of variants by place; after the sixth they repeat with another dash. */
export const SERIES: readonly string[] = (
  ['blue', 'vermillion', 'teal', 'purple', 'amber', 'slate'] as const
).map(light);
/** Shapes of points, so that lines differ by more than their hue. */
export const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'] as const;
/** Dashes of lines, one per round of {@link SERIES}. */
export const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [6, 3],
  [2, 2],
];

/** Of planted misuse that was refused: neither a success of the caller nor a failure of the server. */
export const REFUSED_MISUSE = light('line');

/** Colours of outcomes other than `ok`, most frequent first. */
export const FAILURES: readonly string[] = (['vermillion', 'amber', 'purple', 'slate', 'teal'] as const).map(
  light,
);

/** The custom properties of the page in one setting: `--ink:#16191d;...`. */
export function customProperties(setting: keyof Colour): string {
  return Object.entries(COLOURS)
    .map(([name, colour]) => `--${name}:${colour[setting]}`)
    .join(';');
}

/** Replaces the light colours of an SVG text by the page's custom properties. */
export function themed(svg: string): string {
  return svg.replace(/#[0-9a-f]{6}\b/g, (hex) => {
    const found = Object.entries(COLOURS).find(([, colour]) => colour.light === hex);
    return found ? `var(--${found[0]})` : hex;
  });
}
