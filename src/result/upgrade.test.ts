/** @module Proves that results of older versions are read, and get what this version writes. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withAuthConclusions } from './comparison/auth-conclusions.ts';
import { compareVariants } from './comparison/compare.ts';
import { ResultDocument, type Verdict } from './document.ts';
import { readResult } from './file.ts';
import { seriesOf, withAuth } from './measure/auth.case.ts';
import { recordingOf, variantOf } from './summary/result.case.ts';
import { OlderDocument, upgrade } from './upgrade.ts';

const lossy = [
  { count: 95, responseUs: 2000, servedBy: '1' },
  { count: 5, responseUs: 900, servedBy: '2', outcome: 'session-lost' as const, detail: '404' },
];
const variants = [
  variantOf(
    'a',
    [1000, 1010, 990].map((responseUs) => recordingOf([{ count: 100, responseUs }])),
  ),
  variantOf(
    'b',
    [0, 1, 2].map(() => recordingOf(lossy, 3)),
  ),
];

const CURRENT: ResultDocument = ResultDocument.parse({
  schema: 'paceline/result@1',
  paceline: '0.1.0',
  createdAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  complete: true,
  profile: {},
  machine: { cpu: 'x', cores: 1, memoryBytes: 1, os: 'x', node: 'x', loadAverage1: 0 },
  variants,
  comparisons: compareVariants(variants),
  verdict: { status: 'none', reasons: [] },
});

/** What older versions did not write, wherever it stands. */
const ADDED = new Set([
  'errors',
  'lostShare',
  'failed',
  'failedShare',
  'shares',
  'share',
  'callsOnOwnerShare',
  'timeline',
  'caveats',
  'fellBehind',
  'spreads',
  'bins',
  'because',
  'alike',
]);

/** The document as an older version wrote it. Windows always had `errors`, and all calls together an error rate. */
function older(document: ResultDocument): unknown {
  const text = JSON.stringify(document, function (this: object, key, value: unknown) {
    const isAdded = key === 'errorRate' ? 'serviceTime' in this : ADDED.has(key) && !('atMs' in this);
    return isAdded ? undefined : value;
  });
  const plain = JSON.parse(text) as { comparisons: { repetitions?: unknown }[]; verdict: Verdict };
  // Without thresholds, older versions called a result a pass.
  plain.verdict.status = 'pass';
  for (const comparison of plain.comparisons) delete comparison.repetitions;
  return plain;
}

describe('a result of an older version', () => {
  it('is read as this version would have written it', () => {
    expect(ResultDocument.safeParse(older(CURRENT)).success).toBe(false);
    expect(upgrade(OlderDocument.parse(older(CURRENT)))).toEqual(CURRENT);
  });

  it('keeps comparisons that this version would not make', () => {
    const document = OlderDocument.parse(older(CURRENT));
    const [first] = document.comparisons;
    const foreign = { ...first!, metric: 'responseTime.p42Us' };
    expect(upgrade({ ...document, comparisons: [foreign] }).comparisons).toEqual([
      { ...foreign, because: null, repetitions: 0, alike: false },
    ]);
  });

  it('is the one in results/, too', async () => {
    const path = join(import.meta.dirname, '../../results/sticky-vs-round-robin/result.json');
    const document = await readResult(path);
    expect(ResultDocument.parse(document)).toEqual(document);
    expect(document.variants.map(({ caveats }) => caveats.length > 0)).toContain(true);
  });
});

describe('a result of this version', () => {
  it('has figures of authorization, which older ones lack', () => {
    const checked = [1000, 1200, 1100].map((responseUs) =>
      withAuth(recordingOf([{ count: 100, responseUs }]), { check: seriesOf([100]) }),
    );
    const measured = variantOf('checked', checked);
    const document = { ...CURRENT, variants: withAuthConclusions([CURRENT.variants[0]!, measured]) };
    expect(document.variants[1]!.summary!.auth!.estimates).toHaveLength(5);
    const read = ResultDocument.parse(JSON.parse(JSON.stringify(document)));
    expect(read.variants.map(({ summary }) => summary?.auth)).toEqual([
      undefined,
      document.variants[1]!.summary!.auth,
    ]);
  });

  it('is read as it is', () => {
    expect(upgrade(OlderDocument.parse(JSON.parse(JSON.stringify(CURRENT))))).toEqual(CURRENT);
  });
});
