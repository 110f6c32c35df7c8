/** @module The line of a comment that no reader sees, by which the next run finds the comment to update. */

/** Longer keys are cut. */
const LONGEST = 80;

/** `<!-- paceline:checkout-tools -->`. A key has only letters, digits, dots and single dashes, so that it cannot end the line; an empty one is `comparison`. */
export function markerOf(key: string): string {
  const plain = key
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    .replace(/^-|-$/g, '');
  return `<!-- paceline:${[...plain].slice(0, LONGEST).join('').replace(/-$/, '') || 'comparison'} -->`;
}
