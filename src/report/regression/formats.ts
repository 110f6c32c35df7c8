/** @module The formats of a comparison: each turns the document into text. */
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { comparisonText } from './text.ts';

/** What a format is made with. */
export type RenderComparison = (document: ComparisonDocument) => string | Promise<string>;

export const COMPARISON_FORMATS = {
  text: comparisonText,
  json: (document) => `${JSON.stringify(document, null, 2)}\n`,
} as const satisfies Readonly<Record<string, RenderComparison>>;

export type ComparisonFormat = keyof typeof COMPARISON_FORMATS;
