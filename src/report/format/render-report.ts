/** @module A report in one of the formats. */
import type { ResultDocument } from '../../result/document.ts';
import { modelOf } from '../model.ts';
import { renderers } from './formats.ts';
import type { Format } from './names.ts';
import { type RenderedFile, whole } from './rendered.ts';

/**
 * The files that `format` makes of `document`: one, or for `svg` and `png` one per chart, and for `hdr` one per variant and
 * series. Empty when nothing was measured and the format has nothing to show.
 *
 * @example
 * ```ts
 * const [page] = await renderReport(result, 'html');
 * await writeFile('report.html', page.content);
 * ```
 */
export async function renderReport(
  document: ResultDocument,
  format: Format,
): Promise<readonly RenderedFile[]> {
  const { files } = await renderers[format](modelOf(document));
  return files.map(({ name, content }) => ({ name, content: whole(content) }));
}
