import { expect, it } from 'vitest';
import { calibrationTable } from './calibration-table.ts';

it('shows ceilings and send lag in aligned columns, and does not round a failure away', () => {
  const ceiling = {
    server: 'null',
    callsPerSecond: 41_234,
    usPerCall: 21.26,
    cpu: 0.876,
    gc: 0.0123,
  } as const;
  const lines = calibrationTable({
    schema: 'paceline/calibration@1',
    paceline: '1.0.0',
    createdAt: '2026-01-01T00:00:00.000Z',
    machine: { cpu: 'A', cores: 2, memoryBytes: 1, os: 'Linux', node: 'v20.20.2', loadAverage1: 0 },
    clock: { resolutionUs: 0.04, readUs: 0.05 },
    punctuality: { sleepP50Us: 80, sleepP99Us: 640, spinP99Us: 4, longestStopUs: 3100 },
    connections: 32,
    drivers: [
      {
        driver: 'wire',
        ceilings: [
          { ...ceiling, okShare: 1 },
          { ...ceiling, server: 'lean', callsPerSecond: 900, okShare: 0.99999 },
        ],
        sendLag: [
          { ratePerSecond: 10_000, achievedPerSecond: 9999, p50Us: 12, p99Us: 180 },
          { ratePerSecond: 25_000, achievedPerSecond: 1173, p50Us: 900_000, p99Us: 990_000 },
        ],
      },
      { driver: 'autocannon', ceilings: [], sendLag: [] },
    ],
  });
  expect(lines).toEqual([
    'A, 2 cores, Node v20.20.2',
    '',
    'Closed loop of 32 on one thread: every call a full MCP request, its id checked, its outcome classified, its time recorded',
    'driver  server  calls/s  us/call   CPU     GC           ok',
    'wire      null    41234     21.3  88 %  1.2 %          all',
    'wire      lean      900     21.3  88 %  1.2 %  only 99.9 %',
    '',
    'Open loop on one thread against the null responder',
    'driver      rate/s  achieved/s  send lag p50        p99',
    'wire         10000        9999         12 us     180 us',
    'wire         25000        1173     900000 us  990000 us',
    'autocannon    none',
    'wire did not keep up with 25000/s: it made 1173/s, and its send lag is that of a queue. Calibrate again while the machine is idle.',
    '',
    'A thread that only waits: sleeps of 2 ms end 80 us late at p50 and 640 us at p99; spinning, it is 4 us late at p99 and stood still for at most 3100 us',
    'Clock: steps of 0.04 us, 0.05 us a reading',
  ]);
});
