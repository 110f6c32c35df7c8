/** @module The table of formats. A new format is one file and one line here. */
import { csv } from './csv.ts';
import { hdr } from './hdr.ts';
import { page } from './html/page.ts';
import { png, svg } from './images.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Format } from './names.ts';
import { type Render, single } from './rendered.ts';
import { text } from './text.ts';

/** What turns a result into files, by format. */
export const renderers: Readonly<Record<Format, Render>> = {
  html: async (model) => single('report.html', await page(model)),
  md: markdown,
  svg,
  png,
  json: async ({ document }) => single('result.json', `${JSON.stringify(document, null, 2)}\n`),
  csv,
  junit,
  hdr,
  text,
};
