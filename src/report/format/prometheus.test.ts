import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../result/document.ts';
import { modelOf } from '../model.ts';
import * as samples from '../sample-document.case.ts';
import { demo, hostile } from '../sample-document.case.ts';
import { type Exposed, readExposition } from './exposition.case.ts';
import { gitlab } from './gitlab.ts';
import { prometheus } from './prometheus.ts';
import { whole } from './rendered.ts';

const textOf = async (document: ResultDocument): Promise<string> =>
  String(whole((await prometheus(modelOf(document))).files[0]!.content));
const exposedBy = async (document: ResultDocument): Promise<Exposed> =>
  readExposition(await textOf(document));

const { allDropped, allFailed, interrupted, zeroCalls } = samples;

describe('the Prometheus text format', () => {
  it.each(Object.entries({ demo, hostile, allDropped, allFailed, interrupted, zeroCalls }))(
    'of the document "%s" follows the grammar',
    async (_, make) => {
      const { families } = await exposedBy(make());
      expect(families.get('paceline_verdict')?.samples).toHaveLength(1);
      for (const [name, { type, help }] of families) {
        expect(name).toMatch(/^paceline_[a-z0-9_]+$/);
        expect(['gauge', 'histogram']).toContain(type);
        expect(help).not.toBe('');
      }
    },
  );

  it('has the metrics in seconds, shares and calls per second', async () => {
    const document = demo();
    const { families } = await exposedBy(document);
    const [{ name, summary }] = [document.variants[1]!];
    const own = (family: string, labels: object = {}) =>
      families
        .get(family)!
        .samples.find((one) => JSON.stringify(one.labels) === JSON.stringify({ variant: name, ...labels }))
        ?.value;
    expect(own('paceline_response_time_p99_seconds')).toBe(summary!.responseTime.p99Us / 1e6);
    expect(own('paceline_error_rate_ratio')).toBe(summary!.calls.errorRate);
    expect(own('paceline_goodput_per_second')).toBe(summary!.rate.goodputPerSecond);
    expect(own('paceline_calls', { outcome: 'ok' })).toBe(summary!.calls.ok);
    expect(own('paceline_by_call_error_rate_ratio', { call: 'tools/list' })).toBe(
      summary!.byCall['tools/list']!.errorRate,
    );
  });

  it('has histograms whose buckets add up', async () => {
    const document = demo();
    const { families } = await exposedBy(document);
    const { samples: all } = families.get('paceline_service_time_seconds')!;
    for (const { name, summary } of document.variants) {
      const own = all.filter(({ labels }) => labels['variant'] === name);
      const buckets = own.filter((one) => one.name.endsWith('_bucket'));
      const counts = buckets.map(({ value }) => value);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
      expect(buckets.at(-1)!.labels['le']).toBe('+Inf');
      const { count, meanUs, p50Us } = summary!.serviceTime;
      expect(counts.at(-1)).toBe(count);
      expect(own.find((one) => one.name.endsWith('_count'))!.value).toBe(count);
      expect(own.find((one) => one.name.endsWith('_sum'))!.value).toBeCloseTo((meanUs * count) / 1e6);
      const middle = buckets.findIndex(({ value }) => value >= count / 2);
      expect(Number(buckets[middle]!.labels['le'])).toBeGreaterThanOrEqual((p50Us * 0.999) / 1e6);
      expect(Number(buckets[middle - 1]!.labels['le'])).toBeLessThan(p50Us / 1e6);
    }
  });

  it('escapes what names hold', async () => {
    const { families } = await exposedBy(hostile());
    const names = families.get('paceline_calls')!.samples.map(({ labels }) => labels['variant']);
    const model = modelOf(hostile());
    expect(new Set(names)).toEqual(new Set(model.measured.map(({ name }) => name)));
  });
});

describe('the metrics report of GitLab', () => {
  it('is OpenMetrics with the figures of the headline', async () => {
    const text = String(whole((await gitlab(modelOf(demo()))).files[0]!.content));
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    const { families } = readExposition(text.replace(/# EOF\n$/, ''));
    expect(families.get('paceline_response_time_p99_seconds')).toMatchObject({
      type: 'gauge',
      unit: 'seconds',
    });
    expect(families.get('paceline_error_rate_ratio')).toMatchObject({
      help: 'Error rate: share of the due calls that did not end ok; calls that were never sent count, refusals of planted misuse do not.',
    });
    expect([...families.values()].map(({ type }) => type)).not.toContain('histogram');
    expect(families.size).toBeLessThan(12);
  });
});
