/** @module Proves the computations of the bench's section `balancer`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addedBy,
  addedGoal,
  capacityGoal,
  closedTable,
  limitsOf,
  openTable,
  throughputGoal,
} from '../bench/balancer-figures.ts';
import { readCpuTime } from '../bench/balancer-routes.ts';
import type { Rounds } from '../bench/rounds.ts';

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
  const closed = (...embeddedUs: readonly number[]): Rounds => ({
    names: ['embedded', 'haproxy'],
    figures: {
      perSecond: embeddedUs.map(() => ({ embedded: 8000, haproxy: 16_000 })),
      cpuUs: embeddedUs.map((us) => ({ embedded: us, haproxy: 20 })),
    },
    failures: [],
  });
  const open = (...p50s: readonly number[]): Rounds => ({
    names: ['direct', 'embedded'],
    figures: { p50Ms: p50s.map((p50) => ({ direct: 0.2, embedded: p50 })) },
    failures: [],
  });

  it('are those of each balancer, and ratios of one round', () => {
    const [embedded, haproxy] = closedTable(closed(25, 50, 100)).rows;
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
      openTable(open(0.4, 0.5, 0.6)).rows.map((row) => row.map((cell) => cell.replace(/ .*/, ''))),
    ).toEqual([
      ['direct', '0.200', ''],
      ['embedded', '0.500', '0.300'],
    ]);
  });

  it('are compared with the goals', () => {
    expect(throughputGoal(closed(40))).toMatchObject({ value: 0.5, bound: 0.85, state: 'missed' });
    expect(capacityGoal(closed(23))).toMatchObject({ value: expect.closeTo(0.87, 3), state: 'reached' });
    expect(capacityGoal(closed(124))).toMatchObject({ value: expect.closeTo(0.161, 3), state: 'missed' });
    expect(addedGoal(open(0.45))).toMatchObject({ value: 0.25, state: 'reached' });
    expect(addedGoal(open(0.6))).toMatchObject({ value: expect.closeTo(0.4, 9), state: 'missed' });
  });

  it('name the balancers that were not the bottleneck', () => {
    expect(limitsOf(closed(40))).toEqual([
      expect.stringMatching(/^embedded and haproxy did not saturate a core/),
    ]);
    expect(limitsOf(closed(124))).toEqual([expect.stringMatching(/^haproxy did not saturate a core/)]);
  });

  it('without HAProxy are compared with none', () => {
    const figures = { perSecond: [{ embedded: 8000 }], cpuUs: [{ embedded: 125 }] };
    const alone: Rounds = { names: ['embedded'], figures, failures: [] };
    expect(capacityGoal(alone)).toMatchObject({ value: null, state: 'not measured' });
    expect(limitsOf(alone)).toEqual([]);
  });
});
