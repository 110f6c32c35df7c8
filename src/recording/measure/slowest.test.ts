import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { traceContexts } from '../../protocol/trace.ts';
import type { Sample } from '../sample.ts';
import type { MeasuredLoad } from './measure.ts';
import { SLOWEST_KEPT, type SlowCall, SlowestTally, slowest, withoutAnsweredBy } from './slowest.ts';

const LOAD: MeasuredLoad = {
  era: 'stateless',
  seed: 7,
  calls: [{ name: 'tools/call echo' }, { name: 'tools/list' }],
};

/** A call that is due at `seq` ms and takes `responseUs`. */
const sample = (seq: number, responseUs: number, over: Partial<Sample> = {}): Sample => ({
  call: 0,
  seq,
  agent: seq % 3,
  outcome: 'ok',
  detail: undefined,
  servedBy: `instance ${seq % 2}`,
  dueUs: 1000 * seq,
  sentUs: 1000 * seq + 10,
  doneUs: 1000 * seq + responseUs,
  ...over,
});

function slowestIn(samples: readonly Sample[], load: MeasuredLoad = LOAD): readonly SlowCall[] {
  const tally = new SlowestTally(load);
  tally.begin(0);
  for (const one of samples) tally.add(one);
  return tally.counts().calls;
}

describe('the slowest calls', () => {
  it('are those of all, with their times, and with the trace context that was sent', () => {
    const times = Array.from({ length: 50 }, (_, seq) => sample(seq, 100 + ((seq * 37) % 50)));
    const found = slowestIn([
      ...times,
      sample(60, 900, { call: 1, connectionWaitUs: 4, outcome: 'tool-error' }),
    ]);
    expect(found.map(({ responseUs }) => responseUs)).toEqual([
      900, 149, 148, 147, 146, 145, 144, 143, 142, 141,
    ]);
    expect(found[0]).toEqual({
      call: 'tools/list',
      seq: 60,
      agent: 0,
      instance: 'instance 0',
      outcome: 'tool-error',
      dueUs: 60_000,
      responseUs: 900,
      serviceUs: 890,
      sendLagUs: 6,
      connectionWaitUs: 4,
      traceparent: traceContexts(7).of(60),
    });
  });

  it('count from the start of the measured time', () => {
    const tally = new SlowestTally(LOAD);
    tally.begin(5000);
    tally.add(sample(6, 10));
    expect(tally.counts().calls[0]!.dueUs).toBe(1000);
  });

  it.each(['refused', 'reset', 'aborted'] as const)(
    'are none that ended as %s, which has no response time',
    (outcome) => {
      expect(slowestIn([sample(1, 900, { outcome }), sample(2, 10)]).map(({ seq }) => seq)).toEqual([2]);
    },
  );

  it('have the time after which they were given up where they timed out, and no service time if they were never sent', () => {
    const timeout = { outcome: 'timeout', servedBy: undefined } as const;
    const [waited, sent] = slowestIn([
      sample(1, 5000, timeout),
      sample(2, 6000, { ...timeout, sentUs: 8000, doneUs: 8000, connectionWaitUs: 5990 }),
    ]);
    expect(waited).toMatchObject({
      seq: 2,
      responseUs: 6000,
      serviceUs: null,
      sendLagUs: 10,
      traceparent: null,
    });
    expect(sent).toMatchObject({ seq: 1, responseUs: 5000, serviceUs: 4990, instance: null });
    expect(sent!.traceparent).toBe(traceContexts(7).of(1));
  });

  it.each([
    ['an answer of a cache', LOAD, { cached: true }],
    ['a call in a session, which has none', { ...LOAD, era: 'sessions' }, {}],
    ['a load whose seed is not known', { era: 'stateless' }, {}],
  ] as const)('have no trace context of %s', (_, load, over) => {
    expect(slowestIn([sample(1, 50, over)], load)[0]!.traceparent).toBeNull();
  });

  it('of workers are those that one worker would have kept', () => {
    const times = fc.array(fc.record({ us: fc.integer({ min: 1, max: 60 }), worker: fc.nat(2) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(times, (all) => {
        // Distinct times: of equal ones, each worker keeps those that it saw first.
        const samples = all.map(({ us, worker }, seq) => ({ worker, sample: sample(seq, us * 100 + seq) }));
        const workers = [0, 1, 2].map((one) =>
          slowestIn(samples.filter(({ worker }) => worker === one).map((it) => it.sample)),
        );
        const { calls } = slowest.merge(workers.map((of) => ({ calls: of })));
        expect(calls).toEqual(slowestIn(samples.map((one) => one.sample)));
        expect(calls.length).toBe(Math.min(SLOWEST_KEPT, all.length));
      }),
    );
  });

  it('of repetitions say of which, once', () => {
    const [a, b, c] = [100, 300, 200].map((us) => ({ calls: slowestIn([sample(1, us)]) }));
    const both = slowest.mergeRepetitions!([a!, b!]);
    expect(both.calls.map(({ repetition, responseUs }) => [repetition, responseUs])).toEqual([
      [1, 300],
      [0, 100],
    ]);
    const three = slowest.mergeRepetitions!([both, c!]).calls;
    expect(three.map(({ repetition }) => repetition)).toEqual([1, 1, 0]);
  });

  it('are of no instance where names are not those of instances', () => {
    expect(withoutAnsweredBy({ calls: slowestIn([sample(1, 50)]) }).calls[0]!.instance).toBeNull();
  });
});
