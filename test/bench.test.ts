import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthMb } from '../bench/memory.ts';
import { readH2load, readHey, readWrk } from '../bench/other-clients.ts';
import { formatSpread, orderOf, ratioOf, spreadOf } from '../bench/ratio.ts';
import { page, type SectionResult, withSection } from '../bench/report.ts';
import { markdown, plain } from '../bench/table.ts';
import { normalQuantile, quantile, serviceTimes } from '../bench/truth-theory.ts';

describe('ratios', () => {
  it('are taken within a round', () => {
    const rounds = [
      { wire: 100, wrk: 200 },
      { wire: 10, wrk: 10 },
      { wire: 60, wrk: 100 },
    ];
    expect(ratioOf(rounds, 'wire', 'wrk')).toEqual({ median: 0.6, min: 0.5, max: 1 });
  });

  it('leave out rounds in which one of the two is missing', () => {
    expect(ratioOf([{ wire: 3 }, { wire: 4, wrk: 2 }, { wrk: 2 }], 'wire', 'wrk')).toEqual({
      median: 2,
      min: 2,
      max: 2,
    });
    expect(ratioOf([{ wire: 3 }], 'wire', 'wrk')).toBeUndefined();
  });

  it('have a median between their extremes, half of the values on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e6 }), { minLength: 1 }), (values) => {
        const { median, min, max } = spreadOf(values)!;
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(formatSpread({ median: 2.5, min: 1, max: 4 }, 1)).toBe('2.5 (1.0 .. 4.0)');
    expect(formatSpread(undefined, 1)).toBe('');
  });

  it('come from rounds in alternating order', () => {
    expect([0, 1, 2].map((round) => orderOf(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'cba', 'abc']);
  });
});

describe('tables', () => {
  const table = {
    caption: 'Two',
    head: ['name', 'n'],
    rows: [
      ['a', '1'],
      ['long | one', '22'],
    ],
  };

  it('are aligned for a terminal', () => {
    expect(plain(table)).toEqual([
      'Two',
      'name         n',
      '----------  --',
      'a            1',
      'long | one  22',
    ]);
  });

  it('are escaped for Markdown', () => {
    expect(markdown(table)).toEqual([
      '**Two**',
      '',
      '| name | n |',
      '| --- | ---: |',
      '| a | 1 |',
      '| long \\| one | 22 |',
    ]);
  });
});

describe('the results', () => {
  const machine = { cpu: 'A', cores: 2, memoryBytes: 1, os: 'Linux', node: 'v20', loadAverage1: 0.1 };
  const section = (name: string, note: string): SectionResult => ({
    name,
    title: `About ${name}`,
    method: 'Somehow.',
    createdAt: '2026-01-02T03:04:05.000Z',
    command: 'npm run bench',
    effort: { rounds: 5, seconds: 3 },
    pinned: true,
    machine,
    tables: [],
    notes: [note],
    data: null,
  });

  it('keep the latest run of every section', () => {
    const empty = { schema: 'paceline/bench@1', sections: [] } as const;
    const all = [section('a', 'old'), section('b', 'only'), section('a', 'new')].reduce(withSection, empty);
    expect(all.sections.map(({ name, notes }) => [name, notes[0]])).toEqual([
      ['b', 'only'],
      ['a', 'new'],
    ]);
  });

  it('say how they were made', () => {
    const text = page([section('a', 'A note.')]);
    expect(text).toContain('## About a');
    expect(text).toContain('`npm run bench` on 2026-01-02: A, 2 cores, Linux, Node v20');
    expect(text).toContain('- A note.');
  });
});

describe('the output of other tools', () => {
  it('wrk', () => {
    const printed = `Running 1s test @ http://127.0.0.1:1/mcp
  1 threads and 32 connections
  51280 requests in 1.00s, 8.80MB read
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 4
Requests/sec:  51209.85
Transfer/sec:      8.79MB`;
    expect(readWrk(printed)).toEqual({ perSecond: 51_209.85, failed: 7 });
    expect(readWrk('Requests/sec:  10.5')).toEqual({ perSecond: 10.5, failed: 0 });
  });

  it('h2load', () => {
    const printed = `finished in 1.00s, 51859.00 req/s, 3.46MB/s
requests: 51859 total, 51891 started, 51859 done, 51850 succeeded, 9 failed, 9 errored, 0 timeout
status codes: 51850 2xx, 0 3xx, 9 4xx, 0 5xx`;
    expect(readH2load(printed)).toEqual({ perSecond: 51_859, failed: 9 });
  });

  it('hey', () => {
    const printed = `Summary:
  Requests/sec:	23812.7838

Status code distribution:
  [200]	23844 responses
  [503]	3 responses

Error distribution:
  [2]	Post "http://127.0.0.1:1/mcp": EOF`;
    expect(readHey(printed)).toEqual({ perSecond: 23_812.7838, failed: 5 });
  });

  it('an unknown output, which the error quotes', () => {
    expect(() => readWrk('unable to connect')).toThrow(/unable to connect/);
  });
});

describe('the theory of the truth tests', () => {
  it('computes quantiles of the normal distribution', () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.9, 1.2815515655],
      [0.99, 2.326347874],
      [0.999, 3.0902323062],
      [0.01, -2.326347874],
    ] as const) {
      expect(normalQuantile(p)).toBeCloseTo(z, 7);
    }
  });

  it('gives a server that freezes 1 s in every 5 the known percentiles', () => {
    const freezing = { kind: 'freezing', everyUs: 5e6, freezeUs: 1e6 } as const;
    const read = [0.5, 0.8, 0.9, 0.99, 0.999].map((share) => Math.round(quantile(freezing, share)));
    expect(read).toEqual([0, 0, 500_000, 950_000, 995_000]);
  });

  it('spreads a thousand calls over the whole distribution', () => {
    const lognormal = { kind: 'lognormal', medianUs: 50_000, sigma: 0.5 } as const;
    const next = serviceTimes(lognormal);
    const times = Array.from({ length: 1000 }, next).sort((a, b) => a - b);
    for (const share of [0.5, 0.9, 0.99]) {
      const found = times[Math.ceil(share * times.length) - 1]!;
      expect(found / quantile(lognormal, share)).toBeCloseTo(1, 1);
    }
    const bimodal = { kind: 'bimodal', fastUs: 1, slowUs: 2, slowShare: 0.2 } as const;
    const either = serviceTimes(bimodal);
    const slow = Array.from({ length: 1000 }, either).filter((us) => us === 2).length;
    expect(Math.abs(slow - 200)).toBeLessThanOrEqual(2);
  });
});

describe('memory', () => {
  it('grows by the difference of medians, not of single readings', () => {
    const mb = (value: number): number => value * 1024 ** 2;
    const readings = Array.from({ length: 120 }, (_, second) => mb(second < 60 ? 80 : 83));
    readings[8] = mb(200);
    readings[119] = mb(40);
    expect(growthMb(readings, 10, 120)).toBe(3);
  });
});
