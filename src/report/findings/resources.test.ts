import { describe, expect, it } from 'vitest';
import type { ProcessUse } from '../../result/measure/resource-figures.ts';
import { resources as chart } from '../chart/resources.ts';
import { modelOf } from '../model.ts';
import { demo } from '../sample-document.case.ts';
import { resourceFindings } from './resources.ts';

const use = (over: Partial<ProcessUse> = {}): ProcessUse => ({
  part: 'fleet',
  name: '2',
  cpu: Array.from({ length: 10 }, () => 0.5),
  rssMiB: Array.from({ length: 10 }, () => 60),
  wholeCore: [],
  ...over,
});

/** The demo, whose first variant has the use of these processes. */
function modelWith(...processes: ProcessUse[]) {
  const document = demo();
  const [first, ...others] = document.variants;
  const summary = { ...first!.summary!, resources: { stepMs: 1000, processes } };
  return modelOf({ ...document, variants: [{ ...first!, summary }, ...others] });
}
const textsOf = (...processes: ProcessUse[]): readonly string[] =>
  resourceFindings(modelWith(...processes)).map(({ text }) => text.replace(/^“[^”]*”: /, ''));

describe('findings about what processes used', () => {
  it('say which process used a whole core, and when', () => {
    expect(textsOf(use({ wholeCore: [{ fromMs: 4000, toMs: 9000 }] }), use({ name: '3' }))).toEqual([
      'instance 2 used a whole core from 4 s to 9 s.',
    ]);
    expect(
      textsOf(
        use({ wholeCore: [{ fromMs: 0, toMs: 10_000 }] }),
        use({
          part: 'balancer',
          name: 'balancer',
          wholeCore: [3, 8, 13, 18, 23].map((s) => ({ fromMs: s * 1000, toMs: (s + 3) * 1000 })),
        }),
      ),
    ).toEqual([
      'instance 2 used a whole core all the time and the balancer used a whole core from 3 s to 6 s, from 8 s to 11 s, from 13 s to 16 s and 2 times more.',
    ]);
  });

  it('say nothing of processes with room left', () => {
    expect(textsOf(use())).toEqual([]);
  });
});

describe('the chart of what processes used', () => {
  it('is drawn where it was read, with the most that each process used', () => {
    const drawn = chart(modelWith(use({ cpu: [0.5, null, 1.25] })))!;
    expect(drawn.table.rows[0]!.slice(1)).toEqual(['instance 2', '0.88', '1.25', '60.0', '–']);
    expect(drawn.caption).toContain('Garbage collection is known of the servers of Paceline only');
    expect(chart(modelOf(demo()))).toBeUndefined();
  });

  it('has as many lines as can be told apart', () => {
    const processes = Array.from({ length: 12 }, (_, at) => use({ name: String(at), cpu: [at / 12] }));
    const drawn = chart(modelWith(...processes))!;
    expect(drawn.table.rows).toHaveLength(12);
    expect(drawn.caption).toContain('the 6 processes with the most processor time');
    expect(JSON.stringify(drawn.spec('wide'))).toContain('instance 11');
    expect(JSON.stringify(drawn.spec('wide'))).not.toContain('"instance 3"');
  });
});
