/** @module The table of changes on the page of a comparison, in the manner of benchstat. */
import type { Change, ComparisonDocument } from '../../../result/regression/document.ts';
import { type Column, plainTable, table } from '../../format/html/table.ts';
import { html, type Markup } from '../../format/markup.ts';
import { count, NOTHING, plain } from '../../wording.ts';
import { changeText, intervalText, sizeText, valueText } from '../change-cells.ts';
import { marginSentence } from '../sentences.ts';

const isRegressed = ({ verdict }: Change): boolean => verdict === 'regressed';

const COLUMNS: readonly Column<Change>[] = [
  { head: 'base', cell: (one) => valueText(one, one.base) },
  { head: 'candidate', cell: (one) => valueText(one, one.candidate) },
  {
    head: 'change',
    cell: (one) => (one.verdict === 'undecided' ? '~' : changeText(one, one.change)),
    isBad: isRegressed,
  },
  { head: 'verdict', kind: 'text', cell: ({ verdict }) => verdict, isBad: isRegressed },
  { head: 'interval', cell: intervalText },
  { head: 'pairs', cell: ({ pairs }) => count(pairs.length) },
  { head: 'noise', unit: 'of a pair', cell: (one) => sizeText(one, one.noise) },
  { head: 'found', unit: 'in 80 %', cell: (one) => sizeText(one, one.detectable) },
];

const metric = (kind: 'name' | 'text'): Column<Change> => ({
  head: 'metric',
  kind,
  cell: ({ label, isHeadline }) => `${label}${isHeadline ? ' *' : ''}`,
});

const VARIANT: Column<Change> = {
  head: 'variant',
  kind: 'name',
  cell: ({ variant }) => plain(variant) || NOTHING,
};

/** A row for each metric of each variant, and below it the geometric means over the variants. */
export function changesTable(document: ComparisonDocument): Markup {
  const { changes, geomeans } = document;
  const hasNames = changes.some(({ variant }) => variant !== '');
  const columns = [...(hasNames ? [VARIANT, metric('text')] : [metric('name')]), ...COLUMNS];
  const means = geomeans.map(({ label, ratio }) => [
    label,
    changeText({ scale: 'ratio', unit: 'time' }, ratio),
  ]);
  return html`<h2>Changes</h2>${table('Changes of all metrics', columns, changes)}
<p class="quiet">* headline metric: it decides. ~ undecided. “Found” is the smallest change that so many pairs find in 80 % of comparisons. ${marginSentence(document)}</p>
${means.length === 0 ? [] : html`<h3 class="part">Over all variants</h3>${plainTable('Geometric means over the variants', ['metric', 'geometric mean of the changes'], means)}`}`;
}
