/** @module Proves that a result of an older version makes a report, with what follows from its figures and without what it lacks. */
import { describe, expect, it } from 'vitest';
import { ResultDocument } from '../result/document.ts';
import { OlderDocument, upgrade } from '../result/upgrade.ts';
import { chartsOf } from './chart/charts.ts';
import { renderers } from './format/formats.ts';
import { FORMATS } from './format/names.ts';
import { headline } from './format/text.ts';
import { modelOf } from './model.ts';
import { demo } from './sample-document.case.ts';

/** What older versions did not write. */
const ADDED = new Set(['bins', 'overTime', 'lengthMs', 'command', 'profileFile', 'example', 'drifts']);

const older: unknown = JSON.parse(
  JSON.stringify(demo(), (key, value: unknown) => (ADDED.has(key) ? undefined : value)),
);

describe('a result of an older version', () => {
  const document = upgrade(OlderDocument.parse(older));

  it('lacks what is made up for', () => {
    expect(ResultDocument.safeParse(older).success).toBe(false);
  });

  it.each(FORMATS)('is rendered as %s', async (format) => {
    const { files } = await renderers[format](modelOf(document));
    expect(files.length).toBeGreaterThan(0);
  });

  it('has the charts that its figures allow', () => {
    const names = chartsOf(modelOf(document)).map(({ name }) => name);
    expect(names).toContain('histogram');
    expect(names).not.toContain('over-time');
    expect(document.variants.map(({ bins }) => bins)).toEqual(demo().variants.map(({ bins }) => bins));
  });

  it('has errors by kind, too, which it counted text by text', () => {
    const [variant] = demo().variants;
    const ids = ['a1b2c3d4', 'e5f6a7b8'].map((id) => ({
      outcome: 'rpc-error' as const,
      detail: `-32001 Session ${id} not found`,
      count: 3,
    }));
    const calls = { ...variant!.summary!.calls, details: ids };
    const changed = { ...demo(), variants: [{ ...variant!, summary: { ...variant!.summary!, calls } }] };
    const read = upgrade(OlderDocument.parse(JSON.parse(JSON.stringify(changed))));
    expect(read.variants[0]!.summary!.calls.details).toMatchObject([
      { detail: '-32001 Session … not found', count: 6, example: '-32001 Session a1b2c3d4 not found' },
    ]);
  });

  it('ends on the terminal with seed and verdict', () => {
    expect(headline(modelOf(document)).split('\n').slice(-2)[0]).toBe('seed: 1');
  });
});
