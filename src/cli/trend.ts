/** @module `paceline trend DIR`: one metric over many results, with its change points. It judges nothing. */
import { join } from 'node:path';
import { trendPage } from '../report/trend/page.ts';
import { trendText } from '../report/trend/text.ts';
import { metricNamed } from '../result/regression/headline-path.ts';
import { trendOf } from '../result/trend/trend-of.ts';
import { systemClock } from '../units/clock.ts';
import { UserError } from '../units/user-error.ts';
import { EXIT } from './exit.ts';
import { makeFolder } from './folder.ts';
import { historyIn } from './history-in.ts';
import { replaceFile } from './replace-file.ts';
import { openTerminal } from './terminal.ts';

export interface TrendOptions {
  readonly metric?: string;
  readonly json: boolean;
  readonly out?: string;
}

/** Prints the trend of all results below `folder`, and writes its page into `--out`; resolves with the exit code. */
export async function trendCommand(folder: string, { metric, json, out }: TrendOptions): Promise<number> {
  const terminal = openTerminal({ quiet: false, data: json });
  const asked = metric === undefined ? undefined : metricNamed('--metric', metric);
  const files = await historyIn(folder);
  const document = trendOf(files, { label: folder, metric: asked, createdAt: systemClock.date() });
  if (document.series.length === 0) {
    throw new UserError({
      where: folder,
      what: 'no result has a value of the metric, or all were measured with a generator that was the bottleneck',
      expected: 'results of runs in which calls ended ok',
    });
  }
  const data = `${JSON.stringify(document, null, 2)}\n`;
  await terminal.print(json ? data : trendText(document));
  if (out === undefined) return EXIT.pass;
  await makeFolder(out);
  const written = { 'trend.html': await trendPage(document), 'trend.json': data };
  for (const [name, content] of Object.entries(written)) {
    replaceFile(join(out, name), content);
    terminal.tell(`written: ${join(out, name)}`);
  }
  return EXIT.pass;
}
