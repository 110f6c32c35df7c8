import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Histogram, HistogramLogReader } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { fileOf, HDR_HISTOGRAM } from '../../../test/programs.ts';
import type { ResultDocument } from '../../result/document.ts';
import { scratch } from '../../units/scratch.case.ts';
import { modelOf } from '../model.ts';
import { demo, hostile, interrupted, zeroCalls } from '../sample-document.case.ts';
import { hlog } from './hlog.ts';
import { whole } from './rendered.ts';

const logOf = async (document: ResultDocument): Promise<string> =>
  String(whole((await hlog(modelOf(document))).files[0]!.content));

/** Every interval of a log, as the port of HdrHistogram to JavaScript reads it. */
function intervalsOf(log: string): readonly Histogram[] {
  const reader = new HistogramLogReader(log);
  const intervals: Histogram[] = [];
  for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
    intervals.push(next as Histogram);
  }
  return intervals;
}

describe('an HdrHistogram log', () => {
  it('has the lines of version 1.3', async () => {
    const lines = (await logOf(demo())).split('\n');
    expect(lines[0]).toMatch(/^#\[Logged with Paceline .*seed \d+; values in microseconds\]$/);
    expect(lines[1]).toBe('#[Histogram log format version 1.3]');
    expect(lines[2]).toMatch(/^#\[StartTime: \d+\.\d{3} \(seconds since epoch\), 2026-.*Z\]$/);
    expect(lines).toContain('#[Tags 02-sessions-sticky.*: sessions, sticky]');
    expect(lines).toContain(
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    );
    const interval = /^Tag=[^\s,]+,\d+\.\d{3},\d+\.\d{3},\d+\.\d{3},HISTF[A-Za-z0-9+/=]+$/;
    for (const line of lines.filter((one) => one.startsWith('Tag='))) expect(line).toMatch(interval);
  });

  it.each(Object.entries({ demo, hostile, interrupted }))(
    'of "%s" has each repetition and series, in the order of time',
    async (_, make) => {
      const document = make();
      const intervals = intervalsOf(await logOf(document));
      const expected = document.variants.flatMap(({ repetitions }) =>
        repetitions
          .filter(({ calls }) => calls.due > 0)
          .flatMap(({ histograms, responseTime }) =>
            Object.keys(histograms).map((series) => [series, responseTime] as const),
          ),
      );
      expect(intervals).toHaveLength(expected.length);
      const starts = intervals.map(({ startTimeStampMsec }) => startTimeStampMsec);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      const times = intervals.filter(({ tag }) => tag.endsWith('.responseTime'));
      const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
      expect(sum(times.map(({ totalCount }) => totalCount))).toBe(
        sum(expected.filter(([series]) => series === 'responseTime').map(([, { count }]) => count)),
      );
    },
  );

  it('keeps the percentiles', async () => {
    const document = demo();
    const [first] = document.variants[1]!.repetitions;
    const start = Date.parse(first!.startedAt);
    const own = intervalsOf(await logOf(document)).find(
      ({ tag, startTimeStampMsec }) =>
        tag === '02-sessions-sticky.responseTime' && Math.abs(startTimeStampMsec - start) < 1,
    )!;
    expect(own.getValueAtPercentile(99)).toBe(first!.responseTime.p99Us);
  });

  it('is none of a run without calls', async () => {
    expect((await hlog(modelOf(zeroCalls()))).files).toEqual([]);
  });

  it('is read by the official tool', { tags: ['java'] }, async () => {
    const document = demo();
    const file = join(scratch(), 'report.hlog');
    writeFileSync(file, await logOf(document));
    const processed = (...args: readonly string[]): string =>
      execFileSync(
        fileOf('java')!,
        ['-cp', HDR_HISTOGRAM, 'org.HdrHistogram.HistogramLogProcessor', '-i', file, ...args],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      );
    const tags = processed('-listtags');
    expect(tags).toContain('02-sessions-sticky.responseTime');
    const table = processed('-tag', '02-sessions-sticky.responseTime', '-outputValueUnitRatio', '1');
    const calls = document.variants[1]!.summary!.responseTime.count;
    expect(table).toMatch(new RegExp(`#\\[Max .*Total count\\s*=\\s*${calls}\\]`));
  });
});
