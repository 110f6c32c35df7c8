import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../document.ts';
import { resultsOf } from '../history/series.case.ts';
import { sharedProblems, variantProblems } from './side-problems.ts';
import { measuredSide, type ResultFile } from './sides.ts';

const fileOf = (document: ResultDocument, at = 0): ResultFile => ({
  path: `${at + 1}/result.json`,
  document,
});
const filesOf = (...days: Parameters<typeof resultsOf>[0]): readonly ResultFile[] =>
  resultsOf(days).map(fileOf);
const [DAY] = filesOf({ responseUs: 1000 });

/** The result with `change` made to the calls of its first repetition. */
function edited(
  change: (repetition: ResultDocument['variants'][number]['repetitions'][number]) => object,
): ResultFile {
  const document = structuredClone(DAY!.document);
  const [first] = document.variants[0]!.repetitions;
  Object.assign(first!, change(first!));
  return fileOf(document);
}

describe('one side of a comparison', () => {
  it('takes the repetitions of its results together, in the order in which they were run', () => {
    const files = filesOf({ responseUs: 1000 }, { responseUs: 2000 });
    const { side, variants } = measuredSide('nightly', [files[1]!, files[0]!]);
    expect(side).toMatchObject({
      label: 'nightly',
      files: ['1/result.json', '2/result.json'],
      repetitions: 6,
    });
    expect(variants[0]!.repetitions.map(({ responseTime }) => Math.floor(responseTime.p50Us / 1000))).toEqual(
      [1, 1, 1, 2, 2, 2],
    );
  });

  it('leaves out what was interrupted, and says so', () => {
    const interrupted = edited(() => ({ complete: false }));
    const side = measuredSide('a', [fileOf({ ...interrupted.document, complete: false })]).side;
    expect(side).toMatchObject({ repetitions: 2, isComplete: false });
  });

  it('refuses nothing', () => {
    expect(() => measuredSide('empty', [])).toThrow('empty: holds no result');
  });

  it('refuses a copy, whose repetitions would count twice', () => {
    expect(() => measuredSide('a', [DAY!, { ...DAY!, path: 'copy.json' }])).toThrow(
      'copy.json: is a copy of 1/result.json',
    );
    expect(() => measuredSide('a', [DAY!, DAY!])).toThrow('1/result.json: was named twice');
  });

  it.each([
    [
      'other variants',
      { variants: ['a', 'b'] },
      'has the variants "a" and "b", and 1/result.json has "sticky"',
    ],
    ['another load', { profile: { load: { rate: '900/s' } } }, 'load.rate is 900/s instead of 400/s'],
    ['another machine', { machine: { cores: 4 } }, 'cores is 4 instead of 8'],
  ])('refuses a result of %s', (_, over, says) => {
    expect(() => measuredSide('a', filesOf({ responseUs: 1000 }, { responseUs: 1000, ...over }))).toThrow(
      says,
    );
  });

  it('takes results of other revisions, targets and servers together', () => {
    const files = filesOf(
      { responseUs: 1000, commit: 'a'.repeat(40) },
      { responseUs: 1000, profile: { fleet: { server: { command: 'node other.js' } } } },
    );
    expect(measuredSide('a', files).side.repetitions).toBe(6);
  });

  it.each([
    [
      'due',
      ({ calls }: { readonly calls: object }) => ({ calls: { ...calls, due: 21 } }),
      '21 calls were due, but 20 sent',
    ],
    [
      'sent',
      ({ calls }: { readonly calls: object }) => ({ calls: { ...calls, due: 19, sent: 19 } }),
      '19 calls were sent, but 20 ended',
    ],
    [
      'ok',
      ({ calls }: { readonly calls: object }) => ({ calls: { ...calls, ok: 10 } }),
      '10 calls were ok, but 20 ended so',
    ],
    [
      'a percentile',
      ({ responseTime }: { readonly responseTime: object }) => ({
        responseTime: { ...responseTime, p50Us: 5_000_000 },
      }),
      'the percentiles of responseTime are not in order',
    ],
    [
      'all percentiles',
      ({ responseTime }: { readonly responseTime: object }) => ({
        responseTime: { ...responseTime, p50Us: 900, p90Us: 900, p95Us: 900, p99Us: 900, p999Us: 900 },
      }),
      'the p50Us of responseTime is not that of its histogram',
    ],
    [
      'the mean',
      ({ responseTime }: { readonly responseTime: object }) => ({
        responseTime: { ...responseTime, meanUs: 900 },
      }),
      'the meanUs of responseTime is not that of its histogram',
    ],
    [
      'the number of times',
      ({ serviceTime }: { readonly serviceTime: object }) => ({ serviceTime: { ...serviceTime, count: 19 } }),
      'serviceTime is of 19 calls, but its histogram of 20',
    ],
    [
      'a histogram',
      ({ histograms }: { readonly histograms: object }) => ({
        histograms: { ...histograms, responseTime: 'edited' },
      }),
      'the histogram of responseTime cannot be read',
    ],
    [
      'goodput',
      ({ rate }: { readonly rate: object }) => ({ rate: { ...rate, goodputPerSecond: 21 } }),
      '21 calls per second were ok, but 20 answered',
    ],
    [
      'goodput, to less',
      ({ rate }: { readonly rate: object }) => ({ rate: { ...rate, goodputPerSecond: 15 } }),
      '15 calls per second were ok, but 20 in 1 s',
    ],
    [
      'the rate of answers',
      ({ rate }: { readonly rate: object }) => ({ rate: { ...rate, achievedPerSecond: 40 } }),
      '40 calls per second were answered, but 20 in 1 s',
    ],
    [
      'the rate of due calls',
      ({ rate }: { readonly rate: object }) => ({ rate: { ...rate, offeredPerSecond: 10 } }),
      '10 calls per second were due, but 20 in 1 s',
    ],
    [
      'a second',
      ({ windows }: { readonly windows: readonly object[] }) => ({
        windows: windows.map((one) => ({ ...one, arrived: { answered: 15, ok: 15 } })),
      }),
      '20 calls per second were answered, but 15 in 1 s',
    ],
  ])('refuses a result in which %s was edited', (_, change, says) => {
    expect(() => measuredSide('a', [edited(change)])).toThrow(`in repetition 1 of "sticky": ${says}`);
  });

  it('cannot check the rates of a result that does not have the answers of each second', () => {
    const older = edited(({ rate, windows }) => ({
      rate: { ...rate, goodputPerSecond: 15 },
      windows: windows.map(({ arrived: _, ...window }) => window),
    }));
    expect(() => measuredSide('a', [older])).not.toThrow();
  });

  it.each([
    ['two variants of one name', { variants: ['a', 'a'] }, {}, 'two variants have the name "a"'],
    ['no date', {}, { createdAt: 'yesterday' }, 'its createdAt is "yesterday", no date'],
  ])('refuses a result with %s', (_, day, over, says) => {
    const [{ document }] = filesOf({ responseUs: 1000, ...day }) as [ResultFile];
    const edited = { path: 'a.json', document: { ...document, ...over } };
    expect(() => measuredSide('a', [edited])).toThrow(`a.json: is a broken result: ${says}`);
  });
});

describe('two sides', () => {
  it('share no result', () => {
    const [one, other] = filesOf({ responseUs: 1000 }, { responseUs: 1000 });
    expect(sharedProblems([one!], [other!])).toEqual([]);
    expect(sharedProblems([one!], [other!, one!])).toMatchObject([{ what: 'was named twice' }]);
  });

  it('have a variant in common', () => {
    const [one, other, third] = filesOf(
      { responseUs: 1000, variants: ['a', 'b'] },
      { responseUs: 1000, variants: ['c', 'd'] },
      { responseUs: 1000, variants: ['b', 'c'] },
    ).map((file) => measuredSide(file.path, [file]));
    expect(variantProblems(one!, third!)).toEqual([]);
    expect(variantProblems(one!, other!)).toMatchObject([
      { what: 'has no variant of 1/result.json: it has "c" and "d", and that has "a" and "b"' },
    ]);
    const none = { ...other!, variants: [] };
    expect(variantProblems(one!, none)).toMatchObject([
      { what: 'has no variant of 1/result.json: it has no variants, and that has "a" and "b"' },
    ]);
  });
});
