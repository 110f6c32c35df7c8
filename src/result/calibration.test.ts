import { describe, expect, it } from 'vitest';
import { Calibration, ceilingOf, shareOfCeiling } from './calibration.ts';

const machine = { cpu: 'A', cores: 2, memoryBytes: 1, os: 'Linux', node: 'v20.20.2', loadAverage1: 0 };
const ceiling = (server: 'null' | 'lean', callsPerSecond: number, okShare = 1) => ({
  server,
  callsPerSecond,
  usPerCall: 10,
  cpu: 1,
  gc: 0.01,
  okShare,
});
const calibration = Calibration.parse({
  schema: 'paceline/calibration@1',
  paceline: '1.0.0',
  createdAt: '2026-01-01T00:00:00.000Z',
  machine,
  clock: { resolutionUs: 0.1, readUs: 0.05 },
  connections: 32,
  drivers: [
    { driver: 'wire', ceilings: [ceiling('lean', 30_000), ceiling('null', 50_000)], sendLag: [] },
    { driver: 'undici', ceilings: [ceiling('null', 90_000, 0.5)], sendLag: [] },
  ],
});

describe('the ceiling of a generator', () => {
  it('is the highest rate the driver reached on the same machine', () => {
    expect(ceilingOf(calibration, { ...machine, loadAverage1: 3, memoryBytes: 2 }, 'wire')).toBe(50_000);
  });

  it.each([
    ['another processor', { ...machine, cpu: 'B' }, 'wire'],
    ['another number of cores', { ...machine, cores: 4 }, 'wire'],
    ['another Node', { ...machine, node: 'v22.0.0' }, 'wire'],
    ['a driver that was not measured', machine, 'autocannon'],
    ['a driver whose calls failed', machine, 'undici'],
  ])('is not known with %s', (_, on, driver) => {
    expect(ceilingOf(calibration, on, driver)).toBeUndefined();
  });

  it('grows with the threads', () => {
    expect(shareOfCeiling(12_000, 2, 50_000)).toBeCloseTo(0.12);
    expect(shareOfCeiling(12_000, 2, undefined)).toBeUndefined();
  });
});
