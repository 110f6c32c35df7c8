/** @module Formats `svg` and `png`: every chart as a file of its own, titled, on a light ground. */
import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { type Chart, FONT_SIZE, lettersIn, TOTAL } from '../chart/chart.ts';
import { chartsOf } from '../chart/charts.ts';
import { drawSvg, labelled } from '../chart/draw.ts';
import { GROUND, INK, MUTED } from '../chart/palette.ts';
import type { Model } from '../model.ts';
import { inLines } from '../wording.ts';
import { escapeText } from './markup.ts';
import type { Render } from './rendered.ts';

const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`),
);
const FAMILY = 'DejaVu Sans';
/** Pixels of the PNG per pixel of the drawing: sharp on dense screens. */
const ZOOM = 2;

const TITLE_SIZE = 17;

async function standalone(chart: Chart): Promise<string> {
  const title = {
    text: chart.title,
    color: INK,
    fontSize: TITLE_SIZE,
    fontWeight: 'bold',
    anchor: 'start',
    offset: 14,
    subtitle: [...inLines(chart.caption, lettersIn(TOTAL.wide))] as string[],
    subtitleColor: MUTED,
    subtitleFontSize: FONT_SIZE,
    subtitlePadding: 6,
  } as const;
  const svg = await drawSvg({ ...chart.spec('wide'), title, padding: 16 }, chart.name);
  return labelled(svg, escapeText(`${chart.title}. ${chart.caption}`));
}

async function drawAll(model: Model) {
  return Promise.all(
    chartsOf(model).map(async (chart) => ({ name: chart.name, svg: await standalone(chart) })),
  );
}

export const svg: Render = async (model) => ({
  files: (await drawAll(model)).map((one) => ({ name: `${one.name}.svg`, content: one.svg })),
});

/** Rasterised with fonts of our own, so that the image is the same on every machine. */
async function rasterised(text: string): Promise<Buffer> {
  const image = await renderAsync(text, {
    font: { loadSystemFonts: false, fontFiles: FONTS, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
    fitTo: { mode: 'zoom', value: ZOOM },
    background: GROUND,
  });
  return image.asPng();
}

export const png: Render = async (model) => ({
  files: await Promise.all(
    (await drawAll(model)).map(async (one) => ({
      name: `${one.name}.png`,
      content: await rasterised(one.svg),
    })),
  ),
});
