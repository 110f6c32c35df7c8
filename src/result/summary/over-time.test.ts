import { describe, expect, it } from 'vitest';
import { Recorder } from '../../recording/recorder.ts';
import type { Recording } from '../../recording/recording.ts';
import { overTime } from './over-time.ts';
import { summarise, timelineOf } from './summarise.ts';

/** `calls` of each second that end in its middle after so many microseconds. */
function recordingOf(
  seconds: readonly { readonly calls: number; readonly us: number }[],
  durationUs: number,
): Recording {
  const recorder = new Recorder({ calls: ['tools/list'], startUs: 0, durationUs });
  for (const [second, { calls, us }] of seconds.entries()) {
    for (let n = 0; n < calls; n += 1) {
      const doneUs = second * 1e6 + 500_000;
      const times = { dueUs: Math.max(0, doneUs - us), sentUs: Math.max(0, doneUs - us), doneUs };
      recorder.due(0, times.dueUs);
      recorder.add({ call: 0, outcome: 'ok', detail: undefined, servedBy: undefined, ...times });
    }
  }
  return recorder.close({ endUs: durationUs });
}

describe('response times over time', () => {
  it('are read second by second from all repetitions together, the last one as long as it was', () => {
    const spans = overTime([
      recordingOf(
        [
          { calls: 60, us: 128 },
          { calls: 10, us: 64 },
          { calls: 1, us: 32 },
        ],
        2.6e6,
      ),
      recordingOf(
        [
          { calls: 60, us: 128 },
          { calls: 10, us: 64 },
        ],
        2.6e6,
      ),
    ]);
    expect(spans).toEqual([
      { atMs: 0, lengthMs: 1000, calls: 120, p50Us: 128, p95Us: 128, p99Us: 128 },
      { atMs: 1000, lengthMs: 1000, calls: 20, p50Us: 64, p95Us: 64, p99Us: null },
      { atMs: 2000, lengthMs: 600, calls: 1, p50Us: null, p95Us: null, p99Us: null },
    ]);
  });

  it('of a long run are read from several seconds at a time, never averaged', () => {
    const seconds = Array.from({ length: 300 }, (_, second) => ({
      calls: 1,
      us: second % 3 === 0 ? 100 : 10,
    }));
    const spans = overTime([recordingOf(seconds, 300e6)]);
    expect(spans).toHaveLength(100);
    expect(
      spans.every(({ calls, p50Us, lengthMs }) => calls === 3 && p50Us === 10 && lengthMs === 3000),
    ).toBe(true);
    expect(spans.map(({ atMs }) => atMs).slice(0, 3)).toEqual([0, 3000, 6000]);
  });

  it('are none where nothing was measured', () => {
    expect(overTime([])).toEqual([]);
  });
});

describe('a second that is cut short by the end', () => {
  it('is no rate', () => {
    const { windows } = summarise(
      recordingOf(
        [
          { calls: 10, us: 5 },
          { calls: 12, us: 5 },
          { calls: 1, us: 5 },
        ],
        2.5e6,
      ),
    );
    expect(windows.map(({ lengthMs }) => lengthMs)).toEqual([1000, 1000, 500]);
    expect(timelineOf(windows)).toEqual({
      seconds: 2,
      okPerSecond: { lowest: 10, mean: 11, highest: 12 },
      errors: 0,
    });
  });

  it('is no rate where the whole run is shorter than a second', () => {
    const { windows } = summarise(recordingOf([{ calls: 10, us: 5 }], 0.6e6));
    expect(timelineOf(windows)).toEqual({ seconds: 0, okPerSecond: null, errors: 0 });
  });
});
