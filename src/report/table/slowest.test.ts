import { describe, expect, it } from 'vitest';
import type { Slowest } from '../../result/measure/slowest-figures.ts';
import { slowestColumns, slowestNotes } from './slowest.ts';

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

const row = (call: Slowest['calls'][number]): readonly string[] =>
  slowestColumns([call]).map((column) => `${column.head}: ${column.cell(call)}`);

const NOTHING_COMMON = { calls: [CALL], together: null, atInstance: null };

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
    expect(row(TRACED)).toEqual([
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
    expect(slowestNotes(NOTHING_COMMON)).toEqual([]);
  });

  it('says what was seen', () => {
    const calls = Array.from({ length: 10 }, () => CALL);
    expect(
      slowestNotes({
        calls,
        together: { repetition: 1, fromUs: 4.2e6, toUs: 4.9e6, calls: 8 },
        atInstance: { instance: '2', calls: 10 },
      }),
    ).toEqual([
      '8 of the 10 fell due between 4.2 s and 4.9 s of repetition 2.',
      'All 10 were answered by instance 2.',
    ]);
    const burst = { fromUs: 4e6, toUs: 4e6, calls: 10 };
    expect(slowestNotes({ calls, together: burst, atInstance: null })).toEqual(['All 10 fell due at 4 s.']);
  });

  it('says what the time of a call is that was never answered', () => {
    const calls = [CALL, { ...CALL, outcome: 'timeout' as const }];
    expect(slowestNotes({ ...NOTHING_COMMON, calls })[0]).toMatch(/^1 call timed out: .* given up/);
  });
});
