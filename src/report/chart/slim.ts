/** @module SVG text of Vega without what nobody can see or hear: about a third of it. */

/** Attributes that have the value of SVG's default, or that say something of a part of what is one image to those who do not see it. */
const NEEDLESS =
  / (?:opacity="1"|stroke-width="1"|pointer-events="none"|aria-hidden="true"|role="graphics-[a-z]+"|aria-roledescription="[^"]*")/g;
/** Paths around groups, which have neither a fill nor a stroke. */
const UNPAINTED = /<path class="(?:back|fore)ground" d="[^"]*"(?: display="none")?\/>/g;

/** Digits after the point: a hundredth of a pixel. */
const PRECISION = 2;

const rounded = (numbers: string): string =>
  numbers.replace(/-?\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(PRECISION))));

/** The same drawing in fewer letters. Only tags are changed, never the text between them. `role` and `aria-label` of the root are put on later. */
export function slim(svg: string): string {
  return svg
    .replace(/<[a-z][^>]*>/g, (tag) =>
      tag.replace(NEEDLESS, '').replace(/ (?:d|transform)="[^"]*"/g, rounded),
    )
    .replace(UNPAINTED, '');
}
