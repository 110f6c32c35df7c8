import { describe, expect, it } from 'vitest';
import { headlinePath, metricNamed } from './headline-path.ts';

describe('the headline metric', () => {
  it.each([
    ['p(99)', 'okResponseTime.p99Us'],
    ['p( 99.9 )', 'okResponseTime.p999Us'],
    ['mean', 'okResponseTime.meanUs'],
    ['all_response_time  p(50)', 'responseTime.p50Us'],
    ['service_time max', 'serviceTime.maxUs'],
    ['goodput', 'rate.goodputPerSecond'],
    ['error_rate', 'calls.errorRate'],
    ['responseTime.p99Us', 'responseTime.p99Us'],
  ])('is in the words of thresholds: %s', (text, path) => {
    expect(headlinePath(text)).toBe(path);
  });

  it.each([
    ['p99', 'did you mean "p(99)"?'],
    ['goodputt', 'did you mean "goodput"?'],
    ['responseTime.p99U', 'did you mean "responseTime.p99Us"?'],
    ['p(97)', 'did you mean "p(9'],
    ['weather', 'unknown metric "weather"'],
    ['offered_rate', 'neither better nor worse'],
  ])('is refused where it is not known: %s', (text, says) => {
    expect(() => headlinePath(text)).toThrow(says);
  });

  it('is named by any flag, and then may be better neither way', () => {
    expect(metricNamed('--metric', 'offered_rate').metric.better).toBe('neither');
    expect(() => metricNamed('--metric', 'weather')).toThrow('--metric: unknown metric "weather"');
  });
});
