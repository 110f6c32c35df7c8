import { describe, expect, it } from 'vitest';
import type { FaultSummary, ResultDocument } from '../result/document.ts';
import { chartsOf } from './chart/charts.ts';
import { findings } from './findings.ts';
import { renderers } from './formats.ts';
import { headline } from './headline.ts';
import { demo } from './sample-document.case.ts';

const even = (mean: number, never = 0) =>
  ({ median: mean, min: mean, max: mean, mean, ciLow: mean / 2, ciHigh: mean * 2, never }) as const;

const killed: FaultSummary = {
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
  callsFailed: 31,
  sessionsLost: 16,
  errorsStopMs: 400,
  rebalanceMs: null,
  p99DuringUs: 52_000,
};

function withFaults(): ResultDocument {
  const whole = demo();
  return {
    ...whole,
    variants: whole.variants.map((variant, place) =>
      place === 1
        ? {
            ...variant,
            faults: [killed],
            repetitions: variant.repetitions.map((one) => ({ ...one, faults: [effect] })),
          }
        : variant,
    ),
  };
}

const textOf = async (format: 'html' | 'md' | 'csv', document: ResultDocument): Promise<string> =>
  String((await renderers[format](document)).files[0]!.content);

describe('faults in reports', () => {
  it('are told in a sentence with intervals', () => {
    const said = findings(withFaults()).map(({ text }) => text);
    expect(said.find((text) => text.includes('Killing'))).toBe(
      '“sessions, sticky”: Killing one of 4 instances at 2.00 s cost 31 [15.5, 62] calls and 16 [8, 32] sessions; errors stopped after 0.40 [0.20, 0.80] s, there was no second of even load before the next fault or the end and the p99 response time was 52.0 ms meanwhile.',
    );
  });

  it.each(['html', 'md'] as const)('have a table in %s', async (format) => {
    const text = await textOf(format, withFaults());
    expect(text).toContain('kill at 2.00 s');
    expect(text).toContain('never');
    expect(await textOf(format, demo())).not.toContain('kill at');
  });

  it('have columns in csv, and a table on the terminal', async () => {
    expect((await textOf('csv', withFaults())).split('\r\n')[0]).toMatch(
      /faults,fault_calls_failed,.*rebalance_ms$/,
    );
    expect((await textOf('csv', demo())).split('\r\n')[0]).not.toContain('fault');
    expect(headline(withFaults())).toContain('sessions lost');
  });

  it('are marked on the time chart, in the panel of their variant only', () => {
    const marks = (document: ResultDocument): number => {
      const chart = chartsOf(document).find(({ name }) => name === 'timeline')!;
      return JSON.stringify(chart.spec('wide')).split('"label":"kill"').length - 1;
    };
    expect(marks(withFaults())).toBe(1);
    expect(marks(demo())).toBe(0);
  });
});
