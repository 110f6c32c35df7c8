import { describe, expect, it } from 'vitest';
import type { Health } from '../generator/engine/health.ts';
import type { LoadSettings } from '../profile/settings.ts';
import { noteText } from '../report/note-text.ts';
import type { Summary } from '../result/document.ts';
import { judgeGenerator } from './generator.ts';

const LOAD = {
  shape: { kind: 'rate', perSecond: 400 },
  connections: 64,
  maxInFlight: 10_000,
  driver: 'undici',
} as LoadSettings;
const HEALTHY: Health = { cpu: 0.2, eventLoopDelayP99Us: 100, gc: 0.01, latenessP99Us: 100 };

const summary = (lagUs: number, responseUs: number, dropped = 0): Summary =>
  ({
    calls: { due: 10_000, dropped },
    sendLag: { count: 10_000, p90Us: 0, p99Us: lagUs },
    responseTime: { p90Us: responseUs, p99Us: responseUs },
  }) as Summary;

describe('the generator is the limit', () => {
  it.each<[string, Summary, Partial<Health>, string]>([
    ['when it was busy', summary(60_000, 100_000), { cpu: 0.99 }, 'raise load.workers'],
    ['when it got no core', summary(60_000, 100_000), { latenessP99Us: 50_000 }, 'did not get a core'],
    ['when every connection was busy', summary(60_000, 100_000), {}, 'raise load.connections'],
    ['when it dropped calls', summary(100, 10_000, 11), {}, 'load.maxInFlight = 10000'],
  ])('%s', (_, seen, health, words) => {
    const { generator, notes } = judgeGenerator(seen, { ...HEALTHY, ...health }, LOAD, 1);
    expect(generator.bound).toBe(true);
    expect(generator.reasons.join()).toContain(words);
    expect(notes).toEqual([]);
  });

  it.each<[string, Summary, LoadSettings]>([
    ['with a lag far below the response time', summary(10_000, 100_000), LOAD],
    ['with a lag that is noise, however fast the server', summary(1900, 2000), LOAD],
    ['with a few drops in ten thousand', summary(100, 10_000, 10), LOAD],
    [
      'in a closed loop, which knows no due time',
      summary(60_000, 100_000),
      { ...LOAD, shape: { kind: 'closed', concurrency: 8 } },
    ],
  ])('but not %s', (_, seen, load) => {
    const { generator } = judgeGenerator(seen, HEALTHY, load, 1);
    expect(generator).toMatchObject({ bound: false, reasons: [] });
  });

  it('is judged by the highest percentile that at least 20 calls lie beyond', () => {
    const late = (count: number): Summary =>
      ({
        calls: { due: count, dropped: 0 },
        sendLag: { count, p90Us: 60_000, p95Us: 70_000, p99Us: 80_000 },
        responseTime: { count, p90Us: 100_000, p95Us: 100_000, p99Us: 100_000 },
      }) as Summary;
    const reasonOf = (count: number): string =>
      judgeGenerator(late(count), HEALTHY, LOAD, 1).generator.reasons.join();
    expect([2000, 1999, 399].map((count) => /send lag (p\d+)/.exec(reasonOf(count))![1])).toEqual([
      'p99',
      'p95',
      'p90',
    ]);
  });

  it('is said to be near, in a note, before it is the limit', () => {
    const judged = (lagUs: number) => judgeGenerator(summary(lagUs, 100_000), HEALTHY, LOAD, 1);
    expect(judged(30_000).notes.map(noteText).join()).toContain('30 % of the response time');
    expect(judged(30_000).generator.bound).toBe(false);
    expect(judged(10_000).notes).toEqual([]);
  });
});
