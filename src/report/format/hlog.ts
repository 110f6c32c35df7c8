/**
 * @module Format `hlog`: an HdrHistogram log, version 1.3: a line for each repetition and series, in the order of time, in microseconds.
 * The tag is the variant and the series. Source of the format: the documentation of `HistogramLogReader`,
 * https://hdrhistogram.github.io/HdrHistogram/JavaDoc/org/HdrHistogram/HistogramLogReader.html.
 */
import { decodeHistogram } from '../../recording/histogram.ts';
import type { Repetition } from '../../result/document.ts';
import type { Model, Named } from '../model.ts';
import { plain } from '../wording.ts';
import { pieces, type Render, single } from './rendered.ts';
import { slugOf } from './slug.ts';

/** A repetition with the variant it is of. */
interface Trial {
  readonly named: Named;
  readonly repetition: Repetition;
  readonly startMs: number;
}

export const hlog: Render = async (model) => {
  const trials = trialsOf(model);
  const [first] = trials;
  if (first === undefined) return { files: [] };
  return single(
    'report.hlog',
    pieces(function* () {
      yield* headLines(model, first.startMs);
      for (const trial of trials) yield* intervalLines(trial, first.startMs);
    }),
  );
};

/** Those with calls, in the order in which they ran. */
function trialsOf({ variants }: Model): readonly Trial[] {
  return variants
    .flatMap((named) =>
      named.variant.repetitions
        .filter(({ calls }) => calls.due > 0)
        .map((repetition) => ({ named, repetition, startMs: Date.parse(repetition.startedAt) })),
    )
    .sort((a, b) => a.startMs - b.startMs);
}

function* headLines({ document, title, variants }: Model, startMs: number): Generator<string> {
  const { paceline, seed } = document;
  yield `#[Logged with Paceline ${plain(paceline)}: ${title}, seed ${seed}; values in microseconds]\n`;
  yield '#[Histogram log format version 1.3]\n';
  yield `#[StartTime: ${seconds(startMs)} (seconds since epoch), ${new Date(startMs).toISOString()}]\n`;
  for (const { name, place } of variants) yield `#[Tags ${slugOf(name, place)}.*: ${name}]\n`;
  yield '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n';
}

function* intervalLines({ named, repetition, startMs }: Trial, logStartMs: number): Generator<string> {
  const { name, place } = named;
  for (const [series, encoded] of Object.entries(repetition.histograms)) {
    const { maxValue, totalCount } = decodeHistogram(encoded);
    const max = totalCount === 0 ? 0 : maxValue;
    const fields = [seconds(startMs - logStartMs), seconds(lengthMs(repetition)), (max / 1000).toFixed(3)];
    yield `Tag=${slugOf(name, place)}.${tagText(series)},${fields.join(',')},${encoded}\n`;
  }
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** To the end of the last second in which a call was under way. */
function lengthMs({ windows }: Repetition): number {
  const last = windows.at(-1);
  return last === undefined ? 0 : last.atMs + (last.lengthMs ?? 1000);
}

/** Without what separates fields: `responseTime{tools/call_echo}`. */
const tagText = (series: string): string => plain(series).replace(/[\s,"]+/g, '_');
