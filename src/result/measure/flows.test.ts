import { describe, expect, it } from 'vitest';
import { FlowTally, flows as measure } from '../../recording/measure/flows.ts';
import { mergeRecordings, mergeRepetitions, type Recording } from '../../recording/recording.ts';
import type { Check } from '../document.ts';
import { Summary } from '../document.ts';
import { recordingOf, variantOf } from '../summary/result.case.ts';
import { summarise } from '../summary/summarise.ts';
import { check } from '../verdict/judge.ts';

const CALLS = [{ name: 'order / a' }, { name: 'order / b' }, { name: 'look / c' }];
const call = (index: number) => ({ kind: 'call', call: index, repeat: 1, save: {} }) as const;
const FLOWS = [
  { name: 'order', weight: 1, steps: [call(0), { kind: 'think', minUs: 1, maxUs: 1 }, call(1)] },
  { name: 'look', weight: 1, steps: [{ kind: 'parallel', steps: [call(2)] }] },
] as const;

function recordingWith(feed: (tally: FlowTally) => void): Recording {
  const tally = new FlowTally(FLOWS, CALLS);
  tally.begin(100);
  feed(tally);
  const recording = recordingOf([{ count: 100, responseUs: 1000 }]);
  return { ...recording, measures: { ...recording.measures, [measure.name]: tally.counts() } };
}

/** 200 orders, of which 2 failed and 1 is unfinished, and one look; and warm-up. */
const RECORDING = recordingWith((tally) => {
  tally.due(0, 99);
  tally.completed(0, 99, 9e6, 0);
  tally.failed(0, 0, 'timeout', 99);
  for (let order = 0; order < 200; order += 1) tally.due(0, 100);
  for (let order = 0; order < 197; order += 1) tally.completed(0, 100, 50_000, 20_000);
  tally.failed(0, 1, 'dropped', 100);
  tally.failed(0, 1, 'tool-error', 100);
  tally.due(1, 100);
  tally.completed(1, 100, 1000, 0);
});

describe('the figures of flows', () => {
  const { flows } = summarise(RECORDING);

  it('count the flows that were due in the measured time, each and all together', () => {
    expect(flows).toMatchObject({
      due: 201,
      completed: 198,
      failed: 2,
      unfinished: 1,
      errorRate: 0.01,
      responseTime: { count: 198, maxUs: 50_000 },
      busyTime: { count: 198, maxUs: 30_000 },
      byFlow: [
        { name: 'order', due: 200, completed: 197, failed: 2, unfinished: 1, errorRate: 2 / 199 },
        {
          name: 'look',
          due: 1,
          completed: 1,
          failed: 0,
          unfinished: 0,
          errorRate: 0,
          responseTime: { maxUs: 1000 },
        },
      ],
    });
  });

  it('name the calls that ended flows, in their order', () => {
    expect(flows!.byFlow[0]!.steps).toEqual([
      { name: 'order / a', failed: {} },
      { name: 'order / b', failed: { dropped: 1, 'tool-error': 1 } },
    ]);
  });

  it('add up over workers and repetitions', () => {
    for (const merge of [mergeRecordings, mergeRepetitions]) {
      const both = summarise(merge([RECORDING, RECORDING])).flows!;
      expect(both).toMatchObject({ due: 402, completed: 396, failed: 4, responseTime: { count: 396 } });
      expect(both.byFlow[0]!.steps[1]!.failed).toEqual({ dropped: 2, 'tool-error': 2 });
    }
  });

  it('are absent without flows, and stand in the document', () => {
    expect(summarise(recordingOf([])).flows).toBeUndefined();
    const summary = summarise(RECORDING);
    expect(Summary.parse(JSON.parse(JSON.stringify(summary))).flows).toEqual(summary.flows);
  });

  it('have no times and no rate where no flow ended', () => {
    const { flows: none } = summarise(recordingWith((tally) => tally.due(1, 100)));
    expect(none).toMatchObject({
      due: 1,
      unfinished: 1,
      errorRate: null,
      responseTime: null,
      busyTime: null,
    });
  });
});

describe('a threshold on flows', () => {
  const one = (threshold: string): Check => check([variantOf('v', [RECORDING])], [threshold])[0]!;

  it.each<[string, Check['status'], string]>([
    ['flow p(99) < 60ms', 'pass', '50 ms'],
    ['flow p(99){flow:order} < 40ms', 'fail', '50 ms'],
    ['flow_busy p(90){flow:order} < 40ms', 'pass', '30 ms'],
    ['flow max{flow:look} < 2ms', 'pass', '1 ms'],
    ['flow_error_rate < 2%', 'pass', '1 %'],
    ['flow_error_rate{flow:order} < 1%', 'fail', '1.01 %'],
    ['flow_error_rate{flow:look} == 0', 'pass', '0 %'],
    ['flow_p99 < 60ms', 'pass', '50 ms'],
  ])('%s: %s, %s', (threshold, status, measured) => {
    expect(one(threshold)).toMatchObject({ status, measured });
  });

  it.each([
    ['flow p(99){flow:orders} < 1s', 'no flow is named "orders"; there are "order", "look"'],
    ['flow p(99){flow:look} < 1s', '1 of the flows is too few for this percentile, it needs 100'],
  ])('is not judged: %s, %s', (threshold, why) => {
    expect(one(threshold)).toMatchObject({ status: 'inconclusive', why });
  });
});
