/** @module The table of formats. A new format is one file and one line here. */
import { csv } from './csv.ts';
import { hdr } from './hdr.ts';
import { html } from './html.ts';
import { png, svg } from './images.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Format } from './names.ts';
import type { Render } from './rendered.ts';

/** What turns a document into files, by format. */
export const renderers: Readonly<Record<Format, Render>> = {
  html,
  md: markdown,
  svg,
  png,
  json,
  csv,
  junit,
  hdr,
};
