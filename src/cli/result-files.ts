/** @module The files that a run writes: its result, again after each trial, and the report. */
import { join } from 'node:path';
import type { Model } from '../report/model.ts';
import type { ResultDocument } from '../result/document.ts';
import { RESULT_FILE } from '../result/file-name.ts';
import { replaceFile } from './replace-file.ts';

const REPORT_FILE = 'report.html';

/** Writes `document` to its file in the folder `out`. */
export function writeResult(out: string, document: ResultDocument): void {
  replaceFile(join(out, RESULT_FILE), `${JSON.stringify(document, null, 2)}\n`);
}

/** Writes the report to the folder `out`, and resolves with what it shows and how it reads. */
export async function writeReport(
  out: string,
  document: ResultDocument,
): Promise<{ readonly model: Model; readonly html: string | Uint8Array }> {
  // Loaded only now: charts need a library that would delay the start of the load.
  const [{ renderers }, { whole }, { modelOf }] = await Promise.all([
    import('../report/format/formats.ts'),
    import('../report/format/rendered.ts'),
    import('../report/model.ts'),
  ]);
  const model = modelOf(document);
  const html = whole((await renderers.html(model)).files[0]!.content);
  replaceFile(join(out, REPORT_FILE), html);
  return { model, html };
}

/** Where the files are, each in a line. */
export const fileLines = (out: string): readonly string[] => [
  `result: ${join(out, RESULT_FILE)}`,
  `report: ${join(out, REPORT_FILE)}`,
];
