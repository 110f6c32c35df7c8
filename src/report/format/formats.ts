/** @module The table of formats. A new format is one file and one line here. */
import { csv } from './csv.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hdr } from './hdr.ts';
import { hlog } from './hlog.ts';
import { page } from './html/page.ts';
import { png, svg } from './images.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Format } from './names.ts';
import { prometheus } from './prometheus.ts';
import { type Render, single } from './rendered.ts';
import { text } from './text.ts';

/** What turns a result into files, by format. */
export const renderers: Readonly<Record<Format, Render>> = {
  html: async (model) => single('report.html', await page(model)),
  md: markdown,
  svg,
  png,
  json,
  csv,
  junit,
  hdr,
  hlog,
  prometheus,
  github,
  gitlab,
  text,
};
