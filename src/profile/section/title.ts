/** @module The key `title`. */
import { basename } from 'node:path';
import { profileSection } from './section.ts';
import { text } from './values.ts';

export const title = profileSection({
  schema: text('a title').optional().describe('Headline of the report. Default: the name of the file.'),
  complete: (title, { file }): { readonly title: string } => ({
    title: title ?? basename(file).replace(/\.ya?ml$/i, ''),
  }),
});
