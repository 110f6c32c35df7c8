/** @module Proves when a report says that calls waited for a connection because the pool had no more of them. */
import { describe, expect, it } from 'vitest';
import type { VariantResult } from '../../result/document.ts';
import { equalTimes } from '../../result/measure/equal-times.case.ts';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { findings } from './findings.ts';

interface Pool {
  readonly limit: number | undefined;
  readonly open: number;
  /** Of a response time of 20 ms. */
  readonly waitUs: number;
}

function said({ limit, open, waitUs }: Pool): readonly string[] {
  const document = oneVariant();
  const [variant] = document.variants as [VariantResult];
  const load = { shape: { kind: 'rate', perSecond: 100 }, maxConnections: limit };
  const effective = { load } as VariantResult['settings']['effective'];
  const summary = {
    ...variant.summary!,
    responseTime: equalTimes(20_000),
    connectionWait: equalTimes(waitUs),
  };
  const limited: VariantResult = {
    ...variant,
    settings: { ...variant.settings, effective },
    repetitions: variant.repetitions.map((one) => ({
      ...one,
      generator: { ...one.generator, connections: open },
    })),
    summary,
  };
  return findings(modelOf({ ...document, variants: [limited] }))
    .map(({ text }) => text)
    .filter((text) => text.includes('load.maxConnections'));
}

describe('a pool with as many connections as it may have', () => {
  it.each<[string, Pool, string]>([
    [
      'several',
      { limit: 4, open: 4, waitUs: 19_000 },
      'all 4 connections that load.maxConnections allows were in use, and calls waited for one: 19.0 ms of the mean response time of 20.0 ms.',
    ],
    [
      'one',
      { limit: 1, open: 1, waitUs: 10_000 },
      'the only connection that load.maxConnections allows was in use, and calls waited for it: 10.0 ms of',
    ],
  ])('is named where calls mostly waited: %s', (_, pool, words) => {
    expect(said(pool)).toEqual([expect.stringContaining(words)]);
  });

  it.each<[string, Pool]>([
    ['calls waited less than they were worked on', { limit: 4, open: 4, waitUs: 9_000 }],
    ['calls did not wait', { limit: 4, open: 4, waitUs: 0 }],
    ['the pool could have grown: connections were set up', { limit: 5, open: 4, waitUs: 19_000 }],
    ['the limit is not known, as in older results', { limit: undefined, open: 4, waitUs: 19_000 }],
  ])('is not named where %s', (_, pool) => {
    expect(said(pool)).toEqual([]);
  });
});
