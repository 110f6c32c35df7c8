import { describe, expect, it } from 'vitest';
import type { Health } from '../generator/engine/health.ts';
import type { LoadSettings } from '../profile/settings.ts';
import { noteText } from '../report/note-text.ts';
import type { Summary } from '../result/document.ts';
import { judgeGenerator } from './generator.ts';

const LOAD = {
  shape: { kind: 'rate', perSecond: 400 },
  connections: 64,
  maxConnections: 10_000,
  maxInFlight: 10_000,
  driver: 'undici',
} as LoadSettings;
const CLOSED: LoadSettings = { ...LOAD, shape: { kind: 'closed', concurrency: 8 }, durationUs: 10e6 };
const HEALTHY: Health = {
  cpu: 0.2,
  coreWait: 0.01,
  eventLoopDelayP99Us: 100,
  longestStopUs: 100,
  gc: 0.01,
  latenessP99Us: 100,
  readLag: { p50Us: 5, p90Us: 10, p95Us: 15, p99Us: 40 },
};
const judge = (
  seen: Summary,
  health: Partial<Health> = {},
  load: LoadSettings = LOAD,
  connections = 64,
): ReturnType<typeof judgeGenerator> =>
  judgeGenerator(seen, { health: { ...HEALTHY, ...health }, connections }, load, 1);

const RATE = { offeredPerSecond: 400, achievedPerSecond: 400 };

const summary = (lagUs: number, responseUs: number, dropped = 0): Summary =>
  ({
    calls: { due: 10_000, dropped },
    rate: RATE,
    sendLag: { count: 10_000, p50Us: 0, p90Us: 0, p99Us: lagUs },
    responseTime: { count: 10_000, p50Us: responseUs, p90Us: responseUs, p99Us: responseUs },
  }) as Summary;

/** Most calls are given from the caches of agents, and the others take `serviceUs`. */
const withHits = (seen: Summary, serviceUs: number): Summary =>
  ({
    ...seen,
    serviceTime: { ...seen.responseTime, p99Us: serviceUs, p90Us: serviceUs, p50Us: serviceUs },
    cache: { at: 'agent', hits: 9000 },
  }) as Summary;

describe('the generator is the limit', () => {
  it.each<[string, Summary, Partial<Health>, string]>([
    ['when it was busy', summary(60_000, 100_000), { cpu: 0.99 }, 'raise load.workers'],
    [
      'when it got no core',
      summary(60_000, 100_000),
      { coreWait: 0.4 },
      'waited for a core for 40 % of the time',
    ],
    [
      'for a cause that was not seen',
      summary(60_000, 100_000),
      {},
      'a load thread came late to calls that were due, and was 20 % busy',
    ],
    [
      'when both lags together are most of the response time',
      {
        ...summary(100, 80_000),
        sendLag: { count: 10_000, p50Us: 25_000, p90Us: 0, p99Us: 0 },
      } as Summary,
      { readLag: { ...HEALTHY.readLag, p50Us: 26_000 } },
      'estimated read lag p50 is 26 ms, 33 %',
    ],
    [
      'when it read most answers late',
      summary(100, 1000),
      { cpu: 0.8, readLag: { ...HEALTHY.readLag, p50Us: 520 } },
      'estimated read lag p50 is 520 us, 52 % of the response time p50 (1 ms): a load thread, 80 % busy',
    ],
    [
      'when it read some answers very late',
      summary(100, 5000),
      { readLag: { ...HEALTHY.readLag, p99Us: 3000 } },
      'estimated read lag p99 is 3 ms, 60 %',
    ],
    [
      'when a thread was always busy and did not keep up, whatever the lags say',
      { ...summary(100, 9e6), rate: { ...RATE, achievedPerSecond: 300 } },
      { cpu: 1 },
      'a load thread was 100 % busy, and 300 of 400 calls/s were answered',
    ],
    [
      'when a thread had work all the time, and no core for a part of it',
      { ...summary(100, 9e6), rate: { ...RATE, achievedPerSecond: 300 } },
      { cpu: 0.4, coreWait: 0.6 },
      'a load thread ran 40 % of the time and waited 60 % for a core, and 300 of 400 calls/s were answered: leave the machine more room',
    ],
    [
      'when it sent late what no cache gave',
      withHits(summary(60_000, 60_000), 100_000 - 60_000),
      {},
      'send lag p99 is 60 ms, 60 % of the response time p99 (100 ms)',
    ],
  ])('%s', (_, seen, health, words) => {
    const { generator, notes } = judge(seen, health);
    expect(generator.bound).toBe(true);
    expect(generator.reasons.join()).toContain(words);
    expect(notes).toEqual([]);
  });

  it.each<[string, Summary, LoadSettings]>([
    ['with a lag far below the response time', summary(10_000, 100_000), LOAD],
    ['with a lag that is noise, however fast the server', summary(1900, 2000), LOAD],
    [
      'with a lag that is as long as calls which a cache gave, and short beside those that were sent',
      withHits(summary(10_000, 10_000), 100_000),
      LOAD,
    ],
    [
      'with calls dropped at the in-flight limit, which the server kept under way',
      summary(100, 10_000, 5000),
      LOAD,
    ],
    ['in a closed loop, which knows no due time', summary(60_000, 100_000), CLOSED],
    [
      'with lags beside the times of a few answers, where most calls ended otherwise',
      { ...summary(60_000, 100_000), responseTime: { count: 2, p90Us: 100_000 } } as Summary,
      LOAD,
    ],
  ])('but not %s', (_, seen, load) => {
    const { generator } = judge(seen, {}, load);
    expect(generator).toMatchObject({ bound: false, reasons: [] });
  });

  it('is judged by the highest percentile that at least 20 calls lie beyond', () => {
    const late = (count: number): Summary =>
      ({
        calls: { due: count, dropped: 0 },
        rate: RATE,
        sendLag: { count, p90Us: 60_000, p95Us: 70_000, p99Us: 80_000 },
        responseTime: { count, p50Us: 100_000, p90Us: 100_000, p95Us: 100_000, p99Us: 100_000 },
      }) as Summary;
    const reasonOf = (count: number): string => judge(late(count)).generator.reasons.join();
    expect([2000, 1999, 399].map((count) => /send lag (p\d+)/.exec(reasonOf(count))![1])).toEqual([
      'p99',
      'p95',
      'p90',
    ]);
  });

  it.each<[number, number, LoadSettings, boolean]>([
    [2e6, 10e6, CLOSED, true],
    [0.9e6, 10e6, CLOSED, false],
    [0.4e6, 1e6, CLOSED, false],
    [0.6e6, 1e6, CLOSED, true],
    // Due times show it.
    [2e6, 10e6, LOAD, false],
  ])('and a stop of %i us in %i us of load %o limits it: %s', (longestStopUs, durationUs, load, bound) => {
    const { generator } = judge(summary(100, 10_000), { longestStopUs }, { ...load, durationUs });
    expect(generator.bound).toBe(bound);
    if (bound)
      expect(generator.reasons.join()).toMatch(/a load thread stood still for .* that were measured/);
  });

  it('is said to be near, in a note, before it is the limit', () => {
    const judged = (lagUs: number) => judge(summary(lagUs, 100_000));
    expect(judged(30_000).notes.map(noteText).join()).toContain('30 % of the response time');
    expect(judged(30_000).generator.bound).toBe(false);
    expect(judged(10_000).notes).toEqual([]);
  });

  it.each<[number, number, readonly string[]]>([
    [290, 1000, []],
    [310, 2000, []],
    [310, 1000, ['31 % of the response time p50']],
    [510, 1000, []],
  ])('a read lag of %i us in a median of %i us gives the notes %j', (p50Us, responseUs, words) => {
    const { notes } = judge(summary(100, responseUs), { readLag: { ...HEALTHY.readLag, p50Us } });
    expect(notes).toHaveLength(words.length);
    for (const [index, word] of words.entries()) expect(noteText(notes[index]!)).toContain(word);
  });

  it('tells that the pool grew', () => {
    expect(judge(summary(100, 10_000)).generator.connections).toBe(64);
    const { generator, notes } = judge(summary(100, 10_000), {}, LOAD, 812);
    expect(generator).toMatchObject({ bound: false, connections: 812 });
    expect(notes.map(noteText)).toEqual([
      'none of the 64 connections was free for some calls, so further ones were opened: up to 812',
    ]);
  });
});
