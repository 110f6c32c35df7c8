/** @module Comparisons as CSV (RFC 4180): a row for each candidate, variant and metric, in the units of the document. */
import type { Change, ComparisonDocument } from '../../result/regression/document.ts';
import { csvCell } from '../format/csv.ts';

type Read = (change: Change, document: ComparisonDocument) => string | number | boolean | null;

const COLUMNS: Readonly<Record<string, Read>> = {
  base: (_, { base }) => base.label,
  candidate: (_, { candidate }) => candidate.label,
  variant: ({ variant }) => variant,
  metric: ({ metric }) => metric,
  label: ({ label }) => label,
  unit: ({ unit }) => (unit === 'time' ? 'us' : unit === 'rate' ? 'per_second' : unit),
  headline: ({ isHeadline }) => isHeadline,
  verdict: ({ verdict }) => verdict,
  because: ({ because }) => because,
  scale: ({ scale }) => scale,
  base_value: ({ base }) => base,
  candidate_value: ({ candidate }) => candidate,
  change: ({ change }) => change,
  change_low: ({ ciLow }) => ciLow,
  change_high: ({ ciHigh }) => ciHigh,
  margin: ({ margin }) => margin,
  level: ({ level }) => level,
  pairs: ({ pairs }) => pairs.length,
  noise: ({ noise }) => noise,
  detectable: ({ detectable }) => detectable,
  pairs_needed: ({ pairsNeeded }) => pairsNeeded,
};

/** The names of the columns, and a piece for each row. */
export function* comparisonCsv(documents: readonly ComparisonDocument[]): Generator<string> {
  yield line(Object.keys(COLUMNS));
  for (const document of documents) {
    for (const change of document.changes) {
      yield line(Object.values(COLUMNS).map((read) => read(change, document)));
    }
  }
}

const line = (cells: readonly ReturnType<Read>[]): string => `${cells.map(csvCell).join(',')}\r\n`;
