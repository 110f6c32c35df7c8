/** @module Which figures of a page are in no way those of its result document. */
import type { ResultDocument } from '../../../result/document.ts';
import {
  count,
  figure,
  highEnd,
  lowEnd,
  millis,
  percent,
  percentWithUnit,
  ratio,
  unitShare,
} from '../../wording.ts';

/** Every number in a value. Windows are left out: they hold so many that almost any number would be found. */
function numbersIn(value: unknown, key = ''): readonly number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null || key === 'windows') return [];
  return Object.entries(value).flatMap(([name, part]) => numbersIn(part, name));
}

/** The ways in which a number of the document may stand on the page. */
const wordings = (value: number): readonly string[] => [
  count(value),
  // Trials are counted from 1.
  count(value + 1),
  String(value),
  figure(value),
  millis(value),
  percent(value),
  percentWithUnit(value),
  // An error rate is shown as the share of calls that were ok.
  percent(1 - value),
  unitShare(value),
  // Bytes are shown in megabytes.
  figure(value / 1e6),
  ratio(value),
  lowEnd(value),
  highEnd(value),
];

/** Cells of figures in the tables of a page, as text. */
export function figuresOn(text: string): readonly string[] {
  return [...text.matchAll(/<td(?: class="bad")?(?: data-head="[^"]*")?>([^<]*)<\/td>/g)]
    .map(([, cell]) => cell!.replaceAll('&gt;', '>').replaceAll('&lt;', '<'))
    .filter((cell) => /^[<>]?[\d.,]+$/.test(cell));
}

/** Every wording of every number of `document`. */
export function figuresOf(document: ResultDocument): ReadonlySet<string> {
  return new Set(numbersIn(document).flatMap(wordings));
}
