/** @module From a Vega-Lite specification to SVG text, without a canvas and without any loading. */
import type { LoggerInterface } from 'vega';
import type { Config, TopLevelSpec } from 'vega-lite';
import { FONT_SIZE, LETTER } from './chart.ts';
import { GROUND, INK, LINE, MUTED } from './palette.ts';
import { slim } from './slim.ts';
import { loadVega, type Vega } from './vega.ts';

/** The family written into the SVG; the page and the rasteriser put their own in its place. */
const FONT = 'sans-serif';

const CONFIG: Config = {
  font: FONT,
  background: GROUND,
  aria: false,
  padding: 1,
  view: { stroke: null },
  axis: {
    labelColor: MUTED,
    titleColor: MUTED,
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    gridColor: LINE,
    domainColor: LINE,
    tickColor: LINE,
    titlePadding: 8,
  },
  legend: {
    labelColor: INK,
    titleColor: MUTED,
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    labelLimit: 0,
    symbolStrokeWidth: 2,
  },
  header: { labelColor: INK, labelFontSize: FONT_SIZE, labelFontWeight: 'bold', labelLimit: 0, title: null },
  title: { color: MUTED, fontSize: FONT_SIZE, fontWeight: 'normal', anchor: 'start' },
  text: { color: INK, fontSize: FONT_SIZE },
};

interface TextMetrics {
  width: (item: { readonly fontSize?: number }, text: unknown) => number;
}

/**
 * Vega's own estimate without a canvas is 0.8 of the font size for each letter, a third too wide.
 * A replacement is what `textMetrics.width` is for.
 */
function measureLikeTheFont(vega: Vega['vega']): void {
  // Exported by vega, though not declared in its types.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = (item, text) => LETTER * (item.fontSize ?? 11) * [...String(text ?? '')].length;
}

/** Vega-Lite would warn on the console; what it warns of is held by the tests of the charts. */
const SILENT: LoggerInterface = {
  level: () => SILENT,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as LoggerInterface;

/** SVG text of `spec` in the light colours. `id` is put before every id in it, so that many drawings can share a page. */
export async function drawSvg(spec: TopLevelSpec, id: string): Promise<string> {
  const svg = await drawn(spec, await loadVega());
  return svg.replace(/\bid="([^"]+)"/g, `id="${id}-$1"`).replace(/url\(#([^)]+)\)/g, `url(#${id}-$1)`);
}

async function drawn(spec: TopLevelSpec, { vega, vegaLite }: Vega): Promise<string> {
  measureLikeTheFont(vega);
  const { spec: drawing } = vegaLite.compile(spec, { config: CONFIG, logger: SILENT });
  const view = new vega.View(vega.parse(drawing), { renderer: 'none', logLevel: vega.Error });
  try {
    return slim(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Puts a name for screen readers on the root of an SVG text. `label` must be escaped already. */
export const labelled = (svg: string, label: string): string =>
  svg.replace('<svg ', `<svg role="img" aria-label="${label}" `);
