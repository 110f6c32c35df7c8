import { describe, expect, it } from 'vitest';
import { descendantsOf, gone } from '../../src/process/processes.case.ts';
import { paceline, start } from './paceline.ts';

describe('paceline calibrate', () => {
  it('exits with 130 on Ctrl-C, stores no file and leaves no process', async () => {
    const running = start('calibrate', '--json');
    await running.said('calibrating');
    const children = descendantsOf(running.process.pid!);
    running.process.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('nothing is stored');
    expect(stderr).not.toContain('stored: ');
    await gone(...children);
  });

  it('is listed in the help', async () => {
    const { stdout, code } = await paceline('calibrate', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('results/calibration.json');
  });
});
