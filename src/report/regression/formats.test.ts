import { describe, expect, it } from 'vitest';
import {
  type CompareOptions,
  compareResults,
  MINIMUM_CHANGE,
} from '../../result/regression/compare-results.ts';
import type { ComparisonDocument } from '../../result/regression/document.ts';
import { measuredOf, sideVariant, timed } from '../../result/regression/measured.case.ts';
import type { Measured } from '../../result/regression/sides.ts';
import { RENDERERS } from './formats.ts';
import type { ComparisonFormat } from './names.ts';

/** Ten repetitions around `us`, each with another deviation of up to `noise`. */
const around = (us: number, noise: number, shift = 0): readonly number[] =>
  Array.from({ length: 10 }, (_, at) => Math.round(us * (1 + noise * Math.sin(2.4 * at + shift))));

function compared(
  base: Measured,
  candidate: Measured,
  over: Partial<CompareOptions> = {},
): ComparisonDocument {
  const options = { minEffect: MINIMUM_CHANGE, acceptsUnlike: false, createdAt: new Date(0), ...over };
  return { ...compareResults(base, candidate, options), paceline: '1.0.0', title: 'Echo | *fast*' };
}

const side = (
  label: string,
  over: Partial<Measured['side']> = {},
): { readonly side: Partial<Measured['side']> } => ({
  side: {
    label,
    files: [`${label}/result.json`],
    createdAt: '2026-11-26T11:00:00.000Z',
    repetitions: 10,
    ...over,
  },
});

const base = measuredOf([timed(around(1000, 0.02))], side('main'));

/** Two variants regress, one is undecided, one is the same, and one is on one side only. */
const [manyBefore, manyAfter] = [
  measuredOf(
    [
      timed(around(1000, 0.02), { name: 'sticky' }),
      timed(around(2000, 0.02), { name: 'round-robin' }),
      timed(around(3000, 0.1), { name: 'random' }),
      timed(around(4000, 0.01), { name: 'least-in-flight, which has a long name' }),
      timed(around(500, 0.01), { name: 'removed' }),
    ],
    side('results/main', { files: ['a', 'b'], revision: '3f2a91c04b' }),
  ),
  measuredOf(
    [
      timed(around(1100, 0.02, 1), { name: 'sticky' }),
      timed(around(2500, 0.02, 1), { name: 'round-robin' }),
      timed(around(3100, 0.1, 2), { name: 'random' }),
      timed(around(4040, 0.01, 1), { name: 'least-in-flight, which has a long name' }),
    ],
    side('results/branch', { isComplete: false }),
  ),
];

const DOCUMENTS: Readonly<Record<string, readonly ComparisonDocument[]>> = {
  regressed: [compared(base, measuredOf([timed(around(1100, 0.02, 1))], side('branch')))],
  improved: [compared(base, measuredOf([timed(around(800, 0.02, 1))], side('branch')))],
  same: [compared(base, measuredOf([timed(around(1005, 0.01, 1))], side('branch')))],
  undecided: [compared(base, measuredOf([timed(around(1060, 0.06, 1))], side('branch')))],
  'one-repetition': [
    compared(
      measuredOf([timed([1000])], side('main', { repetitions: 1 })),
      measuredOf([timed([1500])], side('branch', { repetitions: 1 })),
    ),
  ],
  'nothing-worked': [
    compared(
      base,
      measuredOf(
        [sideVariant(around(10, 0).map(() => [{ count: 1000, responseUs: 10, outcome: 'rpc-error' }]))],
        side('branch'),
      ),
    ),
  ],
  unlike: [
    compared(
      base,
      measuredOf([timed(around(1100, 0.02, 1))], {
        ...side('branch', {
          machine: { ...base.side.machine, cpu: 'Another CPU', node: '22.1.0' },
          seed: 7,
        }),
        profile: { load: { rate: '900/s' } },
      }),
    ),
  ],
  variants: [compared(manyBefore!, manyAfter!)],
  candidates: [
    compared(base, measuredOf([timed(around(1100, 0.02, 1))], side('retry'))),
    compared(base, measuredOf([timed(around(1060, 0.06, 1))], side('a/very/long/path/to/pooled'))),
  ],
};

async function rendered(format: ComparisonFormat, documents: readonly ComparisonDocument[]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of RENDERERS[format].render(documents)) pieces.push(piece);
  return pieces.join('');
}

describe.for(Object.entries(DOCUMENTS))('a comparison: %s', ([name, documents]) => {
  it('reads well on a terminal', async () => {
    await expect(await rendered('text', documents)).toMatchFileSnapshot(`golden/${name}.golden.txt`);
  });

  it('reads well as Markdown', async () => {
    await expect(await rendered('md', documents)).toMatchFileSnapshot(`golden/${name}.golden.md`);
  });

  it('fits into 80 columns, and with two candidates into 120', async () => {
    const lines = (await rendered('text', documents)).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(
      documents.length > 1 ? 120 : 80,
    );
  });

  it('is the same as JSON', async () => {
    const read = JSON.parse(await rendered('json', documents));
    expect(read).toEqual(JSON.parse(JSON.stringify(documents.length === 1 ? documents[0] : documents)));
  });

  it('has a row of CSV for each change', async () => {
    const [heads, ...rows] = (await rendered('csv', documents)).trimEnd().split('\r\n');
    expect(heads).toMatch(/^base,candidate,variant,metric,/);
    expect(rows).toHaveLength(documents.flatMap(({ changes }) => changes).length);
  });
});
