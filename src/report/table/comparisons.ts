/** @module The comparisons of variants, a row for each two of them: the figures that the findings use. */
import { metricsOf } from '../../result/measure/metrics.ts';
import { hasInterval, type Model, type Pair } from '../model.ts';
import { interval, NOTHING, ratio } from '../wording.ts';
import { bothValues } from './columns.ts';
import type { TextTable } from './headline.ts';

/** What a reader of the table has to know. */
export const BY_REPETITION =
  'A ratio compares what two variants measured repetition by repetition. The table of results has figures of all repetitions together, so the quotient of two of them can differ from the ratio.';

/** A row for each candidate and its base, a column for each metric, with intervals and what they show; none without comparisons. */
export function comparisonTable(model: Model): TextTable {
  return tableOf(
    model,
    model.pairs.filter(({ comparison }) => comparison.verdict !== 'undecided' || comparison.ratio !== null),
    (pair) => cellOf(model, pair),
  );
}

/** The ratios alone, as far as they compare like with like. */
export function ratioTable(model: Model): TextTable {
  const pairs = model.pairs.filter(hasInterval).filter(({ comparison }) => comparison.alike);
  return tableOf(model, pairs, ({ comparison }) => `${ratio(comparison.ratio!)}x`);
}

function tableOf(model: Model, pairs: readonly Pair[], cell: (pair: Pair) => string): TextTable {
  const metrics = metricsOf(model.quantities).filter(({ path }) =>
    pairs.some(({ comparison }) => comparison.metric === path),
  );
  const sides = new Map(pairs.map((pair) => [`${pair.candidate.place} ${pair.base.place}`, pair]));
  return {
    heads: [
      'variant',
      'against',
      ...metrics.map(({ metric: { label, column } }) =>
        column === undefined || column.complement ? label : column.head,
      ),
    ],
    rows: [...sides.values()].map(({ candidate, base }) => [
      candidate.name,
      base.name,
      ...metrics.map(({ path }) => {
        const isIt = (one: Pair): boolean =>
          one.candidate === candidate && one.base === base && one.comparison.metric === path;
        const pair = pairs.find(isIt);
        return pair === undefined ? NOTHING : cell(pair);
      }),
    ]),
  };
}

function cellOf(model: Model, pair: Pair): string {
  const said = pair.comparison.alike ? pair.comparison.verdict : 'not comparable';
  if (!hasInterval(pair)) return `${bothValues(model, pair)}: ${said}`;
  const { ratio: value, ciLow, ciHigh } = pair.comparison;
  return `${ratio(value)}x ${interval(ciLow, ciHigh)}: ${said}`;
}
