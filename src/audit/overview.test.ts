import { describe, expect, it } from 'vitest';
import { auditOverview } from './overview.ts';
import { logsOf, recordOf } from './sent-and-logged.case.ts';

const overviewOf = (...logs: readonly (readonly string[])[]) =>
  auditOverview(logsOf(...logs).map(({ path }) => path));

describe('what audit logs say by themselves', () => {
  it('is counted over all files', async () => {
    const denied = { decision: 'deny', reason: 'expired' } as const;
    const overview = await overviewOf(
      [recordOf('i0', 0, { us: 100 }), recordOf('i0', 1, { us: 200 }), 'cut o'],
      [
        recordOf('i1', 2, { us: 300 }),
        recordOf('i1', 2, { us: 300 }),
        recordOf('i1', 1, { ...denied, us: 5000 }),
        recordOf('i1', 3, { ...denied, traceparent: null, us: 300 }),
        recordOf('i1', 4, { tool: 'Bearer abcdefgh12345678', us: 300 }),
      ],
    );
    expect(overview).toEqual({
      records: 7,
      unreadable: 1,
      allowed: 5,
      denied: 2,
      instances: [
        { name: 'i1', records: 5 },
        { name: 'i0', records: 2 },
      ],
      reasons: [{ name: 'expired', records: 2 }],
      calls: 4,
      withoutTrace: 1,
      duplicate: 2,
      contradicting: 1,
      secrets: 1,
      check: { p50Us: 300, p99Us: expect.closeTo(5000, -1), maxUs: 5000 },
    });
  });

  it('leaves out what a log does not have', async () => {
    expect(await overviewOf(['{"decision":"allow"}\n', '{"decision":"deny"}\n'])).toMatchObject({
      instances: [],
      reasons: [],
      calls: 0,
      withoutTrace: 2,
      check: null,
    });
  });

  it('counts a text that differs in every record as other', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => recordOf(`pod-${index}`, index));
    const { instances } = await overviewOf([...lines, recordOf('pod-0', 60)]);
    expect(instances).toHaveLength(51);
    expect(instances.slice(0, 2)).toEqual([
      { name: 'other', records: 10 },
      { name: 'pod-0', records: 2 },
    ]);
  });
});
