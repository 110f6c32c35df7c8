import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../units/user-error.ts';
import { parseThreshold, parseThresholds, type Threshold } from './threshold.ts';

const time = (statistic: unknown, series = 'responseTime'): unknown => ({ kind: 'time', series, statistic });

describe('a threshold', () => {
  it.each<[string, Record<string, unknown>]>([
    ['p(99) < 50ms', { subject: time({ percentile: 99 }), comparator: '<', bound: 50_000 }],
    ['p(99.9)<=1.5s', { subject: time({ percentile: 99.9 }), comparator: '<=', bound: 1_500_000 }],
    ['  response_time p( 50 )  <  950us ', { subject: time({ percentile: 50 }), bound: 950 }],
    ['mean < 2ms', { subject: time('mean'), bound: 2000 }],
    ['max < 1m', { subject: time('max'), bound: 60_000_000 }],
    ['send_lag p(99) < 1ms', { subject: time({ percentile: 99 }, 'sendLag'), bound: 1000 }],
    ['service_time mean < 1ms', { subject: time('mean', 'serviceTime') }],
    ['p(99){tools/call echo} < 50ms', { subject: time({ percentile: 99 }), call: 'tools/call echo' }],
    ['error_rate < 0.1%', { subject: { kind: 'error_rate' }, bound: 0.001 }],
    ['error_rate <= 0.25', { bound: 0.25 }],
    ['error_rate{tools/list} == 0', { subject: { kind: 'error_rate' }, call: 'tools/list', bound: 0 }],
    ['rate > 380/s', { subject: { kind: 'rate' }, comparator: '>', bound: 380 }],
    ['rate >= 2k/s', { comparator: '>=', bound: 2000 }],
    ['dropped == 0', { subject: { kind: 'dropped' }, comparator: '==', bound: 0 }],
    ['p(99) < 50ms for sessions, sticky', { variant: 'sessions, sticky' }],
    ['p(99) < 50ms for "for < all"', { variant: 'for < all' }],
  ])('%s', (text, expected) => {
    expect(parseThreshold(text)).toMatchObject({ ...expected, text: text.trim() });
  });

  it('without a filter or a variant has none', () => {
    expect(Object.keys(parseThreshold('mean < 2ms') as Threshold).sort()).toEqual(
      ['bound', 'comparator', 'subject', 'text'].sort(),
    );
  });

  it.each<[string, RegExp]>([
    ['', /not a threshold/],
    ['p(99)', /not a threshold/],
    ['p(99) < ', /not a threshold/],
    ['p(99) = 50ms', /not a threshold/],
    ['p(99) < 50 parsecs', /"50 parsecs" is not a duration/],
    ['p(0) < 50ms', /"p\(0\)" is not a percentile/],
    ['p(101) < 50ms', /not a percentile/],
    ['p(x) < 50ms', /not a percentile/],
    ['p99 < 50ms', /"p99" is nothing that is measured/],
    ['latency < 50ms', /"latency" is nothing that is measured/],
    ['send_lag rate < 5/s', /"rate" is nothing/],
    ['p(99) < 50', /"50" is not a duration/],
    ['p(99) < 5%', /"5%" is not a duration/],
    ['error_rate < 5ms', /"5ms" is not a share/],
    ['error_rate < 2', /"2" is not a share/],
    ['error_rate < 101%', /not a share/],
    ['rate > 380', /"380" is not a rate/],
    ['dropped == 0.5', /not a number of calls/],
    ['rate{tools/list} > 5/s', /"\{tools\/list\}" cannot stand/],
    ['send_lag max{tools/list} < 5ms', /cannot stand/],
    ['p(99){} < 5ms', /cannot stand/],
  ])('%s is a fault', (text, what) => {
    const fault = parseThreshold(text, 'thresholds[3]');
    expect(fault).toMatchObject({ where: 'thresholds[3]', what: expect.stringMatching(what) });
    expect(fault).toHaveProperty('expected', expect.stringMatching(/./));
  });

  it.each([
    ['p99 < 50ms', 'did you mean "p(99)"?'],
    ['eror_rate < 1%', 'did you mean "error_rate"?'],
    ['droped == 0', 'did you mean "dropped"?'],
    ['p(99) < 50 ms for a', 'did you mean "50ms"?'],
  ])('%s: %s', (text, todo) => {
    expect(parseThreshold(text)).toHaveProperty('todo', todo);
  });

  it.each(['foo < 3', 'p(99) < 50 parsecs'])('%s was meant to be nothing known', (text) => {
    expect(parseThreshold(text)).toHaveProperty('expected');
    expect(parseThreshold(text)).not.toHaveProperty('todo');
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
        expect('where' in parseThreshold(any) || 'bound' in parseThreshold(any)).toBe(true);
      }),
    );
  });
});

describe('the thresholds of a profile', () => {
  it('are read in their order', () => {
    const texts = ['p(99) < 50ms', 'dropped == 0'];
    expect(parseThresholds(texts).map(({ text }) => text)).toEqual(texts);
  });

  it('name every fault at once, by place', () => {
    try {
      parseThresholds(['p99 < 5ms', 'dropped == 0', 'rate > 5']);
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
