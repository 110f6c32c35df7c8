import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { CpuMeter, cpuTimeUs } from './cpu-time.ts';

const BUSY =
  'const t = process.cpuUsage; const end = () => t().user < 2e5; while (end()); process.send("done"); setInterval(() => {}, 1e3)';

describe('the processor time of a process', () => {
  it('is at least what the process itself has counted', async () => {
    const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(child, 'message');
    const us = cpuTimeUs(child.pid!);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(us).toBeGreaterThan(150_000);
    expect(cpuTimeUs(child.pid!)).toBeUndefined();
  });
});

describe('a meter', () => {
  it('begins at 0, only grows, and keeps the time of a process that has ended', async () => {
    const meter = new CpuMeter();
    const child = spawn(process.execPath, ['-e', BUSY], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    expect(meter.read([child.pid!])).toBe(0);
    await once(child, 'message');
    const busyUs = meter.read([child.pid!, process.pid])!;
    expect(busyUs).toBeGreaterThan(100_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(meter.read([child.pid!, process.pid])).toBeGreaterThanOrEqual(busyUs);
    expect(meter.read([child.pid!])).toBeUndefined();
  });
});
