/** @module `paceline report RESULT`: renders a saved result, without running anything. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { renderers } from '../report/format/formats.ts';
import { FORMATS, type Format } from '../report/format/names.ts';
import { modelOf } from '../report/model.ts';
import { readResult } from '../result/file.ts';
import { readSessionAudit } from '../session-audit/file.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { cannotWrite, makeFolder } from './folder.ts';
import { resultIn } from './results-in.ts';
import { summarise } from './step-summary.ts';
import { openTerminal } from './terminal.ts';

export interface ReportOptions {
  readonly format: string;
  readonly out?: string;
  /** The URL of a collector that gets the metrics in place of a report. */
  readonly otlp?: string;
  readonly otlpHeader: readonly string[];
  /** A file of `paceline audit --json`, for a section of the page. */
  readonly audit?: string;
}

/** Renders the result file at `path`, or in that folder: to stdout, or into the folder `--out` (one file per chart for svg and png). With `--otlp` it sends the metrics instead. */
export async function report(path: string, options: ReportOptions): Promise<number> {
  const { format, out, otlp, audit } = options;
  const terminal = openTerminal({ quiet: false, data: false });
  if (!(FORMATS as readonly string[]).includes(format)) {
    throw new UserError({
      where: '--format',
      what: `unknown format "${format}"`,
      expected: FORMATS.join(', '),
    });
  }
  if (audit !== undefined && (format !== 'html' || otlp !== undefined)) {
    throw new UserError({
      where: '--audit',
      what: 'is shown in a page only',
      todo: 'leave it out, or use --format html',
    });
  }
  const file = await resultIn(path);
  const document = await readResult(file);
  const model = {
    ...modelOf(document),
    ...(audit !== undefined && { audit: await readSessionAudit(audit) }),
  };
  if (otlp !== undefined) {
    const { pushOtlp } = await import('./otlp.ts');
    const endpoint = await pushOtlp(model, { url: otlp, headers: options.otlpHeader });
    terminal.tell(`metrics sent: ${endpoint}`);
    return EXIT.pass;
  }
  const { files } = await renderers[format as Format](model);
  if (files.length === 0) {
    throw new UserError({
      where: path,
      what: `the result has no finished trial, so it cannot be rendered as ${format}`,
      expected: 'a result with at least one finished trial',
    });
  }
  const folder = out ?? (files.length > 1 || process.stdout.isTTY ? dirname(file) : undefined);
  if (format === 'github') await summarise(model);
  if (folder === undefined) {
    await terminal.print(files[0]!.content);
    return EXIT.pass;
  }
  await makeFolder(folder);
  for (const { name, content } of files) {
    await writeFile(join(folder, name), content).catch((cause: unknown) => {
      throw cannotWrite(join(folder, name), cause);
    });
    terminal.tell(`written: ${join(folder, name)}`);
  }
  return EXIT.pass;
}
