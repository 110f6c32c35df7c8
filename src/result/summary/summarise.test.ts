import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../protocol/outcome.ts';
import { emptySeries } from '../../recording/histogram.ts';
import { Recorder } from '../../recording/recorder.ts';
import { type Recording, withInstances } from '../../recording/recording.ts';
import { Summary } from '../document.ts';
import { balanceOf, isUneven } from '../measure/balance.ts';
import { recordingOf } from './result.case.ts';
import { summarise, summariseRepetitions } from './summarise.ts';

describe('a summary', () => {
  it('reads percentiles, mean and maximum of a known distribution', () => {
    const recorder = new Recorder({ calls: ['tools/list'], startUs: 0, durationUs: 1e6 });
    for (let us = 1; us <= 1000; us += 1) {
      recorder.due(0, 0);
      const sample = { call: 0, detail: undefined, servedBy: undefined, dueUs: 0, sentUs: 0, doneUs: us };
      recorder.add({ ...sample, outcome: 'ok' });
    }
    const { responseTime } = summarise(recorder.close({ endUs: 1e6 }));
    // Below 2048 us every microsecond has its own bucket, so these are exact nearest ranks.
    expect(responseTime).toEqual({
      count: 1000,
      meanUs: 501,
      p50Us: 500,
      p90Us: 900,
      p95Us: 950,
      p99Us: 990,
      p999Us: 999,
      maxUs: 1000,
    });
  });

  it('never reads a percentile above the largest time', () => {
    const { responseTime } = summarise(recordingOf([{ count: 5, responseUs: 123_457 }]));
    expect(responseTime).toMatchObject({ meanUs: 123_457, p50Us: 123_457, p999Us: 123_457, maxUs: 123_457 });
  });

  it('takes the percentiles of all calls from their merged histograms', () => {
    const summary = summarise(
      recordingOf([
        { count: 90, responseUs: 1000 },
        { count: 10, responseUs: 2000, call: 1 },
      ]),
    );
    expect(summary.responseTime).toMatchObject({ count: 100, p90Us: 1000, p95Us: 2000, meanUs: 1100 });
    expect(summary.byCall['tools/list']).toMatchObject({ calls: 10, ok: 10, responseTime: { p50Us: 2000 } });
  });

  it('leaves out outcomes that did not occur, except ok', () => {
    const summary = summarise(
      recordingOf([{ count: 2, responseUs: 5, outcome: 'forbidden', detail: '403' }], 1),
    );
    expect(summary.calls).toEqual({
      due: 3,
      sent: 2,
      dropped: 1,
      done: 2,
      ok: 0,
      errorRate: 1,
      outcomes: { ok: 0, forbidden: 2 },
      details: [{ outcome: 'forbidden', detail: '403', count: 2, share: 2 / 3 }],
      errors: 3,
      lostShare: 0,
      failed: 2,
      failedShare: 2 / 3,
      shares: { forbidden: 2 / 3, dropped: 1 / 3 },
    });
  });

  it('counts the calls that Paceline ended itself in no error rate, also per kind of call', () => {
    const recording = recordingOf([
      { count: 90, responseUs: 10 },
      { count: 10, responseUs: 10, outcome: 'rpc-error' },
      { count: 60, responseUs: 10, outcome: 'aborted' },
      { count: 40, responseUs: 10, outcome: 'aborted', call: 1 },
    ]);
    const { calls, byCall } = summarise(recording);
    expect(calls).toMatchObject({ due: 200, sent: 200, done: 200, errors: 10, errorRate: 0.1, failed: 10 });
    expect(byCall['tools/call echo']).toMatchObject({ calls: 160, aborted: 60, errorRate: 0.1 });
    expect(byCall['tools/list']).toMatchObject({ calls: 40, aborted: 40, errorRate: null });
  });

  it('of a trial in which nothing happened is all zeros and nulls, and a valid document', () => {
    const recorder = new Recorder({ calls: ['tools/list'], startUs: 0, durationUs: 1e6 });
    const summary = summarise(recorder.close({ endUs: -1 }));
    expect(Summary.parse(summary)).toMatchObject({
      rate: { offeredPerSecond: 0, achievedPerSecond: 0, goodputPerSecond: 0 },
      responseTime: { count: 0, maxUs: 0, p99Us: 0 },
      balance: { jain: null, maxOverMean: null, uneven: false },
      sessions: null,
      windows: [],
    });
  });

  it('of repetitions adds up counts and keeps rates', () => {
    const one = recordingOf([{ count: 100, responseUs: 10 }]);
    const summary = summariseRepetitions([one, recordingOf([{ count: 200, responseUs: 30 }])]);
    expect(summary.calls.due).toBe(300);
    expect(summary.rate).toEqual({ offeredPerSecond: 150, achievedPerSecond: 150, goodputPerSecond: 150 });
    expect(summary.responseTime).toMatchObject({ p50Us: 30, meanUs: 23 });
    const byDue = { due: 300, answered: 300, timedOut: 0, beyondWarmupUs: 7000, dropped: 0 };
    const arrived = { answered: 300, ok: 300 };
    expect(summary.windows).toEqual([
      { atMs: 0, sent: 300, ok: 300, errors: 0, p50Us: 30, p99Us: 30, lengthMs: 1000, byDue, arrived },
    ]);
  });

  it('knows the share of calls that reached their session, and when it cannot', () => {
    const close = (ownerHits: number, ownerCalls: number): Summary['sessions'] => {
      const rest = {
        lost: 0,
        reinitialised: 0,
        failed: 0,
        handshakesBroken: 0,
        streamsOpened: 0,
        streamsRefused: 0,
      };
      const sessions = { opened: 4, ownerHits, ownerCalls, callsOnOwner: 0, callsInSession: 0, ...rest };
      const recorder = new Recorder({ calls: [], startUs: 0, durationUs: 1 });
      return summarise({ ...recorder.close({ endUs: 1 }), measures: { sessions } }).sessions;
    };
    expect(close(1, 4)?.ownerHitRate).toBe(0.25);
    expect(close(0, 0)?.ownerHitRate).toBeNull();
  });
});

describe('the initialize tax', () => {
  const COUNTS = {
    opened: 5,
    lost: 1,
    reinitialised: 1,
    failed: 0,
    handshakesBroken: 0,
    streamsOpened: 0,
    streamsRefused: 0,
    ownerHits: 0,
    ownerCalls: 0,
    callsOnOwner: 0,
    callsInSession: 0,
  };

  /** Eight calls of 10 ms each, and what handshakes they took. */
  const recorded = (requests: number, timeUs: number, waitedUs: number): Recording => {
    const recorder = new Recorder({ calls: ['tools/list'], startUs: 0, durationUs: 1e6 });
    for (let dueUs = 0; dueUs < 8; dueUs += 1) {
      recorder.due(0, dueUs);
      const times = { dueUs, sentUs: dueUs, doneUs: dueUs + 10_000 };
      recorder.add({ call: 0, outcome: 'ok', detail: undefined, servedBy: undefined, ...times });
    }
    const before = { requests: 64, timeUs: 500_000 };
    const opened = { opened: requests / 2, broken: requests / 2 };
    const handshakes = { requests, timeUs, ...opened, waitedUs, before, reopen: emptySeries() };
    return { ...recorder.close({ endUs: 1e6 }), measures: { sessions: { ...COUNTS, handshakes } } };
  };

  it('is the handshakes of measured calls over these and the calls, without those before the load', () => {
    expect(summarise(recorded(2, 20_000, 0)).sessions?.handshakes).toMatchObject({
      requests: 2,
      timeUs: 20_000,
      opened: 1,
      broken: 1,
      before: { requests: 64, timeUs: 500_000 },
      shareOfRequests: 2 / (2 + 8),
      shareOfTime: 20_000 / (20_000 + 80_000),
    });
  });

  it('does not count the time of a handshake again where a call waited for it', () => {
    // Of the 80 ms of the calls 20 ms were the handshake: 20 of 80 and not 20 of 100.
    expect(summarise(recorded(2, 20_000, 20_000)).sessions?.handshakes?.shareOfTime).toBe(0.25);
  });

  it('is nothing where all sessions were opened before', () => {
    expect(summarise(recorded(0, 0, 0)).sessions?.handshakes).toMatchObject({
      before: { requests: 64 },
      shareOfRequests: 0,
      shareOfTime: 0,
    });
  });

  it('of repetitions is that of all of them together', () => {
    const both = summariseRepetitions([recorded(2, 20_000, 20_000), recorded(0, 0, 0)]);
    expect(both.sessions?.handshakes).toMatchObject({
      requests: 2,
      timeUs: 20_000,
      opened: 1,
      broken: 1,
      before: { requests: 128, timeUs: 1_000_000 },
      shareOfRequests: 2 / (2 + 16),
      shareOfTime: 20_000 / (20_000 + 160_000 - 20_000),
    });
  });
});

describe('the accounts of a summary', () => {
  const event = fc.record({
    call: fc.nat({ max: 1 }),
    outcome: fc.constantFrom(...OUTCOMES),
    fate: fc.constantFrom('ended', 'ended', 'ended', 'dropped', 'left open'),
    servedBy: fc.constantFrom(undefined, 'a', 'b'),
    dueUs: fc.integer({ min: -1_000_000, max: 2_000_000 }),
    lagUs: fc.nat({ max: 1000 }),
    serviceUs: fc.nat({ max: 3_000_000 }),
  });

  it('hold whatever happens: due = sent + dropped, sent = done = the sum of outcomes', () => {
    const events = fc.array(event, { maxLength: 60 });
    return fc.assert(
      fc.property(events, fc.integer({ min: -10, max: 3_000_000 }), (list, endUs) => {
        const recorder = new Recorder({
          calls: ['tools/call echo', 'tools/list'],
          startUs: 0,
          durationUs: 2e6,
        });
        for (const { call, outcome, fate, servedBy, dueUs, lagUs, serviceUs } of list) {
          recorder.due(call, dueUs);
          const sentUs = dueUs + lagUs;
          if (fate === 'dropped') recorder.drop(call, dueUs);
          const sample = {
            call,
            outcome,
            servedBy,
            detail: undefined,
            dueUs,
            sentUs,
            doneUs: sentUs + serviceUs,
          };
          if (fate === 'ended') recorder.add(sample);
        }
        const summary = Summary.parse(summarise(recorder.close({ endUs })));
        const { calls, byCall, windows } = summary;
        expect(calls.due).toBe(list.filter(({ dueUs }) => dueUs >= 0).length);
        expect(calls.due).toBe(calls.sent + calls.dropped);
        expect(calls.done).toBe(calls.sent);
        expect(Object.values(calls.outcomes).reduce((sum, count) => sum + count, 0)).toBe(calls.sent);
        expect(Object.values(byCall).reduce((sum, entry) => sum + entry.calls, 0)).toBe(calls.sent);
        const judged = calls.due - (calls.outcomes.aborted ?? 0);
        expect(calls.errorRate).toBeCloseTo(judged === 0 ? 0 : 1 - calls.ok / judged, 12);
        expect(windows.reduce((sum, window) => sum + window.ok, 0)).toBeLessThanOrEqual(calls.ok);
      }),
    );
  });
});

describe('balance', () => {
  it.each<[readonly number[], number | null, number | null]>([
    [[], null, null],
    [[0, 0], null, null],
    [[7], 1, 1],
    [[5, 5, 5, 5], 1, 1],
    [[12, 0, 0], 1 / 3, 3],
    [[3, 1], 0.8, 1.5],
  ])('of %j: Jain %f, max over mean %f', (calls, jain, maxOverMean) => {
    expect(balanceOf(calls)).toEqual({ jain, maxOverMean });
  });

  it.each<[readonly number[], boolean]>([
    [[7, 3], false],
    [[70, 30], true],
    [[700, 300], true],
    [[1, 0, 0, 0, 0, 0], false],
    [[2, 3, 0, 1, 4, 2], false],
    [[200, 300, 0, 100, 400, 200], true],
    [[10, 0], true],
    [[5000, 5100], false],
    [[7], false],
    [[], false],
  ])('of %j is uneven by more than chance: %s', (calls, uneven) => {
    expect(isUneven(calls)).toBe(uneven);
  });

  it('counts an instance that answered nothing, once it is known', () => {
    const recording = recordingOf([
      { count: 5, responseUs: 9, servedBy: 'b' },
      { count: 5, responseUs: 9, servedBy: 'c' },
    ]);
    expect(summarise(recording).balance).toEqual({ jain: 1, maxOverMean: 1, uneven: false });
    const { byInstance, balance: known } = summarise(withInstances(recording, ['a', 'b', 'c', 'd']));
    expect(Object.entries(byInstance).map(([name, { calls }]) => [name, calls])).toEqual([
      ['a', 0],
      ['b', 5],
      ['c', 5],
      ['d', 0],
    ]);
    expect(known).toMatchObject({ jain: 0.5, maxOverMean: 2 });
  });

  it('stays between one instance having all and all having the same', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 20 });
    return fc.assert(
      fc.property(counts, (calls) => {
        const { jain, maxOverMean } = balanceOf(calls);
        expect(jain).toBeGreaterThanOrEqual(1 / calls.length - 1e-9);
        expect(jain).toBeLessThanOrEqual(1 + 1e-9);
        expect(maxOverMean).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(maxOverMean).toBeLessThanOrEqual(calls.length + 1e-9);
      }),
    );
  });
});
