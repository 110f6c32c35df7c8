/** @module Comparisons as JSON: the document of one, a list of the documents of several. */
import type { ComparisonDocument } from '../../result/regression/document.ts';

/** A piece for each document. */
export function* comparisonJson(documents: readonly ComparisonDocument[]): Generator<string> {
  const [first, ...others] = documents;
  if (others.length === 0) {
    yield `${JSON.stringify(first, null, 2)}\n`;
    return;
  }
  for (const [at, document] of documents.entries()) {
    yield `${at === 0 ? '[' : ','}\n${JSON.stringify(document, null, 2)}`;
  }
  yield '\n]\n';
}
