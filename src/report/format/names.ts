/** @module The names of the formats, apart from what renders them: help texts need them at once, the renderers take a while to load. */

export const FORMATS = [
  'html',
  'md',
  'svg',
  'png',
  'json',
  'csv',
  'junit',
  'hdr',
  'hlog',
  'prometheus',
  'github',
  'gitlab',
  'text',
] as const;
export type Format = (typeof FORMATS)[number];

/** The formats that are one file, so that they can be printed. */
export const ONE_FILE_FORMATS: readonly Format[] = FORMATS.filter(
  (format) => format !== 'svg' && format !== 'png' && format !== 'hdr',
);
