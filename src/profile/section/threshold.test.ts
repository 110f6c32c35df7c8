import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { METRICS } from '../sample-profile.case.ts';
import { type BoundedMetric, parseThreshold, parseThresholds, type Threshold } from './threshold.ts';

const time = (statistic: unknown, metric = 'response_time'): object => ({ metric, statistic });

const scalar = { isDistribution: false, isDefault: false, byCall: false };
/** Metrics of authorization: a distribution, one of which only some percentiles are known, and others. */
const AUTH: readonly BoundedMetric[] = [
  ...METRICS,
  { ...scalar, name: 'auth', unit: 'time', isDistribution: true },
  { ...scalar, name: 'auth added', unit: 'time', isDistribution: true, percentiles: [50, 90, 99] },
  { ...scalar, name: 'stale_window', unit: 'time' },
  { ...scalar, name: 'wrong_allows', unit: 'count' },
  { ...scalar, name: 'audit_missing', unit: 'count' },
];

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
    ['error_rate{tools/list} == 0', { metric: 'error_rate', call: 'tools/list', bound: 0 }],
    ['rate > 380/s', { metric: 'rate', comparator: '>', bound: 380 }],
    ['rate >= 2k/s', { comparator: '>=', bound: 2000 }],
    ['max_over_mean < 1.5', { metric: 'max_over_mean', bound: 1.5 }],
    ['dropped == 0', { metric: 'dropped', comparator: '==', bound: 0 }],
    ['p(99) < 50ms for sessions, sticky', { variant: 'sessions, sticky' }],
    ['p(99) < 50ms for "for < all"', { variant: 'for < all' }],
  ])('%s', (text, expected) => {
    expect(parseThreshold(text, METRICS)).toMatchObject({ ...expected, text: text.trim() });
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
    ['auth added p(95) < 1ms', /"auth added p\(95\)" is not known/, /"auth added p\(50\)" or/],
    ['auth added mean < 1ms', /"auth added mean" is not known/, /"auth added p\(99\)"/],
    ['auth added < 1ms', /unknown metric "auth added"/, /"auth added"/],
    ['auth p(0.99) < 1ms', /not a percentile/, /from 1 to 100/],
    ['auth < 1ms', /unknown metric "auth"/, /after .*"auth"/],
    ['auth p(99){tools/list} < 1ms', /is not valid here/, /./],
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
    ['rate{tools/list} > 5/s', /"\{tools\/list\}" is not valid here/],
    ['send_lag max{tools/list} < 5ms', /is not valid here/],
    ['p(99){} < 5ms', /is not valid here/],
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

  it('of any text is read or a fault, never an exception', () => {
    const words = fc.constantFrom(
      'p(99)',
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
        expect('where' in parseThreshold(any, METRICS) || 'bound' in parseThreshold(any, METRICS)).toBe(true);
      }),
    );
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
