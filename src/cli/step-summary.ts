/** @module The summary of a step of GitHub Actions: Markdown that is added to the file that the variable `GITHUB_STEP_SUMMARY` names. */
import { appendFile } from 'node:fs/promises';
import { markdown } from '../report/format/markdown.ts';
import { whole } from '../report/format/rendered.ts';
import type { Model } from '../report/model.ts';
import { cannotWrite } from './folder.ts';

/** Adds what a result says. */
export async function summarise(model: Model): Promise<void> {
  const { files } = await markdown(model);
  await appendStepSummary(String(whole(files[0]!.content)));
}

/** What a step may write; GitHub shows nothing of a longer summary. Source: docs.github.com, "Adding a job summary". */
const LIMIT_BYTES = 1024 * 1024;

/** Adds `markdown`, outside of GitHub Actions nothing. What is too long is left out, with a sentence in its place. */
export async function appendStepSummary(markdown: string): Promise<void> {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (!file) return;
  const isTooLong = Buffer.byteLength(markdown) > LIMIT_BYTES;
  const text = isTooLong ? 'The summary is longer than GitHub shows; see the report.\n' : markdown;
  await appendFile(file, `${text}\n`).catch((cause: unknown) => {
    throw cannotWrite(file, cause);
  });
}
