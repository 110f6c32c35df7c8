import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES, type Outcome } from '../protocol/outcome.ts';
import { mergeSentLogs, SENT, type SentLog, SentLogWriter } from './sent-log.ts';

const ended = fc.record({
  seq: fc.nat(20_000),
  outcome: fc.constantFrom(...OUTCOMES),
  instance: fc.constantFrom(undefined, 'a', 'b', 'c'),
});
type Ended = Readonly<{ seq: number; outcome: Outcome; instance: string | undefined }>;

function logOf(calls: readonly Ended[]): SentLog {
  const writer = new SentLogWriter();
  for (const { seq, outcome, instance } of calls) writer.ended(seq, outcome, instance);
  return writer.log();
}

/** What a log says of a call, by the names of instances. */
const entryOf = ({ outcomes, instances, names }: SentLog, seq: number): unknown => [
  outcomes[seq] ?? SENT.none,
  names[(instances[seq] ?? 0) - 1],
];

describe('the log of what was sent', () => {
  it.each([
    ['ok', SENT.allowed],
    ['tool-error', SENT.allowed],
    ['http-error', SENT.allowed],
    ['unauthorized', SENT.unauthorized],
    ['forbidden', SENT.forbidden],
    ['timeout', SENT.unanswered],
    ['reset', SENT.unanswered],
    ['aborted', SENT.unanswered],
    ['refused', SENT.none],
    ['tls-error', SENT.none],
  ] as const)('has %s as %i', (outcome, value) => {
    expect(entryOf(logOf([{ seq: 3, outcome, instance: undefined }]), 3)).toEqual([value, undefined]);
  });

  it('of several workers is that of one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(ended, { selector: ({ seq }) => seq }),
        fc.integer({ min: 1, max: 4 }),
        (calls, n) => {
          const whole = logOf(calls);
          const merged = mergeSentLogs(
            Array.from({ length: n }, (_, worker) => logOf(calls.filter(({ seq }) => seq % n === worker))),
          );
          for (const { seq } of calls) expect(entryOf(merged, seq)).toEqual(entryOf(whole, seq));
          expect(Buffer.from(merged.outcomes).equals(whole.outcomes)).toBe(true);
        },
      ),
    );
  });

  it('tells no more instances apart than a byte has numbers for', () => {
    const calls = Array.from(
      { length: 400 },
      (_, seq) => ({ seq, outcome: 'ok', instance: `i${seq}` }) as const,
    );
    for (const log of [logOf(calls), mergeSentLogs([logOf(calls.slice(0, 200)), logOf(calls.slice(200))])]) {
      expect(log.names).toHaveLength(254);
      expect(entryOf(log, 0)).toEqual([SENT.allowed, 'i0']);
      expect(entryOf(log, 399)).toEqual([SENT.allowed, '(other)']);
    }
  });
});
