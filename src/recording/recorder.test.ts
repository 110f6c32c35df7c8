import * as fc from 'fast-check';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import { decodeHistogram } from './histogram.ts';
import { sessions as measure, type SessionCounts } from './measure/sessions.ts';
import { Recorder } from './recorder.ts';
import { countsOf, mergeRecordings, mergeRepetitions, type Recording } from './recording.ts';
import type { Sample } from './sample.ts';

const START = 1_000_000;
const DURATION = 3_000_000;
const MIX = ['tools/call echo', 'tools/list'];

const recorder = (calls: readonly string[] = MIX): Recorder =>
  new Recorder({ calls, startUs: START, durationUs: DURATION });

const sample = (over: Partial<Sample>): Sample => ({
  call: 0,
  outcome: 'ok',
  detail: undefined,
  servedBy: undefined,
  dueUs: START,
  sentUs: START,
  doneUs: START,
  ...over,
});

/** Records samples, each of which fell due; closes at the end of the measured time. */
function record(samples: readonly Sample[], into: Recorder = recorder()): Recording {
  for (const one of samples) {
    into.due(one.call, one.dueUs);
    into.add(one);
  }
  return into.close({ endUs: START + DURATION });
}

describe('what a recorder counts', () => {
  it('knows which instance answered in which second, also over several workers', () => {
    const at = (second: number, servedBy: string): Sample =>
      sample({ servedBy, doneUs: START + second * 1_000_000 });
    const shards = [record([at(0, 'a'), at(1, 'b')]), record([at(0, 'a'), at(0, 'b')])];
    expect(mergeRecordings(shards).windows.map(({ instances }) => instances)).toEqual([
      { a: 2, b: 1 },
      { b: 1 },
      undefined,
    ]);
  });

  it('takes response time from the due time, service time and send lag from the sending', () => {
    const done = { dueUs: START + 100, sentUs: START + 350.4, doneUs: START + 1_350.4 };
    const { byCall, sendLag } = record([sample(done)]);
    expect(byCall[0]).toMatchObject({ responseTime: { maxUs: 1250 }, serviceTime: { maxUs: 1000 } });
    expect(sendLag.maxUs).toBe(250);
  });

  it('counts calls by the second in which they fell due, and what of their times the warm-up had not covered', () => {
    const into = new Recorder({ calls: MIX, startUs: START, warmupUs: 500_000, durationUs: DURATION });
    const { windows } = record(
      [
        sample({ dueUs: START + 1, sentUs: START + 1, doneUs: START + 2_000_001 }),
        sample({ dueUs: START + 2, sentUs: START + 2, doneUs: START + 100_002 }),
        sample({ dueUs: START + 1_000_000, doneUs: START + 2_000_000, outcome: 'timeout' }),
        sample({ dueUs: START + 1_000_001, doneUs: START + 1_000_002, outcome: 'refused' }),
      ],
      into,
    );
    expect(windows.map(({ byDue }) => byDue)).toEqual([
      { due: 2, answered: 2, timedOut: 0, beyondWarmupUs: 1_500_000, dropped: 0 },
      { due: 2, answered: 0, timedOut: 1, beyondWarmupUs: 0, dropped: 0 },
      { due: 0, answered: 0, timedOut: 0, beyondWarmupUs: 0, dropped: 0 },
    ]);
    const seconds = mergeRecordings([record([sample({})]), record([sample({})])]).windows;
    expect(seconds[0]!.byDue).toMatchObject({ due: 2, answered: 2 });
  });

  it('leaves calls that were due in the warm-up out of everything but the achieved throughput', () => {
    const before = { dueUs: START - 1, sentUs: START - 1, servedBy: 'a' };
    const recording = record([
      sample({ ...before, doneUs: START + 5 }),
      sample({ ...before, doneUs: START - 0.5 }),
    ]);
    expect(recording.answeredInTime).toBe(1);
    expect(recording).toMatchObject({ byInstance: [], sendLag: { count: 0 } });
    expect(recording.byCall.map((call) => [call.due, call.done])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(recording.windows.every((window) => window.ok === 0 && window.sent === 0)).toBe(true);
  });

  it.each<[string, Partial<Sample>, number]>([
    ['the first instant', { doneUs: START }, 1],
    ['the last instant', { doneUs: START + DURATION - 1 }, 1],
    ['the end itself', { doneUs: START + DURATION }, 0],
    ['an answer that says no', { doneUs: START + 1, outcome: 'rpc-error' }, 1],
    ['no answer', { doneUs: START + 1, outcome: 'timeout' }, 0],
  ])('counts as achieved: %s', (_, over, expected) => {
    expect(record([sample(over)]).answeredInTime).toBe(expected);
  });

  it('keeps the response times of successful calls apart, and counts their throughput', () => {
    const ended = (outcome: Outcome, us: number): Sample => sample({ outcome, doneUs: START + us });
    const { byCall, okInTime, answeredInTime } = record([
      ended('ok', 100),
      ended('ok', 300),
      ended('rpc-error', 7),
      ended('timeout', 2_000_000),
    ]);
    expect(byCall[0]).toMatchObject({
      okResponseTime: { count: 2, totalUs: 400, maxUs: 300 },
      responseTime: { count: 4, totalUs: 2_000_407, maxUs: 2_000_000 },
    });
    expect([okInTime, answeredInTime]).toEqual([2, 3]);
  });

  it.each<[Outcome, number, number, number]>([
    ['ok', 1, 1, 1],
    ['tool-error', 1, 1, 1],
    ['session-lost', 1, 1, 1],
    ['malformed', 1, 1, 1],
    ['timeout', 1, 1, 1],
    ['reset', 0, 0, 1],
    ['refused', 0, 0, 0],
    ['tls-error', 0, 0, 0],
    ['aborted', 0, 0, 0],
  ])('%s: response times %i, service times %i, send lags %i', (outcome, response, service, lag) => {
    const recording = record([sample({ outcome, doneUs: START + 10 })]);
    expect(recording.byCall[0]!.responseTime.count).toBe(response);
    expect(recording.byCall[0]!.serviceTime.count).toBe(service);
    expect(recording.sendLag.count).toBe(lag);
    expect(recording.outcomes[outcome]).toBe(1);
  });

  it('gives a call from a cache a response time, and neither service time nor send lag', () => {
    const given = sample({ cached: true, dueUs: START, sentUs: START + 400, doneUs: START + 400 });
    const { outcomes, byCall, sendLag, byInstance, answeredInTime } = record([given]);
    expect([outcomes.ok, answeredInTime, byInstance]).toEqual([1, 1, []]);
    expect(byCall[0]).toMatchObject({
      done: 1,
      ok: 1,
      okResponseTime: { maxUs: 400 },
      serviceTime: { count: 0 },
    });
    expect(sendLag.count).toBe(0);
  });

  it('gives no service time to a call that timed out waiting for a connection', () => {
    const recording = record([
      sample({ outcome: 'timeout', sentUs: START + 5_000_000, doneUs: START + 5_000_000 }),
    ]);
    expect(recording.byCall[0]!.responseTime.maxUs).toBe(5_000_000);
    expect(recording.byCall[0]!.serviceTime.count).toBe(0);
  });

  it('clamps a time that runs backwards to 0 and an endless one to an hour', () => {
    const recording = record([
      sample({ dueUs: START + 10, sentUs: START + 8, doneUs: START + 9 }),
      sample({ call: 1, doneUs: START + 9e9 }),
    ]);
    expect(recording.byCall[0]!.responseTime).toMatchObject({ count: 1, maxUs: 0, totalUs: 0 });
    expect(recording.byCall[1]!.responseTime).toMatchObject({ count: 1, maxUs: 3.6e9 });
  });

  it('counts a call that never ended as aborted, so that every call is accounted for', () => {
    const into = recorder();
    into.due(0, START);
    into.due(0, START);
    into.due(1, START);
    into.drop(1, START);
    into.add(sample({}));
    const recording = into.close({ endUs: START + DURATION });
    expect(recording.outcomes).toMatchObject({ ok: 1, aborted: 1 });
    expect(recording.byCall).toMatchObject([
      { due: 2, dropped: 0, done: 2, ok: 1 },
      { due: 1, dropped: 1, done: 0, ok: 0 },
    ]);
  });

  it('refuses to close over more ends than beginnings', () => {
    const into = recorder();
    into.add(sample({}));
    expect(() => into.close({ endUs: START })).toThrow('fell due');
  });

  it('takes entries of the mix with equal names for one kind of call', () => {
    const recording = record([sample({ call: 0 }), sample({ call: 1 })], recorder(['same', 'same']));
    expect(recording.byCall).toMatchObject([{ name: 'same', due: 2, done: 2, ok: 2 }]);
  });

  it.each([
    ['in the warm-up', START - 5, 0, 0],
    ['in the middle', START + 1_500_000, 1_500_000, 2],
    ['after the end', START + 9_000_000, DURATION, 3],
  ])('ends the measured time of a run interrupted %s', (_, endUs, measuredUs, windows) => {
    const recording = recorder().close({ endUs });
    expect(recording.measuredUs).toBe(measuredUs);
    expect(recording.windows).toHaveLength(windows);
  });

  it('keeps instances apart up to a bound and counts the rest together', () => {
    const recording = record(Array.from({ length: 300 }, (_, i) => sample({ servedBy: `i${i}` })));
    expect(recording.byInstance).toHaveLength(257);
    expect(recording.byInstance.find((instance) => instance.name === '(other)')?.calls).toBe(44);
    expect(recording.byInstance.reduce((sum, instance) => sum + instance.calls, 0)).toBe(300);
  });

  it('keeps the most frequent explanations and counts the rest together', () => {
    const recording = record([
      ...Array.from({ length: 700 }, (_, i) => sample({ outcome: 'rpc-error', detail: lettersOf(i) })),
      ...Array.from({ length: 3 }, () => sample({ outcome: 'rpc-error', detail: lettersOf(7) })),
    ]);
    expect(recording.details.length).toBeLessThanOrEqual(51);
    expect(recording.details).toContainEqual({ outcome: 'rpc-error', detail: lettersOf(7), count: 4 });
    expect(recording.details[0]).toMatchObject({ detail: '(other)' });
    expect(recording.details.reduce((sum, entry) => sum + entry.count, 0)).toBe(703);
  });

  it('counts an error whose text has an id in it as one kind, with an example', () => {
    const lost = (id: string) => sample({ outcome: 'rpc-error', detail: `-32001 Session ${id} not found` });
    const recording = record([
      ...Array.from({ length: 399 }, (_, i) => lost(`s${i + 1000}`)),
      lost('abc'),
      sample({ outcome: 'rpc-error', detail: '-32603 out of memory' }),
    ]);
    expect(recording.details).toEqual([
      {
        outcome: 'rpc-error',
        detail: '-32001 Session … not found',
        count: 400,
        example: '-32001 Session abc not found',
      },
      { outcome: 'rpc-error', detail: '-32603 out of memory', count: 1 },
    ]);
  });

  it('leaves an error as it was where all calls had the same', () => {
    const refused = { outcome: 'refused', detail: 'ECONNREFUSED 127.0.0.1:3000 after 5 ms' } as const;
    expect(record([sample(refused), sample(refused)]).details).toEqual([{ ...refused, count: 2 }]);
  });
});

/** A word without digits, a different one for every number. */
const lettersOf = (n: number): string => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

describe('one-second windows', () => {
  it('place the sending and the end of a call in their own seconds', () => {
    const { windows } = record([
      sample({ sentUs: START + 0.2e6, doneUs: START + 1.3e6 }),
      sample({ sentUs: START + 1.1e6, doneUs: START + 1.2e6, outcome: 'http-error' }),
      sample({ sentUs: START + 2.9e6, doneUs: START + 3.1e6 }),
    ]);
    expect(windows.map(({ sent, ok, errors }) => [sent, ok, errors])).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [1, 0, 0],
    ]);
  });

  it('are right whatever the order in which ends are reported', () => {
    const samples = Array.from({ length: 60 }, (_, i) => {
      const sentUs = START + i * 50_000;
      return sample({ dueUs: sentUs, sentUs, doneUs: sentUs + 7 * i });
    });
    const shuffled = fc.shuffledSubarray(samples, { minLength: samples.length });
    const inOrder = record(samples).windows;
    return fc.assert(
      fc.property(shuffled, (order) => {
        expect(record(order).windows).toEqual(inOrder);
      }),
    );
  });
});

const time = fc.double({ min: 0, max: 4e6, noNaN: true });
const anySample: fc.Arbitrary<Sample> = fc
  .record({
    call: fc.nat({ max: 1 }),
    outcome: fc.constantFrom(...OUTCOMES),
    detail: fc.constantFrom(undefined, 'a', 'b', 'id 1', 'id 2', 'id 3'),
    servedBy: fc.constantFrom(undefined, 'one', 'two', 'three'),
    dueUs: time,
    wait: fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), time),
    service: fc.oneof(fc.double({ min: 0, max: 5000, noNaN: true }), time),
  })
  .map(({ wait, service, ...rest }) => ({
    ...rest,
    sentUs: rest.dueUs + wait,
    doneUs: rest.dueUs + wait + service,
  }));

describe('merging', () => {
  const sessions: SessionCounts = {
    opened: 1,
    lost: 2,
    reinitialised: 3,
    failed: 4,
    handshakesBroken: 5,
    streamsOpened: 6,
    streamsRefused: 7,
    ownerHits: 8,
    ownerCalls: 9,
    callsOnOwner: 10,
    callsInSession: 11,
    streamsReopened: 12,
    streamsResumed: 13,
    serverRequests: 14,
    withoutId: 15,
  };

  it('shards of one stream gives what one recorder of all of it gives, bit for bit', () => {
    const shards = fc.integer({ min: 1, max: 5 });
    return fc.assert(
      fc.property(fc.array(anySample, { maxLength: 80 }), shards, (samples, n) => {
        const parts = Array.from({ length: n }, (_, k) => record(samples.filter((_, i) => i % n === k)));
        expect(mergeRecordings(parts)).toEqual(record(samples));
      }),
      { numRuns: 40 },
    );
  });

  it('repetitions adds up their measured times', () => {
    const merged = mergeRepetitions([record([sample({})]), record([sample({}), sample({})])]);
    expect(merged).toMatchObject({ measuredUs: 2 * DURATION, outcomes: { ok: 3 } });
    expect(merged.windows.map((window) => window.ok)).toEqual([3, 0, 0]);
  });

  it('adds up sessions, and knows none where there are none', () => {
    const close = (counts: SessionCounts | undefined): Recording => ({
      ...recorder().close({ endUs: START + DURATION }),
      measures: counts === undefined ? {} : { sessions: counts },
    });
    const merged = mergeRecordings([close(sessions), close(undefined), close(sessions)]);
    expect(countsOf(merged, measure)).toMatchObject({
      opened: 2,
      ownerCalls: 18,
      callsOnOwner: 20,
      callsInSession: 22,
    });
    expect(mergeRecordings([close(undefined), close(undefined)]).measures).toEqual({});
  });

  it('nothing is a mistake of the caller', () => {
    expect(() => mergeRecordings([])).toThrow(RangeError);
  });

  it('survives a thread border and a file', () => {
    const recording = record([
      sample({ servedBy: 'a', outcome: 'timeout', detail: 'x', doneUs: START + 2e6 }),
    ]);
    expect(structuredClone(recording)).toEqual(recording);
    expect(JSON.parse(JSON.stringify(recording))).toEqual(recording);
  });
});

describe('the tally of the hot path', () => {
  it('is the histogram of the library, bit for bit', () => {
    const values = fc.array(fc.oneof(fc.nat({ max: 5000 }), fc.integer({ min: 0, max: 3_600_000_000 })));
    return fc.assert(
      fc.property(values, (us) => {
        const library = build({
          bitBucketSize: 32,
          autoResize: false,
          lowestDiscernibleValue: 1,
          highestTrackableValue: 3_600_000_000,
          numberOfSignificantValueDigits: 3,
        });
        for (const value of us) library.recordValue(value);
        const samples = us.map((value) => sample({ doneUs: START + value }));
        const series = record(samples).byCall[0]!.responseTime;
        expect(series.histogram).toBe(encodeIntoCompressedBase64(library));
        expect(series).toMatchObject({
          count: us.length,
          totalUs: us.reduce((sum, value) => sum + value, 0),
          maxUs: us.reduce((max, value) => Math.max(max, value), 0),
        });
        expect(decodeHistogram(series.histogram).totalCount).toBe(us.length);
      }),
      { numRuns: 60 },
    );
  });
});
