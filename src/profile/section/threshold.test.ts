import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Problem, UserError } from '../../units/user-error.ts';
import { METRICS } from '../sample-profile.case.ts';
import type { BoundedMetric } from './bounded-metric.ts';
import { parseThreshold, parseThresholds, type Threshold } from './threshold.ts';

const time = (statistic: unknown, metric = 'response_time'): object => ({ metric, statistic });

const scalar = { isDistribution: false, isDefault: false, byCall: false };
/** Metrics of authorization: a distribution, one of which only some percentiles are known, and others. */
const AUTH: readonly BoundedMetric[] = [
  ...METRICS,
  { ...scalar, name: 'auth', unit: 'time', isDistribution: true },
  { ...scalar, name: 'auth added', unit: 'time', isDistribution: true, percentiles: [50, 90, 99] },
  { ...scalar, name: 'stale_window', unit: 'time' },
  { ...scalar, name: 'wrong_allows', unit: 'count', byIdentity: true },
  { ...scalar, name: 'audit_missing', unit: 'count' },
];

const name = fc
  .stringMatching(/^[a-z]([a-z _<.-]{0,8}[a-z])?$/)
  .filter((one) => !/(^| )(every|with|for)( |$)/.test(one));
const call = fc.oneof(
  name.map((tool) => `tools/call ${tool}`),
  fc.constantFrom('tools/list', 'resources/read a:b'),
);
const filter = fc.oneof(
  fc.record({}),
  fc.record({ call }),
  fc.record({ instance: name }),
  fc.record({ identity: name, call }, { requiredKeys: ['identity'] }),
);
const clause = fc.oneof(
  fc.record({}),
  fc.integer({ min: 1, max: 3600 }).map((seconds) => ({ everyUs: seconds * 1e6 })),
  fc.integer({ min: 50, max: 99 }).map((percent) => ({ confidence: percent / 100 })),
);
type Filtered = Partial<Record<'call' | 'instance' | 'identity', string>>;
const isMeasured = (
  { byCall, byInstance, byIdentity }: BoundedMetric,
  { call, instance, identity }: Filtered,
) =>
  (instance === undefined || byInstance === true) &&
  (identity === undefined || byIdentity === true) &&
  (call === undefined || identity !== undefined || byCall);

/** A threshold on one of the metrics, within the grammar. */
const anyThreshold: fc.Arbitrary<Omit<Threshold, 'text'>> = fc
  .record({
    metric: fc.constantFrom(...AUTH),
    statistic: fc.oneof(
      fc.constantFrom('mean' as const, 'max' as const),
      fc.constantFrom(1, 50, 99, 99.9, 100).map((percentile) => ({ percentile })),
    ),
    filter: filter as fc.Arbitrary<Filtered>,
    clause: clause as fc.Arbitrary<Pick<Threshold, 'everyUs' | 'confidence'>>,
    comparator: fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const, '==' as const),
    bound: fc.constantFrom(0, 2, 250, 1_000_000),
    variant: fc.option(name, { nil: undefined }),
  })
  .map(({ metric, statistic, filter, clause, comparator, bound, variant }) => {
    const { percentiles, isDistribution, overWindows = false } = metric;
    const known = percentiles ? { percentile: percentiles[0]! } : statistic;
    const isWhole = clause.everyUs === undefined;
    const fits = isWhole || (overWindows && known !== 'mean');
    const restricted = isMeasured(metric, filter) && isWhole ? filter : {};
    return {
      metric: metric.name,
      ...(isDistribution && { statistic: known }),
      ...restricted,
      comparator,
      bound: metric.unit === 'share' ? bound / 1e7 : bound,
      ...(fits && clause),
      ...(variant !== undefined && { variant }),
    };
  });

const BOUND_IN = {
  time: (us: number) => `${us}us`,
  share: (share: number) => `${share.toFixed(7)}`,
  fraction: String,
  ratio: String,
  rate: (rate: number) => `${rate}/s`,
  count: String,
} as const;

/** The text of a threshold. */
function printed(threshold: Omit<Threshold, 'text'>): string {
  const { metric, statistic, call, instance, identity, everyUs, confidence, variant } = threshold;
  const { unit } = AUTH.find(({ name }) => name === metric)!;
  const names = Object.entries({ call, instance, identity }).flatMap(([kind, text]) =>
    text === undefined ? [] : [`${kind}:${text}`],
  );
  return [
    metric,
    typeof statistic === 'object' ? `p(${statistic.percentile})` : (statistic ?? ''),
    names.length > 0 ? `{${names.join(',')}}` : '',
    threshold.comparator,
    BOUND_IN[unit](threshold.bound),
    everyUs === undefined ? '' : `every ${everyUs / 1e6}s`,
    confidence === undefined ? '' : `with ${Math.round(confidence * 100)}%`,
    variant === undefined ? '' : `for ${variant}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

describe('a threshold', () => {
  it.each<[string, Record<string, unknown>]>([
    ['p(99) < 50ms', { ...time({ percentile: 99 }), comparator: '<', bound: 50_000 }],
    ['p(99.9)<=1.5s', { ...time({ percentile: 99.9 }), comparator: '<=', bound: 1_500_000 }],
    ['  response_time p( 50 )  <  950us ', { ...time({ percentile: 50 }), bound: 950 }],
    ['mean < 2ms', { ...time('mean'), bound: 2000 }],
    ['max < 1m', { ...time('max'), bound: 60_000_000 }],
    ['send_lag p(99) < 1ms', { ...time({ percentile: 99 }, 'send_lag'), bound: 1000 }],
    ['service_time mean < 1ms', { ...time('mean', 'service_time') }],
    ['p(99){tools/call echo} < 50ms', { ...time({ percentile: 99 }), call: 'tools/call echo' }],
    ['error_rate < 0.1%', { metric: 'error_rate', bound: 0.001 }],
    ['error_rate <= 0.25', { bound: 0.25 }],
    ['error_rate < 100%', { metric: 'error_rate', bound: 1 }],
    ['error_rate == 1', { metric: 'error_rate', bound: 1 }],
    ['error_rate >= 1', { bound: 1 }],
    ['p(99.9){tool:search} < 200ms', { ...time({ percentile: 99.9 }), call: 'tools/call search' }],
    ['p(99){ tool : a, b } < 5ms', { call: 'tools/call a, b' }],
    ['p(99){call:tools/list} < 5ms', { call: 'tools/list' }],
    ['p(99){resources/read a://b/{{zipf 9 1}}?c<d} < 5ms', { call: 'resources/read a://b/{{zipf 9 1}}?c<d' }],
    ['error_rate{instance:1} < 1%', { metric: 'error_rate', instance: '1' }],
    ['wrong_allows{identity:reader} == 0', { metric: 'wrong_allows', identity: 'reader' }],
    [
      'wrong_allows{identity:reader, tool:echo} == 0 for jwt',
      { identity: 'reader', call: 'tools/call echo', variant: 'jwt' },
    ],
    ['error_rate < 1% every 10s', { bound: 0.01, everyUs: 10_000_000 }],
    ['p(99) < 5ms every 1m for for', { everyUs: 60_000_000, variant: 'for' }],
    ['rate >= 990/s with 95%', { bound: 990, confidence: 0.95 }],
    ['p(99) < 5ms with 99.9% for a with 95%', { confidence: 0.999, variant: 'a with 95%' }],
    ['error_rate{tools/list} == 0', { metric: 'error_rate', call: 'tools/list', bound: 0 }],
    ['rate > 380/s', { metric: 'rate', comparator: '>', bound: 380 }],
    ['rate >= 2k/s', { comparator: '>=', bound: 2000 }],
    ['max_over_mean < 1.5', { metric: 'max_over_mean', bound: 1.5 }],
    ['dropped == 0', { metric: 'dropped', comparator: '==', bound: 0 }],
    ['p(99) < 50ms for sessions, sticky', { variant: 'sessions, sticky' }],
    ['p(99) < 50ms for "for < all"', { variant: 'for < all' }],
  ])('%s', (text, expected) => {
    expect(parseThreshold(text, AUTH)).toMatchObject({ ...expected, text: text.trim() });
  });

  it('without a filter or a variant has none', () => {
    expect(Object.keys(parseThreshold('mean < 2ms', METRICS) as Threshold).sort()).toEqual(
      ['bound', 'comparator', 'metric', 'statistic', 'text'].sort(),
    );
  });

  it.each<[string, Partial<Threshold>]>([
    ['auth p(99) < 2ms', { ...time({ percentile: 99 }, 'auth'), bound: 2000 }],
    ['auth mean < 200us', { ...time('mean', 'auth'), bound: 200 }],
    ['auth added p(50) < 300us', { ...time({ percentile: 50 }, 'auth added'), bound: 300 }],
    ['auth  added  p(99) <= 1ms for jwt', { ...time({ percentile: 99 }, 'auth added'), variant: 'jwt' }],
    ['stale_window < 2s', { metric: 'stale_window', bound: 2e6 }],
    ['wrong_allows == 0', { metric: 'wrong_allows', comparator: '==', bound: 0 }],
    ['audit_missing == 0', { metric: 'audit_missing', comparator: '==', bound: 0 }],
  ])('%s, of authorization', (text, expected) => {
    expect(parseThreshold(text, AUTH)).toMatchObject(expected);
  });

  it.each<[string, RegExp, RegExp]>([
    ['auth added p(95) < 1ms', /"auth added p\(95\)" is not known/, /"auth added p\(50\)", .* or/],
    ['auth added mean < 1ms', /"auth added mean" is not known/, /"auth added p\(99\)"/],
    ['auth added < 1ms', /unknown metric "auth added"/, /"auth added"/],
    ['auth p(0.99) < 1ms', /not a percentile/, /from 1 to 100/],
    ['auth < 1ms', /unknown metric "auth"/, /after .*"auth"/],
    ['auth p(99){tools/list} < 1ms', /"auth" is not measured for each call/, /after "response_time" or/],
    ['auth removed p(50) < 1ms', /unknown metric "auth removed p\(50\)"/, /./],
    ['wrong_allows == none', /"none" is not a count/, /whole number/],
    ['stale_window < 2', /"2" is not a duration/, /50ms or 2s/],
  ])('%s, of authorization, is a fault', (text, what, expected) => {
    expect(parseThreshold(text, AUTH)).toMatchObject({
      what: expect.stringMatching(what),
      expected: expect.stringMatching(expected),
    });
  });

  it.each<[string, RegExp]>([
    ['', /not a threshold/],
    ['p(99)', /not a threshold/],
    ['p(99) < ', /not a threshold/],
    ['p(99) = 50ms', /not a threshold/],
    ['p(99) < 50 parsecs', /"50 parsecs" is not a duration/],
    ['p(0) < 50ms', /"p\(0\)" is not a percentile/],
    ['p(101) < 50ms', /not a percentile/],
    ['p(0.99) < 50ms', /"p\(0\.99\)" is not a percentile/],
    ['p(x) < 50ms', /not a percentile/],
    ['p99 < 50ms', /unknown metric "p99"/],
    ['latency < 50ms', /unknown metric "latency"/],
    ['send_lag rate < 5/s', /unknown metric "send_lag rate"/],
    ['p(99) < 50', /"50" is not a duration/],
    ['p(99) < 5%', /"5%" is not a duration/],
    ['error_rate < 5ms', /"5ms" is not a share/],
    ['error_rate < 2', /"2" is not a share/],
    ['error_rate < 1', /"1" is not a share/],
    ['error_rate <= 1.0', /"1.0" is not a share/],
    ['error_rate < 101%', /not a share/],
    ['max_over_mean < 50%', /"50%" is not a number/],
    ['latency p(99) < 5ms', /unknown metric "latency p\(99\)"/],
    ['service_time < 5ms', /unknown metric "service_time"/],
    ['rate > 380', /"380" is not a rate/],
    ['dropped == 0.5', /not a count/],
    ['rate{tools/list} > 5/s', /"rate" is not measured for each call/],
    ['send_lag max{tools/list} < 5ms', /is not measured for each call/],
    ['p(99){} < 5ms', /a name is missing in the braces/],
    ['p(99){tool:} < 5ms', /a name is missing in the braces/],
    ['p(99){tools/call a < 5ms', /"\{" has no "\}"/],
    ['p(99){server:1} < 5ms', /unknown filter "server"/],
    ['p(99){tool:a, tool:b} < 5ms', /names two of "tool"/],
    ['p(99){tool:a,call:tools/list} < 5ms', /names a call and a tool/],
    ['p(99){instance:1} < 5ms', /"response_time" is not measured for each instance/],
    ['error_rate{instance:1,tool:a} < 5%', /cannot be combined/],
    ['error_rate{identity:reader} < 5%', /"error_rate" is not measured for each identity/],
    ['dropped == 0 every 10s', /"dropped" is not known for parts of the run/],
    ['mean < 5ms every 10s', /windows keep no means/],
    ['p(99) < 5ms every', /"every" stands without a duration/],
    ['p(99) < 5ms every 10s every 5s', /"every" stands twice/],
    ['p(99) < 5ms every 1.5s', /"1.5s" is not a length of windows/],
    ['p(99) < 5ms every 0s', /"0s" is not a length of windows/],
    ['p(99){tool:a} < 5ms every 1s', /cannot be combined with braces/],
    ['p(99) < 5ms every 1s with 95%', /"every" and "with" cannot be combined/],
    ['p(99) < 5ms with 0.95', /"0.95" is not a confidence/],
    ['p(99) < 5ms with 49%', /"49%" is not a confidence/],
    ['p(99) < 5ms with 100%', /"100%" is not a confidence/],
    ['p(99) < 5ms for', /"for" stands without a variant/],
    ['p(99) < for a', /not a threshold/],
  ])('%s is a fault', (text, what) => {
    const fault = parseThreshold(text, METRICS, 'thresholds[3]');
    expect(fault).toMatchObject({ where: 'thresholds[3]', what: expect.stringMatching(what) });
    expect(fault).toHaveProperty('expected', expect.stringMatching(/./));
  });

  it.each([
    ['p99 < 50ms', 'did you mean "p(99)"?'],
    ['eror_rate < 1%', 'did you mean "error_rate"?'],
    ['droped == 0', 'did you mean "dropped"?'],
    ['p(99) < 50 ms for a', 'did you mean "50ms"?'],
    ['p(99) < 50', 'did you mean "50ms"?'],
    ['p(0.99) < 50ms', 'did you mean "p(99)"?'],
    ['p(0.999) < 50ms', 'did you mean "p(99.9)"?'],
    ['send_lag p(0.5) < 5ms', 'did you mean "p(50)"?'],
    ['error_rate < 1', 'did you mean "1%" or "100%"?'],
    ['error_rate <= 1', 'did you mean "1%" or "100%"?'],
  ])('%s: %s', (text, todo) => {
    expect(parseThreshold(text, METRICS)).toHaveProperty('todo', todo);
  });

  it.each(['foo < 3', 'p(99) < 50 parsecs'])('%s was meant to be nothing known', (text) => {
    expect(parseThreshold(text, METRICS)).toHaveProperty('expected');
    expect(parseThreshold(text, METRICS)).not.toHaveProperty('todo');
  });

  it.each([
    ['p(99) < 50 parsecs', '50 parsecs'],
    ['  latency < 5ms', 'latency'],
    ['send_lag p(101) < 5ms', 'p(101)'],
    ['auth added p(95) < 1ms', 'p(95)'],
    ['rate{tools/list} > 5/s', 'tools/list'],
    ['error_rate{server:1} < 1%', 'server:1'],
    ['error_rate{instance:1, tool:a} < 1%', '1'],
    ['wrong_allows{identity:a, tools:b} == 0', 'tools:b'],
    ['p(99) < 5ms every soon', 'soon'],
    ['p(99) < 5ms with luck for a', 'luck'],
    ['p(99) = 50ms', '= 50ms'],
    ['p(99) << 5ms', '<<'],
    ['p(99) <<= 5ms', '<<='],
    ['p(99) < < 5ms', '< <'],
    ['p(99) === 5ms', '==='],
    ['p(99) < 50ms foo', 'foo'],
    ['p(99) <  50ms  foo bar for a', 'foo'],
    ['error_rate < 1% foo', 'foo'],
    ['p(99)', ''],
    ['p(99) <', ''],
    ['p(99) < 5ms for', 'for'],
  ])('%s is wrong from "%s" on', (text, from) => {
    const fault = parseThreshold(text, AUTH);
    const offset = 'offset' in fault ? fault.offset! : -1;
    expect(text.slice(offset, offset + from.length)).toBe(from);
    expect(offset).toBe(from === '' ? text.length : text.indexOf(from));
  });

  it('reads what was printed, whatever it bounds', () => {
    return fc.assert(
      fc.property(anyThreshold, (threshold) => {
        const text = printed(threshold);
        expect(parseThreshold(text, AUTH)).toEqual({ ...threshold, text });
      }),
    );
  });

  it('of any text is read or a fault, never an exception', () => {
    const words = fc.constantFrom(
      'p(99)',
      'error_rate',
      '{tool:',
      'instance:1',
      ',',
      ' every ',
      ' with ',
      '95%',
      '10s',
      'p(',
      ')',
      '<',
      '==',
      '50ms',
      '{',
      '}',
      'for',
      'rate',
      '"',
      ' ',
      '0.1%',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    );
    return fc.assert(
      fc.property(text, (any) => {
        const read = parseThreshold(any, AUTH);
        expect('where' in read || 'bound' in read).toBe(true);
        if (!('where' in read)) return;
        expect(read.offset).toBeGreaterThanOrEqual(0);
        expect(read.offset).toBeLessThanOrEqual(any.length);
      }),
    );
  });
});

describe('the problem of an unknown metric', () => {
  it('names the nearest of many metrics, and where all stand', () => {
    const others = Array.from({ length: 80 }, (_, at) => ({
      ...scalar,
      name: `other_metric_${at}`,
      unit: 'count' as const,
    }));
    const times = others.map((one) => ({ ...one, name: `${one.name}_time`, isDistribution: true }));
    const many = [
      ...METRICS,
      ...others,
      ...times,
      { ...scalar, name: 'state_stolen_allowed', unit: 'count' as const },
    ];
    const { expected, todo } = parseThreshold('state_stolen_alowed == 0', many) as Pick<
      Problem,
      'expected' | 'todo'
    >;
    expect(expected).toContain('state_stolen_allowed, ');
    expect(expected).toContain('docs/metrics.md');
    expect(expected!.length).toBeLessThan(400);
    expect(todo).toBe('did you mean "state_stolen_allowed"?');
  });
});

describe('the thresholds of a profile', () => {
  it('are read in their order', () => {
    const texts = ['p(99) < 50ms', 'dropped == 0'];
    expect(parseThresholds(texts, METRICS).map(({ text }) => text)).toEqual(texts);
  });

  it('name every fault at once, by place', () => {
    try {
      parseThresholds(['p99 < 5ms', 'dropped == 0', 'rate > 5'], METRICS);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).problems.map(({ where }) => where)).toEqual([
        'thresholds[0]',
        'thresholds[2]',
      ]);
    }
  });
});
