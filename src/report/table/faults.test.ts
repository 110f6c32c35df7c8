import { describe, expect, it } from 'vitest';
import type { FaultSummary, ResultDocument } from '../../result/document.ts';
import { chartsOf } from '../chart/charts.ts';
import { findings } from '../findings/findings.ts';
import { renderers } from '../format/formats.ts';
import { headline } from '../format/text.ts';
import { modelOf } from '../model.ts';
import { demo } from '../sample-document.case.ts';
import { faultTable } from './faults.ts';

const even = (mean: number, never = 0) =>
  ({ median: mean, min: mean, max: mean, mean, ciLow: mean / 2, ciHigh: mean * 2, never }) as const;

const killed: Omit<FaultSummary, 'failedBefore'> = {
  kind: 'kill',
  atMs: 2000,
  repetitions: 3,
  callsFailed: even(31),
  sessionsLost: even(16),
  errorsStopMs: even(400),
  rebalanceMs: null,
  p99DuringUs: even(52_000),
};

const effect = {
  kind: 'kill',
  atMs: 2000,
  instance: '2',
  instances: ['2'],
  callsFailed: 31,
  sessionsLost: 16,
  errorsStopMs: 400,
  rebalanceMs: null,
  p99DuringUs: 52_000,
};

/** A kill in the second variant, before which this share of its calls failed. */
function withFaults(failedBefore: number | null = 0): ResultDocument {
  const whole = demo();
  return {
    ...whole,
    variants: whole.variants.map((variant, place) =>
      place === 1
        ? {
            ...variant,
            faults: [{ ...killed, failedBefore: failedBefore === null ? null : even(failedBefore) }],
            repetitions: variant.repetitions.map((one) => ({
              ...one,
              faults: [{ ...effect, failedBefore }],
            })),
          }
        : variant,
    ),
  };
}

const textOf = async (format: 'html' | 'md' | 'csv', document: ResultDocument): Promise<string> =>
  String((await renderers[format](modelOf(document))).files[0]!.content);

describe('faults in reports', () => {
  it('have a sentence with intervals', () => {
    const said = findings(modelOf(withFaults())).map(({ text }) => text);
    expect(said.find((text) => text.includes('killing'))).toBe(
      '“sessions, sticky”: after killing one of 4 instances at 2 s, 31 [15.5, 62] calls failed and 16 [8, 32] sessions were lost; errors stopped after 0.40 [0.20, 0.80] s, there was no second of even load before the next fault or the end and the p99 response time was 52.0 ms meanwhile.',
    );
  });

  it.each([
    [['2', '3'], 'killing 2 of 4 instances at'],
    [undefined, 'killing instance 2 at'],
  ])(
    'name how many instances they were injected into, of an older result which: %j',
    (instances, expected) => {
      const whole = withFaults();
      const variants = whole.variants.map((variant) => ({
        ...variant,
        repetitions: variant.repetitions.map((one) => ({
          ...one,
          ...(one.faults && { faults: one.faults.map((each) => ({ ...each, instances })) }),
        })),
      }));
      const said = findings(modelOf({ ...whole, variants })).map(({ text }) => text);
      expect(said.find((text) => text.includes('killing'))).toContain(expected);
    },
  );

  it('name how many instances were left when each began', () => {
    const whole = withFaults();
    const variants = whole.variants.map((variant) => ({
      ...variant,
      ...(variant.faults && { faults: [...variant.faults, { ...variant.faults[0]!, atMs: 3000 }] }),
      repetitions: variant.repetitions.map((one) => ({
        ...one,
        ...(one.faults && {
          faults: [...one.faults, { ...one.faults[0]!, atMs: 3000, instances: ['1', '3'], inService: 3 }],
        }),
      })),
    }));
    const said = findings(modelOf({ ...whole, variants })).map(({ text }) => text);
    expect(said.filter((text) => text.includes('killing'))).toEqual([
      expect.stringContaining('killing one of 4 instances at 2 s'),
      expect.stringContaining('killing 2 of 3 instances at 3 s'),
    ]);
  });

  it('have a sentence for the first six, and one that names the variants of the others', () => {
    const whole = withFaults();
    const { faults } = whole.variants[1]!;
    const [first] = whole.variants[1]!.repetitions;
    const names = ['a', 'b', 'c', 'd', 'e'];
    const variants = names.map((name) => ({
      ...whole.variants[1]!,
      name,
      faults: [...faults!, { ...faults![0]!, kind: 'add', callsFailed: null }],
      repetitions: [{ ...first!, faults: [...first!.faults!, { ...first!.faults![0]!, kind: 'add' }] }],
    }));
    const said = findings(modelOf({ ...whole, variants, comparisons: [] }));
    const sentences = said.filter(({ text }) => /after (killing|adding)/.test(text));
    expect(sentences.map(({ text }) => text.slice(0, 3))).toEqual(['“a”', '“a”', '“b”', '“b”', '“c”', '“c”']);
    expect(said).toContainEqual({
      tone: 'bad',
      text: 'Of “d” and “e”, 4 more effects of faults are in the table alone: calls failed after 2 of these faults.',
    });
  });

  it('count the handles that were refused, where calls brought any', async () => {
    const whole = withFaults();
    const variants = whole.variants.map((variant) => ({
      ...variant,
      ...(variant.faults && {
        faults: variant.faults.map((each) => ({ ...each, handles: even(180), handlesRefused: even(12) })),
      }),
    }));
    const said = findings(modelOf({ ...whole, variants })).map(({ text }) => text);
    expect(said.find((text) => text.includes('killing'))).toContain(
      '16 [8, 32] sessions were lost and 12 [6, 24] handles were refused;',
    );
    const { rows, heads } = faultTable(modelOf({ ...whole, variants }));
    expect(rows[0]![heads.indexOf('handles refused')]).toBe('12 [6, 24] of 180 [90, 360]');
    expect(await textOf('md', whole)).not.toContain('handles refused');
  });

  it('tell of calls that failed after the measured time, also where no other did', async () => {
    const later = (callsFailed: number): ResultDocument => {
      const whole = withFaults();
      const variants = whole.variants.map((variant) => ({
        ...variant,
        ...(variant.faults && {
          faults: variant.faults.map((each) => ({
            ...each,
            callsFailed: even(callsFailed),
            failedLater: even(3),
            errorsStopMs: null,
          })),
        }),
      }));
      return { ...whole, variants };
    };
    const about = (document: ResultDocument) =>
      findings(modelOf(document)).find(({ text }) => text.includes('killing'))!;
    expect(about(later(2)).text).toContain(
      '2 [1, 4] calls failed within the measured time, 3 [1.50, 6] calls failed after it and',
    );
    expect(about(later(0))).toMatchObject({
      tone: 'bad',
      text: expect.stringMatching(
        /no call failed within the measured time, .*; errors did not stop within the run,/,
      ),
    });
    expect(await textOf('md', later(2))).toContain('failed later');
    expect(await textOf('md', withFaults())).not.toContain('failed later');
  });

  it('are not blamed for calls that failed before them', () => {
    const sentence = (failedBefore: number | null): string =>
      findings(modelOf(withFaults(failedBefore)))
        .map(({ text }) => text)
        .find((text) => text.includes('killing'))!;
    expect(sentence(0.73)).toContain('before it, 73 % of the calls failed already');
    expect(sentence(0.73)).not.toContain('cost');
    for (const near of [0, 0.004, null]) expect(sentence(near)).not.toContain('before it');
  });

  it('that come in a row are counted each up to the next', () => {
    const whole = withFaults(0.73);
    const variants = whole.variants.map((one) => ({
      ...one,
      ...(one.faults && { faults: [...one.faults, { ...one.faults[0]!, kind: 'add', atMs: 3000 }] }),
    }));
    const said = findings(modelOf({ ...whole, variants })).map(({ text }) => text);
    expect(said.find((text) => text.includes('killing'))).toMatch(/lost until the next fault;/);
    expect(said.find((text) => text.includes('adding'))).toMatch(
      /were lost; before the first fault, 73 % of the calls failed already/,
    );
  });

  it('are the reason for load that leans, which is no warning then', () => {
    const leaning = (document: ResultDocument): ResultDocument => ({
      ...document,
      variants: document.variants.map((one, place) =>
        place === 1
          ? { ...one, summary: { ...one.summary!, balance: { jain: 0.9, maxOverMean: 1.4, uneven: true } } }
          : one,
      ),
    });
    const faulty = findings(modelOf(leaning(withFaults())));
    expect(faulty.find(({ text }) => text.includes('killing'))!.text).toContain('the Jain index is 0.90');
    expect(faulty.map(({ text }) => text).join()).not.toContain('uneven');
    expect(findings(modelOf(leaning(demo())))).toContainEqual({
      tone: 'warning',
      text: expect.stringMatching(/“sessions, sticky”: the load was uneven/),
    });
  });

  it.each(['html', 'md'] as const)('have a table in %s', async (format) => {
    const text = await textOf(format, withFaults());
    expect(text.replaceAll('\u00a0', ' ')).toContain('kill at 2 s');
    expect(text).toContain('never');
    expect(await textOf(format, demo())).not.toContain('kill at');
  });

  it('have columns in csv, and a table on the terminal', async () => {
    expect((await textOf('csv', withFaults())).split('\r\n')[0]).toMatch(
      /faults,fault_calls_failed,.*rebalance_ms$/,
    );
    expect((await textOf('csv', demo())).split('\r\n')[0]).not.toContain('fault');
    expect(headline(modelOf(withFaults()))).toContain('sessions lost');
  });

  it('are marked on the time chart, in the panel of their variant only', () => {
    const marks = (document: ResultDocument): number => {
      const chart = chartsOf(modelOf(document)).find(({ name }) => name === 'timeline')!;
      return JSON.stringify(chart.spec('wide')).split('"label":"kill"').length - 1;
    };
    expect(marks(withFaults())).toBe(1);
    expect(marks(demo())).toBe(0);
  });
});
