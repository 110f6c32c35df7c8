/** @module Proves what is said of a run whose figures the generator, the machine or the kind of load shaped. */
import { describe, expect, it } from 'vitest';
import type { Repetition, ResultDocument, VariantResult } from '../../result/document.ts';
import type { Machine } from '../../result/machine.ts';
import type { Note } from '../../result/note.ts';
import { withConclusions } from '../../result/summary/variant-result.ts';
import { modelOf } from '../model.ts';
import { oneVariant } from '../sample-document.case.ts';
import { findings } from './findings.ts';

const said = (document: ResultDocument) => findings(modelOf(document));
const texts = (document: ResultDocument): readonly string[] => said(document).map(({ text }) => text);

const LAG: Note = {
  kind: 'send-lag',
  part: 'generator',
  percentile: 99,
  lagUs: 38_000,
  responseUs: 100_000,
  cause: 'no-core',
  cpu: 0.4,
  connections: 64,
};

/** The sample with three repetitions, and `change` made to each of them. */
function changed(change: (repetition: Repetition) => Partial<Repetition>): ResultDocument {
  const document = oneVariant();
  const [variant] = document.variants as [VariantResult];
  const repetitions = [0, 1, 2].map((index) => {
    const one = { ...variant.repetitions[0]!, index };
    return { ...one, ...change(one) };
  });
  return { ...document, variants: [withConclusions({ ...variant, repetitions })] };
}

const withMachine = (before: NonNullable<Machine['before']>): ResultDocument => {
  const document = oneVariant();
  return { ...document, machine: { ...document.machine, cores: 4, before } };
};

describe('a late generator', () => {
  const late = changed(() => ({ observations: [LAG] }));

  it('keeps its times from being praised and compared', () => {
    expect(late.variants[0]!.caveats).toEqual([{ kind: 'generator-late' }]);
    expect(oneVariant().variants[0]!.caveats).toEqual([]);
    const good = (document: ResultDocument): string =>
      said(document)
        .filter(({ tone }) => tone === 'good')
        .map(({ text }) => text)
        .join('\n');
    expect(good(oneVariant())).toContain('p99 response time');
    expect(good(late)).not.toContain('p99 response time');
  });
});

describe('a machine', () => {
  it('that was busy before the run is told with its load and what to do', () => {
    const busy = { loadAverage1: 11, waiting: 0.34, isBusy: true };
    expect(said(withMachine(busy))[0]).toEqual({
      tone: 'warning',
      text: 'This machine was busy when the run began (load average 11 on 4 cores, and programs waited for a core in 34 % of the 10 s before): stop the other programs or use an idle machine, because times and rates include what these programs take.',
    });
    expect(texts(withMachine({ ...busy, waiting: null }))[0]).toContain('(load average 11 on 4 cores):');
  });

  it('that was idle, or of which an older result does not tell, is not', () => {
    const idle = { loadAverage1: 0.2, waiting: 0, isBusy: false };
    for (const document of [withMachine(idle), oneVariant()]) {
      expect(texts(document).join()).not.toContain('busy');
    }
  });
});

it('a closed loop says what it cannot see, an open loop does not', () => {
  const document = oneVariant();
  const [variant] = document.variants as [VariantResult];
  const load = {
    arrivals: 'constant',
    warmupUs: 0,
    durationUs: 1e6,
    agents: 1,
    connections: 1,
    timeoutUs: 1e6,
    driver: 'wire',
    workers: 1,
    maxInFlight: 1,
    checkIds: true,
  };
  const ofShape = (shape: object): ResultDocument => {
    const effective = { load: { ...load, shape }, fleet: null, balancer: null };
    const settings = { ...variant.settings, effective } as VariantResult['settings'];
    return { ...document, variants: [{ ...variant, settings }] };
  };
  const sentence = 'In a closed loop a call is made only when one has ended';
  expect(texts(ofShape({ kind: 'closed', concurrency: 8 })).join()).toContain(sentence);
  expect(texts(ofShape({ kind: 'rate', perSecond: 8 })).join()).not.toContain('closed loop');
});
