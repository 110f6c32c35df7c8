/** @module The formats of comparisons: each turns them into a file, piece by piece. */
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { type CommentContext, comparisonComment } from './comment/comment.ts';
import { comparisonCsv } from './csv.ts';
import { comparisonAnnotations } from './github.ts';
import { comparisonPage } from './html/page.ts';
import { comparisonJson } from './json.ts';
import { comparisonJunit } from './junit.ts';
import { comparisonMarkdown } from './markdown.ts';
import type { ComparisonFormat } from './names.ts';
import { comparisonText } from './text.ts';

/** The pieces of the file, in order. At least one document; all have the same base, and each has another candidate. */
type RenderComparison = (
  documents: readonly ComparisonDocument[],
  context?: CommentContext,
) => Iterable<string | Promise<string>> | AsyncIterable<string>;

interface Renderer {
  /** The name of the file, where it is written to a folder. */
  readonly file: string;
  readonly render: RenderComparison;
  /** Whether it shows how times are distributed. */
  readonly showsDistributions?: true;
}

export const RENDERERS: Readonly<Record<ComparisonFormat, Renderer>> = {
  text: { file: 'comparison.txt', render: (documents) => [comparisonText(documents)] },
  md: { file: 'comparison.md', render: (documents) => [comparisonMarkdown(documents)] },
  comment: { file: 'comment.md', render: (documents, context) => [comparisonComment(documents, context)] },
  html: {
    file: 'comparison.html',
    render: (documents) => [comparisonPage(documents)],
    showsDistributions: true,
  },
  json: { file: 'comparison.json', render: comparisonJson, showsDistributions: true },
  csv: { file: 'comparison.csv', render: comparisonCsv },
  junit: { file: 'comparison.junit.xml', render: (documents) => [comparisonJunit(documents)] },
  github: { file: 'annotations.txt', render: (documents) => [comparisonAnnotations(documents)] },
};
