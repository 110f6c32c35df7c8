/** @module HTML that cannot be broken out of: whatever is put into a template is escaped, unless it is markup itself. */
import { plain } from '../wording.ts';

/** Markup, as against text. */
export interface Markup {
  readonly markup: string;
}

type Hole = Markup | string | number | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for elements and quoted attributes of HTML and XML; control characters, which XML forbids, are taken out. */
export const escapeText = (text: string): string =>
  plain(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);

/** Markup that this product made itself. */
export const trusted = (markup: string): Markup => ({ markup });

function filled(hole: Hole): string {
  if (typeof hole === 'string') return escapeText(hole);
  if (typeof hole === 'number') return String(hole);
  return 'markup' in hole ? hole.markup : hole.map((one) => one.markup).join('');
}

/** A template whose holes are escaped. */
export function html(parts: TemplateStringsArray, ...holes: readonly Hole[]): Markup {
  return { markup: parts.map((part, at) => part + (at < holes.length ? filled(holes[at]!) : '')).join('') };
}

/** Markup with its headings one level lower, as a part of a part. */
export const lowered = ({ markup }: Markup): Markup =>
  trusted(markup.replace(/(<\/?h)([2-5])\b/g, (_, tag: string, level: string) => tag + (Number(level) + 1)));

export const EMPTY: Markup = { markup: '' };
