/** @module Proves what the table of sessions says of handshakes. */
import { describe, expect, it } from 'vitest';
import { sessions as quantity, type Sessions } from '../../../result/measure/sessions.ts';
import { type Measured, modelOf } from '../../model.ts';
import { demo } from '../../sample-document.case.ts';
import { errorTable, quantityTable } from './results.ts';

type Handshakes = NonNullable<Sessions['handshakes']>;

const NONE = { count: 0, meanUs: 0, p50Us: 0, p90Us: 0, p95Us: 0, p99Us: 0, p999Us: 0, maxUs: 0 };
const HANDSHAKES: Handshakes = {
  requests: 20,
  timeUs: 30_000,
  before: { requests: 128, timeUs: 1_000_000 },
  shareOfRequests: 0.25,
  shareOfTime: 0.125,
  reopenTime: { ...NONE, count: 10, p50Us: 3000, p99Us: 7000 },
};

const [ONE] = modelOf(demo()).measured.filter(({ summary }) => summary.sessions !== null);

/** The text of the table for one variant with these handshakes. */
function textWith(handshakes: Handshakes | undefined): string {
  const { handshakes: _, ...counts } = ONE!.summary.sessions!;
  const sessions = { ...counts, ...(handshakes && { handshakes }) };
  const one: Measured = { ...ONE!, summary: { ...ONE!.summary, sessions } };
  return quantityTable(quantity, [one])
    .markup.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

describe('the table of sessions', () => {
  it('shows the initialize tax of the measured calls, and says so', () => {
    const text = textWith(HANDSHAKES);
    expect(text).toContain('3.00 7.00 25.0 12.5');
    expect(text).toContain('none from before the load or from the warm-up');
  });

  it('says of an older result that the handshakes before the load are in it', () => {
    const { before: _, ...older } = HANDSHAKES;
    expect(textWith(older)).toContain('those before the load included');
  });

  it('gives no time where no session was re-opened', () => {
    expect(textWith({ ...HANDSHAKES, reopenTime: NONE })).toContain('– – 25.0 12.5');
  });

  it('is left out where nothing is known of handshakes', () => {
    expect(textWith(undefined)).toBe('');
  });
});

describe('the table of errors', () => {
  const textOf = (details: Measured['summary']['calls']['details']): string => {
    const calls = { ...ONE!.summary.calls, details };
    return errorTable([{ ...ONE!, summary: { ...ONE!.summary, calls } }])
      .markup.replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');
  };
  const lost = {
    outcome: 'session-lost',
    detail: '-32001 Session … not found',
    count: 400,
    share: 0.1,
  } as const;

  it('has each kind once, with its count and an example', () => {
    const text = textOf([{ ...lost, example: '-32001 Session abc not found' }]);
    expect(text).toContain('error for example');
    expect(text).toContain('400 10.0 -32001 Session … not found -32001 Session abc not found');
  });

  it('has no example where all calls had the same text', () => {
    expect(textOf([lost])).not.toContain('for example');
  });
});
