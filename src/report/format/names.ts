/** @module The names of the formats, apart from what renders them: help texts need them at once, the renderers take a while to load. */

export const FORMATS = ['html', 'md', 'svg', 'png', 'json', 'csv', 'junit', 'hdr'] as const;
export type Format = (typeof FORMATS)[number];
