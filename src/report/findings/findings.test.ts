import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { recordingOf, variantOf } from '../../result/summary/result.case.ts';
import { withConclusions } from '../../result/summary/variant-result.ts';
import { outcomes } from '../chart/outcomes.ts';
import { modelOf } from '../model.ts';
import {
  allFailed,
  DEMO,
  demo,
  documentOf,
  generatorBound,
  hostile,
  interrupted,
  manyVariants,
  oneVariant,
  zeroCalls,
} from '../sample-document.case.ts';
import { findings } from './findings.ts';

const texts = (document: ResultDocument): readonly string[] =>
  findings(modelOf(document)).map(({ text }) => text);
const ratioOf = (
  ratio: number,
  ciLow: number,
  ciHigh: number,
  verdict: 'better' | 'worse' | 'same' | 'undecided',
) => ({
  ...documentOf([DEMO[1]!, DEMO[3]!]),
  comparisons: [
    {
      metric: 'responseTime.p99Us',
      base: DEMO[1]!.name,
      candidate: DEMO[3]!.name,
      ratio,
      ciLow,
      ciHigh,
      verdict,
      because: verdict === 'undecided' ? ('wide-interval' as const) : null,
      repetitions: 3,
      alike: true,
    },
  ],
});

describe('findings of the demo', () => {
  const found = findings(modelOf(demo()));

  it('says what was lost, with the owner hits and the spread over repetitions', () => {
    expect(found[0]).toEqual({
      tone: 'bad',
      text: expect.stringMatching(
        /^“sessions, round-robin” lost 75 % of its 12,000 calls \(74 % to 76 % over 3 repetitions\): they reached an instance that did not know their session \(owner hits 25 %\); /,
      ),
    });
  });

  it('says what went well', () => {
    expect(found).toContainEqual({
      tone: 'good',
      text: expect.stringMatching(
        /^“sessions, sticky”: all 12,000 calls ended ok; .*owner hits 100 % and Jain index/,
      ),
    });
  });

  it('compares a variant with the base that it names', () => {
    expect(texts(demo())).toContainEqual(
      expect.stringMatching(
        /^“stateless, round-robin” against “sessions, sticky”: better in p50 response time \(0\.\d+x \[0\.\d+, 0\.\d+\]\)/,
      ),
    );
  });

  it('never calls a variant slower or faster than one whose calls failed', () => {
    const against = texts(demo()).filter((text) =>
      text.includes('response time with “sessions, round-robin”'),
    );
    expect(against).toHaveLength(1);
    expect(against[0]).toMatch(/^Not comparable in .*\(75 % of its calls failed\)/);
    expect(against[0]).not.toMatch(/better|worse/);
  });
});

describe('comparisons', () => {
  it.each([
    [
      ratioOf(1.4, 1.2, 1.7, 'worse'),
      'bad',
      '“stateless, round-robin” against “sessions, sticky”: worse in p99 response time (1.40x [1.20, 1.70]).',
    ],
    [
      ratioOf(0.7, 0.6, 0.8, 'better'),
      'good',
      '“stateless, round-robin” against “sessions, sticky”: better in p99 response time (0.70x [0.60, 0.80]).',
    ],
    [
      ratioOf(1, 0.99, 1.01, 'same'),
      'neutral',
      '“stateless, round-robin” against “sessions, sticky”: no difference that matters in p99 response time.',
    ],
    [
      ratioOf(1.1, 0.9, 1.3, 'undecided'),
      'neutral',
      '“stateless, round-robin” against “sessions, sticky”: undecided in p99 response time (1.10x [0.90, 1.30]).',
    ],
  ])('carry the interval and the verdict', (document, tone, text) => {
    expect(findings(modelOf(document))).toContainEqual({ tone, text });
  });

  it('are undecided without an interval', () => {
    const said = texts(documentOf([DEMO[1]!, DEMO[3]!], 2)).filter((text) => /x \[|Undecided/.test(text));
    expect(said).toEqual([expect.stringMatching(/^Undecided: .*too few repetitions/)]);
  });

  const refused = { ...DEMO[3]!, failure: { outcome: 'refused', detail: '', share: 1 } } as const;

  it('of times are missing where a variant has none, and say why', () => {
    const said = texts(documentOf([DEMO[1]!, { ...refused, name: 'down' }]));
    expect(said.at(-1)).toBe(
      'Response times are not compared with “down”, which had repetitions without a single response time (refused and broken connections have none).',
    );
    expect(said).toContain(
      '“down” against “sessions, sticky”: worse in error rate (100 % against 0 %) and successful calls per second (0/s against 400/s).',
    );
  });

  const both = (verdicts: readonly ['better' | 'worse', 'better' | 'worse']): ResultDocument => {
    const [first] = ratioOf(1.2, 1.1, 1.3, verdicts[0]).comparisons;
    const second = { ...first!, metric: 'responseTime.p50Us', verdict: verdicts[1] };
    return { ...ratioOf(1.2, 1.1, 1.3, 'worse'), comparisons: [first!, second] };
  };

  it('say a gain and a loss, both', () => {
    expect(findings(modelOf(both(['worse', 'better'])))).toContainEqual({
      tone: 'warning',
      text: '“stateless, round-robin” against “sessions, sticky”: better in p50 response time (1.20x [1.10, 1.30]), but worse in p99 response time (1.20x [1.10, 1.30]).',
    });
  });

  it('never round an interval so that it contradicts the claim', () => {
    expect(texts(ratioOf(0.7, 0.579, 0.9953, 'better')).join()).toContain('(0.70x [0.57, 0.996])');
  });

  it('tell once at which level all of them hold', () => {
    const level = (document: ResultDocument): number =>
      texts(document).filter((text) => text.includes('95 %')).length;
    expect([level(demo()), level(oneVariant())]).toEqual([1, 0]);
  });

  it('tell that conditions changed, if they did', () => {
    const drift = { metric: 'responseTime.p50Us', ratio: 1.3, ciLow: 1.2, ciHigh: 1.41 };
    const drifted = (notable: boolean): string =>
      texts({ ...demo(), drifts: [{ ...drift, notable }] }).join();
    expect(drifted(true)).toContain('the p50 response time rose by 30 % from the first trial to the last');
    expect(drifted(false)).not.toContain('Conditions changed');
  });

  it('leave out only the variant without times, and say so', () => {
    const said = texts(documentOf([DEMO[1]!, DEMO[3]!, { ...refused, name: 'down' }]));
    expect(said).toContainEqual(
      expect.stringMatching(/against “sessions, sticky”: .*p99 response time \(.*x \[/),
    );
    expect(said.at(-1)).toMatch(/^Response times are not compared with “down”/);
    expect(said.join()).not.toContain('too few repetitions');
  });
});

describe('what restricts the rest comes first', () => {
  it('an interruption', () => {
    const [first, second] = findings(modelOf(interrupted()));
    expect(first).toEqual({
      tone: 'warning',
      text: 'Incomplete: 3 of 12 trials ran to the end. “sessions, sticky” repetition 2 was cut short. The figures cover what was measured.',
    });
    expect(second?.text).toBe('Nothing was measured of “stateless, round-robin”.');
  });

  it('a generator at its limit, and no time of that variant is praised', () => {
    const all = texts(generatorBound());
    expect(all[0]).toMatch(
      /^The load generator, not the server, limited 3 of 12 trials: “stateless, round-robin” \(event loop/,
    );
    expect(all.filter((text) => text.startsWith('“stateless, round-robin”: all'))[0]).not.toContain('p99');
    expect(all.join()).not.toContain('fell behind');
    expect(all.filter((text) => /^“stateless, round-robin” against .*(better|worse)/.test(text))).toEqual([]);
  });

  it('nothing at all', () => {
    expect(findings(modelOf(zeroCalls()))).toEqual([
      { tone: 'warning', text: 'No call fell due in the measured time: there is nothing to report.' },
    ]);
  });
});

describe('failures', () => {
  it('do not count the calls that Paceline ended itself', () => {
    const recording = recordingOf([
      { count: 50, responseUs: 10 },
      { count: 40, responseUs: 10, outcome: 'aborted' },
    ]);
    const all = texts({ ...oneVariant(), variants: [variantOf('v', [recording], { complete: false })] });
    expect(all.join()).not.toContain('failed');
    expect(all.join()).toContain(
      '50 calls ended ok, and 40 that had no answer yet when the run was stopped were aborted',
    );
  });

  it('are counted and explained', () => {
    expect(texts(allFailed())).toEqual([
      '“stateless, round-robin”: 12,000 of 12,000 calls (100 %) failed: refused 12,000, “ECONNREFUSED 127.0.0.1:3000”.',
    ]);
  });

  it('name calls that were never sent', () => {
    const document = oneVariant();
    const [variant] = document.variants;
    const summary = variant!.summary!;
    const counts = { due: summary.calls.due + 1000, dropped: 1000, shares: { ok: 0.8, dropped: 0.2 } };
    const calls = { ...summary.calls, ...counts };
    const dropped = { ...document, variants: [{ ...variant!, summary: { ...summary, calls } }] };
    expect(texts(dropped)).toContainEqual(
      expect.stringContaining(
        '20 % of the 5,000 calls due were never sent, because as many as load.maxInFlight allows were under way.',
      ),
    );
    const repetitions = variant!.repetitions.map((one) => ({
      ...one,
      generator: { ...one.generator, bound: true },
    }));
    const [only] = dropped.variants;
    expect(texts({ ...dropped, variants: [{ ...only!, repetitions }] })).toContainEqual(
      expect.stringContaining(
        'never sent, because the load generator was late, and as many as load.maxInFlight allows were due or under way.',
      ),
    );
  });

  it('tell when the target fell behind the rate', () => {
    const document = oneVariant();
    const [variant] = document.variants;
    const rate = { offeredPerSecond: 400, achievedPerSecond: 312 };
    const byDue = { due: 400, answered: 400, timedOut: 0, beyondWarmupUs: 0 };
    const windows = variant!.summary!.windows.map((window) => ({ ...window, byDue }));
    const behind = withConclusions({ ...variant!, summary: { ...variant!.summary!, rate, windows } });
    const slow = { ...document, variants: [behind] };
    expect(texts(slow)).toContainEqual(
      expect.stringMatching(/fell behind: 312 of the 400 calls due per second/),
    );
    expect(texts(document).join()).not.toContain('fell behind');
  });

  it('do not blame the routing when every call reached its owner', () => {
    const document = documentOf([
      { ...DEMO[1]!, failure: { outcome: 'session-lost', detail: '404', share: 0.1 } },
    ]);
    expect(texts(document)[0]).toContain('the instance that created their session did not know it any more');
  });
});

it.each([
  ['many variants', manyVariants],
  ['hostile names', hostile],
  ['one variant', oneVariant],
])('stay few, in one line each, without control characters: %s', (_, make) => {
  const all = texts(make());
  expect(all.length).toBeGreaterThan(0);
  expect(all.length).toBeLessThanOrEqual(14);
  for (const text of all) expect(text).toMatch(/^\P{Cc}+$/u);
});

describe('planted misuse', () => {
  const withStolen = (refused: number) => {
    const recording = recordingOf([
      { count: 60, responseUs: 1000 },
      { count: refused, responseUs: 400, outcome: 'tool-error', stolen: true, detail: 'no such basket' },
      { count: 40 - refused, responseUs: 1000, stolen: true },
    ]);
    const document = { ...oneVariant(), variants: [variantOf('tried', [recording])] };
    const [variant] = document.variants;
    const state = {
      calls: 60,
      unknown: 0,
      unknownShare: 0,
      bytesPerCall: 30,
      stolen: { calls: 40, refused },
      time: variant!.summary!.serviceTime,
    };
    return { ...document, variants: [{ ...variant!, summary: { ...variant!.summary!, state } }] };
  };

  it('that is refused is no failure, in sentences and charts', () => {
    const said = texts(withStolen(40));
    expect(said.join('\n')).toContain(
      '60 calls ended ok, and 40 with the handle of another agent were refused, as they should be',
    );
    expect(said.join('\n')).not.toContain('failed');
    expect(outcomes(modelOf(withStolen(40)))).toBeUndefined();
  });

  it('that is let through is no success', () => {
    const said = texts(withStolen(0)).join('\n');
    expect(said).not.toContain('ended ok');
    expect(said).toContain('40 of 40 calls with the handle of another agent were let through');
  });

  it('is drawn apart from failures', () => {
    const mixed = recordingOf([
      { count: 60, responseUs: 1000 },
      { count: 30, responseUs: 400, outcome: 'tool-error', stolen: true },
      { count: 10, responseUs: 400, outcome: 'tool-error' },
    ]);
    const document = { ...oneVariant(), variants: [variantOf('tried', [mixed])] };
    expect(outcomes(modelOf(document))!.table).toEqual({
      columns: [
        'variant',
        'calls due',
        'ok',
        'ok %',
        'misuse, refused',
        'misuse, refused %',
        'tool-error',
        'tool-error %',
      ],
      rows: [['tried', '100', '60', '60.0', '30', '30.0', '10', '10.0']],
    });
    expect(texts(document).join('\n')).toContain('10 of 100 calls (10 %) failed: tool-error 10');
  });
});
