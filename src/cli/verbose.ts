/** @module The output added by `--verbose`: the plan before the first trial, and after each trial the generator's health, the outcomes of the calls and the calls per instance. */
import { trialFolder } from '../experiment/kept-folder.ts';
import type { Trial } from '../experiment/plan/plan.ts';
import { columns } from '../report/format/columns.ts';
import { count, percent, plain, plural } from '../report/wording.ts';
import type { Repetition } from '../result/document.ts';
import { formatMicros } from '../units/time.ts';

export { planLines } from './plan.ts';

/** Detailed results of a trial, as lines; `keep` is the folder given with `--keep`. */
export function trialLines(
  trial: Trial,
  repetition: Repetition,
  keep: string | undefined,
): readonly string[] {
  const { calls, byCall, byInstance, generator, sendLag } = repetition;
  const { driver, workers, cpu, gc, eventLoopDelayP99Us } = generator;
  const rows = [
    [
      'generator',
      `${driver}, ${plural(workers, 'worker')}, CPU ${percent(cpu)} %, garbage collection ${percent(gc)} %`,
    ],
    [
      '',
      `send lag p50 ${formatMicros(sendLag.p50Us)}, p99 ${formatMicros(sendLag.p99Us)}, event loop delay p99 ${formatMicros(eventLoopDelayP99Us)}`,
    ],
    ['outcomes', pairs(calls.outcomes)],
    ...calls.details.map(({ outcome, detail, count: times }) => [
      '',
      `${count(times)} x ${outcome}: ${plain(detail)}`,
    ]),
    ...Object.entries(byCall).map(([name, { calls: made, responseTime }], at) => [
      at === 0 ? 'calls' : '',
      `${plain(name)}: ${count(made)}, p50 ${formatMicros(responseTime.p50Us)}, p99 ${formatMicros(responseTime.p99Us)}`,
    ]),
    [
      'instances',
      pairs(
        Object.fromEntries(
          Object.entries(byInstance).map(([name, { calls: answered }]) => [plain(name), answered]),
        ),
      ),
    ],
    ...(keep === undefined ? [] : [['kept', trialFolder(keep, trial)]]),
  ];
  return columns(rows, [1]).map((line) => `  ${line}`);
}

/** `ok 1,200, timeout 3`. */
function pairs(counts: Readonly<Record<string, number | undefined>>): string {
  const entries = Object.entries(counts).map(([name, calls = 0]) => `${name} ${count(calls)}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}
