/** @module Findings and table of what servers say of keeping their results: told once, and only what is news. */
import { describe, expect, it } from 'vitest';
import type { Inspection, InspectionFinding } from '../../inspect/inspection.ts';
import type { ResultDocument } from '../../result/document.ts';
import { page } from '../format/html/page.ts';
import { modelOf } from '../model.ts';
import { demo, HOSTILE } from '../sample-document.case.ts';
import { inspectionTable } from '../table/inspection.ts';
import { inspectionFindings } from './inspection.ts';

const list: Inspection['methods'][number] = {
  method: 'tools/list',
  uri: null,
  answered: true,
  error: null,
  pages: 2,
  entries: 1234,
  bytes: 56_789,
  ttlMs: 60_000,
  cacheScope: 'public',
};

const refused: Inspection['methods'][number] = {
  method: 'prompts/list',
  uri: null,
  answered: false,
  error: '-32601',
  pages: 0,
  entries: null,
  bytes: 0,
  ttlMs: null,
  cacheScope: null,
};

const inspection = (...findings: readonly InspectionFinding[]): Inspection => ({
  url: 'http://127.0.0.1:3000/mcp',
  era: 'stateless',
  requests: 30,
  connections: 2,
  identities: 1,
  instances: ['a', 'b'],
  complete: true,
  methods: [list, refused],
  findings: [...findings],
});

/** The demo with one inspection per variant; `undefined`: none. */
const inspected = (...inspections: readonly (Inspection | undefined)[]): ResultDocument => {
  const document = demo();
  return {
    ...document,
    variants: document.variants.map((variant, place) => {
      const found = inspections[place];
      const repetitions = variant.repetitions.map((each, at) =>
        at === 0 && found !== undefined ? { ...each, inspection: found } : each,
      );
      return { ...variant, repetitions };
    }),
  };
};

const poison: InspectionFinding = {
  kind: 'public-differs-by-identity',
  severity: 'bad',
  where: 'tools/list',
  evidence: 'cacheScope "public"; first a, second b: x only in the first',
};
const missing: InspectionFinding = {
  kind: 'hint-missing',
  severity: 'warning',
  where: 'tools/list',
  evidence: 'ttlMs absent in 4 of 4 answers',
};

const textsOf = (document: ResultDocument): readonly (readonly [string, string])[] =>
  inspectionFindings(modelOf(document)).map(({ tone, text }) => [tone, text]);

describe('findings of inspections', () => {
  it('are none where nothing was inspected, or nothing found', () => {
    expect(textsOf(demo())).toEqual([]);
    expect(textsOf(inspected(inspection()))).toEqual([]);
    expect(inspectionTable(modelOf(demo())).rows).toEqual([]);
  });

  it('are told once for all variants, in a sentence with evidence, reason and remedy', () => {
    const all = inspection(poison);
    expect(textsOf(inspected(all, all, all, all))).toEqual([
      [
        'bad',
        'tools/list: marked "public", and two identities get different answers (seen: cacheScope "public"; first a, second b: x only in the first). This matters because a cache may give a public result to anyone: it shows one identity what only the other may see. To correct it, set cacheScope to "private" for this method.',
      ],
    ]);
  });

  it('name the variants where others do not have them, and every method', () => {
    const texts = textsOf(
      inspected(inspection(missing, { ...missing, where: 'prompts/list' }), inspection()),
    );
    expect(texts).toHaveLength(1);
    expect(texts[0]![1]).toMatch(
      /^“.+”: tools\/list and prompts\/list: .* \(seen in tools\/list: ttlMs absent/,
    );
  });

  it('leave out what only informs, and hints of built-in servers that the profile sets to 0', () => {
    const off: InspectionFinding = { ...missing, kind: 'caching-off', evidence: 'ttlMs 0 in all 9 answers' };
    expect(
      textsOf(inspected(inspection({ ...poison, kind: 'no-list-changed', severity: 'info' }, off))),
    ).toEqual([]);
    const target = inspected(inspection(off));
    const settings = { ...target.variants[0]!.settings, server: null };
    const variants = target.variants.map((each, at) => (at === 0 ? { ...each, settings } : each));
    expect(textsOf({ ...target, variants }).map(([tone]) => tone)).toEqual(['warning']);
  });
});

describe('the table of inspections', () => {
  it('has a row per method, shared by variants whose servers say the same', () => {
    const { rows } = inspectionTable(
      modelOf(inspected(inspection(poison), inspection(poison), inspection())),
    );
    const names = modelOf(demo()).variants.map(({ name }) => name);
    expect(rows).toEqual([
      [
        `${names[0]} and ${names[1]}`,
        'tools/list',
        '1,234',
        '2',
        '56,789',
        '60000',
        'public',
        'public-differs-by-identity',
      ],
      [`${names[0]} and ${names[1]}`, 'prompts/list', '–', '–', '–', '–', '–', '-32601'],
      [names[2], 'tools/list', '1,234', '2', '56,789', '60000', 'public', 'none'],
      [names[2], 'prompts/list', '–', '–', '–', '–', '–', '-32601'],
    ]);
  });

  it('and the findings are escaped on the page', async () => {
    const text = await page(modelOf(inspected(inspection({ ...poison, evidence: HOSTILE, where: HOSTILE }))));
    expect(text).toContain('<h2>Cache hints</h2>');
    expect(text).not.toContain('<script>');
  });
});
