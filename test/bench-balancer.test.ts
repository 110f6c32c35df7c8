/** @module Proves the computations of the bench's section `balancer`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCpuTime } from '../bench/balancer.ts';
import { addedBy, type BalancerRound, closedTable, openTable, verdicts } from '../bench/balancer-figures.ts';

describe('CPU time of a process', () => {
  it('is user and system time, whatever characters its name contains', () => {
    const rest = 'S 1 2 3 0 -1 4194560 100 0 0 0 125 75 7 8 20 0 11 0 987654';
    expect(readCpuTime(`4711 (node) ${rest}`)).toBe(2_000_000);
    expect(readCpuTime(`4711 (a) b 1 (c) ${rest}`)).toBe(2_000_000);
  });

  it.runIf(process.platform === 'linux')('equals what the process itself reports', () => {
    const before = process.cpuUsage();
    const read = readCpuTime(readFileSync('/proc/self/stat', 'utf8'));
    const after = process.cpuUsage();
    // Ticks of 10 ms; user and system time are each rounded down.
    expect(read).toBeGreaterThan(before.user + before.system - 40_000);
    expect(read).toBeLessThanOrEqual(after.user + after.system + 20_000);
  });
});

describe('what a balancer adds', () => {
  it('is a difference within a round, where both were measured', () => {
    const rounds = [
      { direct: 1, embedded: 1.5 },
      { direct: 3, embedded: 3.25 },
      { embedded: 9 },
      { direct: 2 },
    ];
    expect(addedBy(rounds, 'embedded', 'direct')).toEqual({ median: 0.375, min: 0.25, max: 0.5 });
    expect(addedBy(rounds, 'haproxy', 'direct')).toBeUndefined();
  });
});

describe('the figures of a balancer', () => {
  const round = (embeddedUs: number, p50: number): BalancerRound => ({
    perSecond: { embedded: 8000, haproxy: 16_000 },
    cpuUs: { embedded: embeddedUs, haproxy: 20 },
    p50Ms: { direct: 0.2, embedded: p50, haproxy: 0.25 },
    failures: [],
  });

  it('are those of each balancer, and ratios of one round', () => {
    const rounds = [round(25, 0.4), round(50, 0.5), round(100, 0.6)];
    const [embedded, haproxy] = closedTable(['embedded', 'haproxy'], rounds).rows;
    // 8000 calls of 50 us use 40 % of a core, whose capacity is 20,000 of them: 0.4 of HAProxy's 50,000.
    expect(embedded!.map((cell) => cell.replace(/ .*/, ''))).toEqual([
      'embedded',
      '8000',
      '0.50',
      '40',
      '50.0',
      '20000',
      '0.40',
    ]);
    expect(haproxy!.map((cell) => cell.replace(/ .*/, ''))).toEqual([
      'haproxy',
      '16000',
      '1.00',
      '32',
      '20.0',
      '50000',
      '1.00',
    ]);
    expect(
      openTable(['direct', 'embedded'], rounds).rows.map((row) => row.map((cell) => cell.replace(/ .*/, ''))),
    ).toEqual([
      ['direct', '0.200', ''],
      ['embedded', '0.500', '0.300'],
    ]);
  });

  it('are compared with the goals, and name the bottleneck', () => {
    expect(verdicts([round(40, 0.45)]).join('\n')).toMatch(
      /0\.50 x HAProxy in the closed loop.*reached[\s\S]*embedded and haproxy did not saturate a core[\s\S]*0\.50 x HAProxy by CPU.*reached[\s\S]*adds 0\.250 ms.*reached/,
    );
    const missed = verdicts([round(124, 0.6)]).join('\n');
    expect(missed).toMatch(/\nhaproxy did not saturate a core/);
    expect(missed).toMatch(/0\.16 x HAProxy by CPU.*MISSED[\s\S]*adds 0\.400 ms.*MISSED/);
  });

  it('report a missing HAProxy', () => {
    const alone = { perSecond: { embedded: 8000 }, cpuUs: { embedded: 50 }, p50Ms: {}, failures: [] };
    expect(verdicts([alone])).toEqual(['HAProxy is not installed, so there is no comparison.']);
  });
});
