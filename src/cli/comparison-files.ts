/** @module Writes comparisons in every format to a folder. */
import { join } from 'node:path';
import type { CommentContext } from '../report/regression/comment/comment.ts';
import { RENDERERS } from '../report/regression/formats.ts';
import type { ComparisonDocument } from '../result/regression/document.ts';
import { makeFolder } from './folder.ts';
import { replaceFile } from './replace-file.ts';

/** Resolves with the paths of the files. Rejects with a `UserError` when one cannot be written. */
export async function writeComparisons(
  documents: readonly ComparisonDocument[],
  folder: string,
  context: CommentContext,
): Promise<readonly string[]> {
  await makeFolder(folder);
  const paths: string[] = [];
  for (const { file, render } of Object.values(RENDERERS)) {
    const pieces: string[] = [];
    for await (const piece of render(documents, context)) pieces.push(piece);
    replaceFile(join(folder, file), pieces.join(''));
    paths.push(join(folder, file));
  }
  return paths;
}
