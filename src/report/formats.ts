/** @module The table of formats. A new format is one file and one line here. */
import { csv } from './format/csv.ts';
import { hdr } from './format/hdr.ts';
import { html } from './format/html.ts';
import { png, svg } from './format/images.ts';
import { json } from './format/json.ts';
import { junit } from './format/junit.ts';
import { markdown } from './format/markdown.ts';
import type { Render } from './format/rendered.ts';
import type { Format } from './format-names.ts';

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
