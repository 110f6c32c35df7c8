import { describe, expect, it } from 'vitest';
import type { Slowest } from '../../result/measure/slowest-figures.ts';
import { modelOf } from '../model.ts';
import { demo } from '../sample-document.case.ts';
import { slowestColumns, slowestNotes, type WithSlowest } from './slowest.ts';

const CALL: Slowest['calls'][number] = {
  call: 'tools/call echo',
  seq: 4,
  agent: 3,
  instance: null,
  outcome: 'ok',
  dueUs: 1_250_000,
  responseUs: 42_000,
  serviceUs: 40_000,
  sendLagUs: 2000,
  connectionWaitUs: 0,
  traceparent: null,
};

const TRACED = {
  ...CALL,
  repetition: 1,
  instance: '2',
  connectionWaitUs: 500,
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

const NOTHING_COMMON = { calls: [CALL], together: null, atInstance: null };

/** A variant of the demo with these calls, and with as many repetitions. */
function withCalls(slowest: Slowest, repetitions = 1): WithSlowest {
  const [one] = modelOf(demo()).measured;
  const some = one!.variant.repetitions.slice(0, repetitions);
  return { ...one!, slowest, variant: { ...one!.variant, repetitions: some } };
}

function row(call: Slowest['calls'][number], repetitions?: number): readonly string[] {
  const columns = slowestColumns(withCalls({ ...NOTHING_COMMON, calls: [call] }, repetitions));
  return columns.map((column) => `${column.head}: ${column.cell(call)}`);
}

const notes = (slowest: Slowest, repetitions?: number): readonly string[] =>
  slowestNotes(withCalls(slowest, repetitions));

describe('the table of the slowest calls', () => {
  it('has the columns that say something', () => {
    expect(row(CALL)).toEqual([
      'due at: 1.25',
      'response time: 42.0',
      'service time: 40.0',
      'send lag: 2.00',
      'call: tools/call echo',
      'agent: 3',
      'outcome: ok',
    ]);
    expect(row(TRACED, 2)).toEqual([
      'due at: 1.25',
      'repetition: 2',
      'response time: 42.0',
      'service time: 40.0',
      'send lag: 2.00',
      'wait for a connection: 0.50',
      'call: tools/call echo',
      'agent: 3',
      'instance: 2',
      'outcome: ok',
      'trace id: 4bf92f3577b34da6a3ce929d0e0e4736',
    ]);
  });

  it('says nothing in common that was not seen', () => {
    expect(notes(NOTHING_COMMON)).toEqual([]);
  });

  it('says what was seen', () => {
    const calls = Array.from({ length: 10 }, () => CALL);
    expect(
      notes(
        {
          calls,
          together: { repetition: 1, fromUs: 4.2e6, toUs: 4.9e6, calls: 8 },
          atInstance: { instance: '2', calls: 10 },
        },
        2,
      ),
    ).toEqual([
      '8 of the 10 fell due between 4.2 s and 4.9 s of repetition 2.',
      'All 10 were answered by instance 2.',
    ]);
    const burst = { fromUs: 4e6, toUs: 4e6, calls: 10 };
    expect(notes({ calls, together: burst, atInstance: null })).toEqual(['All 10 fell due at 4 s.']);
  });

  it('says what the time of a call is that was never answered', () => {
    const calls = [CALL, { ...CALL, outcome: 'timeout' as const }];
    expect(notes({ ...NOTHING_COMMON, calls })[0]).toMatch(/^1 call timed out: .* given up/);
  });
});
