/** @module Proves that a measured quantity is two files and two rows: here one is added, and seen from the worker to the page. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { planOf } from '../src/experiment/calibration/load.ts';
import { createShare } from '../src/generator/engine/share.ts';
import { parseProfile } from '../src/profile/profile.ts';
import { addCounts } from '../src/recording/counts.ts';
import type { Measure } from '../src/recording/measure/measure.ts';
import { MEASURES } from '../src/recording/measure/measures.ts';
import { countsOf, mergeRecordings, mergeRepetitions, type Recording } from '../src/recording/recording.ts';
import type { Sample } from '../src/recording/sample.ts';
import { renderers } from '../src/report/format/formats.ts';
import { headline } from '../src/report/format/text.ts';
import { type Model, modelOf } from '../src/report/model.ts';
import { demo } from '../src/report/sample-document.case.ts';
import { compareVariants } from '../src/result/comparison/compare.ts';
import type { ResultDocument, VariantResult } from '../src/result/document.ts';
import { boundedMetrics } from '../src/result/measure/metrics.ts';
import { QUANTITIES, type Quantities } from '../src/result/measure/quantities.ts';
import type { Quantity } from '../src/result/measure/quantity.ts';
import { recordingOf, variantOf } from '../src/result/summary/result.case.ts';
import { summarise } from '../src/result/summary/summarise.ts';
import { withConclusions } from '../src/result/summary/variant-result.ts';
import { check } from '../src/result/verdict/judge.ts';
import { systemClock } from '../src/units/clock.ts';

/** First file: what a worker counts. Calls that the spare instance answered, of those that any instance answered. */
interface SpillCounts {
  readonly answered: number;
  readonly spilled: number;
}

const measure: Measure<SpillCounts> = {
  name: 'spill',
  start({ era }) {
    if (era !== 'stateless') return undefined;
    const counts = { answered: 0, spilled: 0 };
    return {
      add({ servedBy }: Sample): void {
        if (servedBy === undefined) return;
        counts.answered += 1;
        if (servedBy === 'spare') counts.spilled += 1;
      },
      counts: () => ({ ...counts }),
    };
  },
  merge: (list) => addCounts(['answered', 'spilled'], list),
};

/** Second file: what is said of it. */
const Spill = z.object({ share: z.number().nullable() });

const spill: Quantity<'spill', z.infer<typeof Spill> | null> = {
  name: 'spill',
  schema: Spill.nullable(),
  figures(recording) {
    const counts = countsOf(recording, measure);
    if (counts === undefined) return null;
    return { share: counts.answered === 0 ? null : counts.spilled / counts.answered };
  },
  metrics: [
    {
      name: 'spill_share',
      key: 'share',
      label: 'share of calls on the spare instance',
      unit: 'share',
      better: 'lower',
      read: ({ share }) => share,
      absent: 'no instance named itself',
      compared: 'always',
      column: { head: 'spilled', in: 'both' },
    },
  ],
  note: 'Spilled: answered by the spare instance.',
};

/** The rows in the two tables. */
const MEASURES_AND_ONE: readonly Measure[] = [...MEASURES, measure];
const QUANTITIES_AND_ONE: Quantities = [...QUANTITIES, spill];

/** A server of two instances; of `every` calls the last one is answered by the spare instance. */
function fleet(every: number): Server {
  let calls = 0;
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls += 1;
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: unknown };
      const result = { resultType: 'complete', content: [{ type: 'text', text: 'x' }] };
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'x-served-by': calls % every === 0 ? 'spare' : 'main',
        })
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
}

/** One repetition on the engine's path: two workers' shares of one load, merged as their threads' are. */
async function record(server: Server): Promise<Recording> {
  const { port } = server.address() as AddressInfo;
  const spans = { warmupUs: 50_000, durationUs: 200_000 };
  const rate = { kind: 'rate', perSecond: 400 } as const;
  const plan = { ...planOf(`http://127.0.0.1:${port}/mcp`, 'wire', rate, spans), workers: 2 };
  const shares = await Promise.all(
    [0, 1].map((worker) => createShare({ ...plan, worker }, systemClock, MEASURES_AND_ONE)),
  );
  await Promise.all(shares.map((share) => share.prepare()));
  const startUs = systemClock.now();
  const results = await Promise.all(shares.map((share) => share.run(startUs)));
  return mergeRecordings(
    results.map(({ recording }) => recording),
    MEASURES_AND_ONE,
  );
}

async function variant(name: string, every: number): Promise<VariantResult> {
  const server = fleet(every);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const recordings = [await record(server), await record(server), await record(server)];
  server.closeAllConnections();
  server.close();
  const plain = variantOf(name, recordings);
  const measured = {
    ...plain,
    repetitions: plain.repetitions.map((one, at) => ({
      ...one,
      ...summarise(recordings[at]!, QUANTITIES_AND_ONE),
    })),
    summary: summarise(mergeRepetitions(recordings, MEASURES_AND_ONE), QUANTITIES_AND_ONE),
  };
  return withConclusions(measured, QUANTITIES_AND_ONE);
}

describe('a quantity that is added', () => {
  let variants: readonly VariantResult[];
  let document: ResultDocument;
  let model: Model;

  beforeAll(async () => {
    variants = [await variant('few', 10), await variant('many', 2)];
    document = {
      ...demo(),
      variants: [...variants],
      comparisons: compareVariants(variants, QUANTITIES_AND_ONE),
    };
    model = modelOf(document, QUANTITIES_AND_ONE);
  });

  const shareOf = (summary: unknown): number | null | undefined =>
    (summary as { readonly spill: z.infer<typeof Spill> | null }).spill?.share;

  it('is recorded in each worker, merged over workers and repetitions, and stands in the summary', () => {
    for (const { summary, repetitions } of variants) {
      expect(spill.schema.parse((summary as unknown as Record<string, unknown>)['spill'])).toBeTruthy();
      expect(repetitions.map(shareOf)).toHaveLength(3);
    }
    expect(shareOf(variants[0]!.summary)).toBeCloseTo(0.1, 1);
    expect(shareOf(variants[1]!.summary)).toBeCloseTo(0.5, 1);
  });

  it('can be bounded in a profile, and is an unknown metric where it is not in the table', () => {
    const text = `
version: 1
load: { rate: 100/s }
calls: [{ list: tools }]
fleet: {}
thresholds: ["spill_share < 20%"]
`;
    const metrics = boundedMetrics(QUANTITIES_AND_ONE);
    expect(parseProfile(text, 'p.yaml', { metrics }).thresholds).toEqual(['spill_share < 20%']);
    expect(() => parseProfile(text, 'p.yaml', { metrics: boundedMetrics() })).toThrow(
      'unknown metric "spill_share"',
    );
  });

  it('passes a threshold and fails one, in the words of its unit', () => {
    const checks = check(variants, ['spill_share < 30%'], QUANTITIES_AND_ONE);
    expect(checks.map(({ variant: name, status }) => [name, status])).toEqual([
      ['few', 'pass'],
      ['many', 'fail'],
    ]);
    expect(checks[1]!.measured).toMatch(/^5\d(\.\d+)? %$|^4\d(\.\d+)? %$/);
  });

  it('never passes a threshold without samples, whichever way it is bounded', () => {
    const silent = variantOf('silent', []);
    const calls = recordingOf([{ count: 9, responseUs: 5 }]);
    const measures = { spill: { answered: 0, spilled: 0 } };
    const summary = summarise({ ...calls, measures }, QUANTITIES_AND_ONE);
    for (const comparator of ['<', '<=', '==', '>', '>=']) {
      const threshold = `spill_share ${comparator} 0%`;
      const [found] = check([{ ...silent, summary }], [threshold], QUANTITIES_AND_ONE);
      expect(found).toMatchObject({
        status: 'inconclusive',
        reason: `silent: ${threshold}: no instance named itself`,
      });
    }
  });

  it('is compared', () => {
    const found = document.comparisons.find(({ metric }) => metric === 'spill.share');
    expect(found).toMatchObject({ base: 'few', candidate: 'many', verdict: 'worse' });
    expect(found!.ratio).toBeGreaterThan(3);
    expect(variants[1]!.spreads['spill.share']!.mean).toBeCloseTo(0.5, 1);
  });

  it('has a column in the CSV, in the table of results and in the headline of terminal and Markdown', async () => {
    const textOf = async (format: 'csv' | 'html' | 'md'): Promise<string> =>
      String((await renderers[format](model)).files[0]!.content);
    const [heads, ...rows] = (await textOf('csv')).trimEnd().split('\r\n');
    const at = heads!.split(',').indexOf('spill_share');
    const shares = rows.map((row) => Number(row.split(',')[at]));
    expect(shares.every((share) => share > 0.05)).toBe(true);

    const page = await textOf('html');
    expect(page).toContain('spilled<small>%</small>');
    expect(page).toContain('Spilled: answered by the spare instance.');
    expect(page).toMatch(/<td>[45]\d\.\d<\/td>/);
    for (const text of [await textOf('md'), headline(model)]) {
      expect(text).toContain('spilled %');
      expect(text).toMatch(/ [45]\d\.\d/);
    }
  });

  it('has no column where it applied to no variant', () => {
    expect(headline(modelOf(demo(), QUANTITIES_AND_ONE))).not.toContain('spilled %');
  });
});
