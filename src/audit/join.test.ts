import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_OWN_ID } from '../protocol/call.ts';
import { traceContexts } from '../protocol/trace.ts';
import type { AuditCounts } from '../recording/measure/audit.ts';
import { scratch } from '../units/scratch.case.ts';
import { UserError } from '../units/user-error.ts';
import { joinAudit } from './join.ts';
import { auditLogFile } from './log-file.ts';
import {
  agreeing,
  INSTANCES,
  logsOf,
  recordOf,
  SEED,
  type SentCall,
  sentLog,
} from './sent-and-logged.case.ts';

const HEALTHY: Omit<AuditCounts, 'records'> = {
  missing: 0,
  duplicate: 0,
  contradicting: 0,
  elsewhere: 0,
  unknown: 0,
  withoutTrace: 0,
  executedUnanswered: 0,
  unreadable: 0,
  secrets: 0,
};

/** What is wrong with the records of one call, and the counts that say so. */
interface Fault {
  readonly applies: (call: SentCall) => boolean;
  readonly lines: (call: SentCall, seq: number) => readonly string[];
  readonly counted: Partial<AuditCounts>;
}

const isAnswered = ({ outcome }: SentCall): boolean => outcome !== 'none' && outcome !== 'unanswered';
const other = ({ instance = 0 }: SentCall): string => INSTANCES[(instance + 1) % INSTANCES.length]!;
const opposite = ({ outcome, instance = 0 }: SentCall, seq: number): string =>
  agreeing({ outcome: outcome === 'allowed' ? 'unauthorized' : 'allowed', instance }, seq);

const FAULTS: Readonly<Record<string, Fault>> = {
  lost: { applies: isAnswered, lines: () => [], counted: { missing: 1 } },
  twice: {
    applies: isAnswered,
    lines: (call, seq) => [agreeing(call, seq), agreeing(call, seq)],
    counted: { duplicate: 1 },
  },
  'three times': {
    applies: isAnswered,
    lines: (call, seq) => Array.from({ length: 3 }, () => agreeing(call, seq)),
    counted: { duplicate: 1 },
  },
  'decided otherwise': {
    applies: isAnswered,
    lines: (call, seq) => [opposite(call, seq)],
    counted: { contradicting: 1 },
  },
  'another status': {
    applies: ({ outcome }) => outcome === 'unauthorized',
    lines: ({ instance }, seq) => [agreeing({ outcome: 'forbidden', instance }, seq)],
    counted: { contradicting: 1 },
  },
  // One node authenticates, another executes.
  'decided elsewhere': {
    applies: ({ outcome, instance }) => outcome === 'allowed' && instance !== undefined,
    lines: (call, seq) => [recordOf(other(call), seq)],
    counted: { contradicting: 1, elsewhere: 1 },
  },
  'decided by an instance that answers nothing': {
    applies: ({ outcome, instance }) => outcome === 'allowed' && instance !== undefined,
    lines: (_, seq) => [recordOf('hidden', seq)],
    counted: { contradicting: 1, elsewhere: 1 },
  },
  'never sent': {
    applies: ({ outcome }) => outcome === 'none',
    lines: (call, seq) => [agreeing(call, seq)],
    counted: { unknown: 1 },
  },
  'executed without an answer': {
    applies: ({ outcome }) => outcome === 'unanswered',
    lines: (call, seq) => [agreeing(call, seq)],
    counted: { executedUnanswered: 1 },
  },
  'executed twice without an answer': {
    applies: ({ outcome }) => outcome === 'unanswered',
    lines: (call, seq) => [agreeing(call, seq), agreeing(call, seq)],
    counted: { executedUnanswered: 1, duplicate: 1 },
  },
};

const healthyLines = (call: SentCall, seq: number): readonly string[] =>
  isAnswered(call) ? [agreeing(call, seq)] : [];

const calls: fc.Arbitrary<SentCall> = fc.record({
  outcome: fc.constantFrom('none', 'allowed', 'unauthorized', 'forbidden', 'unanswered'),
  instance: fc.option(fc.nat(INSTANCES.length - 1), { nil: undefined }),
});

/** Lines of no call: each with what it is counted as. */
const strays: fc.Arbitrary<readonly [string, Partial<AuditCounts>]> = fc.constantFrom(
  [recordOf('i0', 0, { traceparent: null }), { withoutTrace: 1, records: 1 }],
  [recordOf('i0', 0, { traceparent: traceContexts(SEED + 1).of(0) }), { unknown: 1, records: 1 }],
  [recordOf('i0', 1e6), { unknown: 1, records: 1 }],
  [recordOf('i0', FIRST_OWN_ID + 1), { withoutTrace: 1, records: 1 }],
  [recordOf('i0', 0, { traceparent: 'nonsense' }), { unknown: 1, records: 1 }],
  ['{"time":"2026-11-18T11:06\n', { unreadable: 1 }],
  ['{"decision":"maybe"}\n', { unreadable: 1 }],
  ['\n', {}],
);

const plus = (counts: AuditCounts, more: Partial<AuditCounts>): AuditCounts =>
  Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, count + (more[name as keyof AuditCounts] ?? 0)]),
  ) as unknown as AuditCounts;

describe('the comparison of audit logs with what was sent', () => {
  it('counts exactly what was planted, and nothing in a healthy log', async () => {
    const planted = fc.record({
      load: fc.array(fc.tuple(calls, fc.option(fc.constantFrom(...Object.keys(FAULTS)))), { maxLength: 40 }),
      stray: fc.array(strays, { maxLength: 5 }),
      order: fc.infiniteStream(fc.nat(2)),
    });
    await fc.assert(
      fc.asyncProperty(planted, async ({ load, stray, order }) => {
        const sent = sentLog(load.map(([call]) => call));
        const logs: [string[], string[], string[]] = [[], [], []];
        let expected: AuditCounts = { records: 0, ...HEALTHY };
        const write = (lines: readonly string[], counted: Partial<AuditCounts>): void => {
          for (const line of lines) logs[order.next().value]!.unshift(line);
          expected = plus(expected, counted);
        };
        for (const [seq, [call, name]] of load.entries()) {
          const fault = name === null || !FAULTS[name]!.applies(call) ? undefined : FAULTS[name]!;
          const lines = (fault?.lines ?? healthyLines)(call, seq);
          write(lines, { ...fault?.counted, records: lines.length });
        }
        for (const [line, counted] of stray) write([line], counted);
        expect(await joinAudit({ files: logsOf(...logs), sent, seed: SEED })).toEqual(expected);

        const healthy = load.flatMap(([call], seq) => healthyLines(call, seq));
        expect(await joinAudit({ files: logsOf(healthy), sent, seed: SEED })).toEqual({
          ...HEALTHY,
          records: healthy.length,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('has a load for each fault', () => {
    const every = (['none', 'allowed', 'unauthorized', 'forbidden', 'unanswered'] as const).map(
      (outcome) => ({
        outcome,
        instance: 0,
      }),
    );
    expect(Object.values(FAULTS).filter(({ applies }) => !every.some(applies))).toEqual([]);
  });

  it('agrees with an answer 503 of a check that could not ask the authorization server', async () => {
    const sent = sentLog([{ outcome: 'allowed', instance: 0 }]);
    const files = logsOf([recordOf('i0', 0, { decision: 'deny', reason: 'server-unavailable' })]);
    expect(await joinAudit({ files, sent, seed: SEED })).toEqual({ ...HEALTHY, records: 1 });
  });

  it('finds tokens in a log', async () => {
    const sent = sentLog([{ outcome: 'allowed' }, { outcome: 'allowed' }]);
    const leaking = recordOf('i0', 1, { tool: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl' });
    const files = logsOf([recordOf('i0', 0), leaking]);
    expect(await joinAudit({ files, sent, seed: SEED })).toMatchObject({ secrets: 1, missing: 0 });
  });
});

describe('the log of another server', () => {
  const fields = { traceparent: 'trace.id', decision: 'result', instance: 'pod' };
  const traces = traceContexts(SEED);
  const line = (call: number, result: unknown, pod: string): string =>
    `${JSON.stringify({ trace: { id: traces.of(call).slice(3, 35) }, result, pod })}\n`;

  it('is read with its names, and compared where its instances have the names of the answers', async () => {
    const sent = sentLog([
      { outcome: 'allowed', instance: 0 },
      { outcome: 'forbidden', instance: 1 },
      { outcome: 'allowed', instance: 2 },
      { outcome: 'allowed', instance: 2 },
    ]);
    const files = logsOf([
      line(0, 'PERMIT', 'a-pod-of-another-name'),
      line(1, false, 'i1'),
      line(2, true, 'i0'),
      line(3, 'deny', 'i2'),
    ]);
    expect(await joinAudit({ files, sent, seed: SEED, fields })).toEqual({
      ...HEALTHY,
      records: 4,
      contradicting: 2,
      elsewhere: 1,
    });
  });

  it('is read from where it ended before the load', async () => {
    const sent = sentLog([{ outcome: 'allowed' }]);
    const [{ path }] = logsOf([recordOf('i0', 0)]) as [{ path: string }];
    const file = await auditLogFile(path, 'auth.audit.file');
    appendFileSync(path, recordOf('i0', 0));
    expect(await joinAudit({ files: [file], sent, seed: SEED })).toEqual({ ...HEALTHY, records: 1 });
  });

  it.each([
    ['that does not exist', () => join(scratch(), 'none.jsonl'), /there is no .*none\.jsonl/],
    ['that is a folder', scratch, /it is not a file|EISDIR/],
  ])('%s is a problem of the user', async (_, make, message) => {
    const error = await auditLogFile(make(), 'auth.audit.file').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).problems).toMatchObject([{ where: 'auth.audit.file' }]);
    expect((error as UserError).message).toMatch(message);
  });
});
