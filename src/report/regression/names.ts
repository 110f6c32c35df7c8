/** @module The names of the formats of a comparison, apart from what renders them: help texts need them at once, the renderers take a while to load. */

export const COMPARISON_FORMATS = [
  'text',
  'md',
  'comment',
  'html',
  'json',
  'csv',
  'junit',
  'github',
] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];
