import { describe, expect, it } from 'vitest';
import { DRIVER_NAMES } from '../../profile/kinds.ts';
import { Calibration } from '../../result/calibration.ts';
import { systemClock } from '../../units/clock.ts';
import { calibrate } from './calibrate.ts';
import { measureClock } from './clock.ts';

const machine = { cpu: 'A', cores: 2, memoryBytes: 1, os: 'Linux', node: 'v20.20.2', loadAverage1: 0 };
const options = { version: '1.0.0', machine, clock: systemClock };
const spans = { warmupUs: 50_000, durationUs: 300_000 };

describe('a calibration', () => {
  it('finds a ceiling of every driver with every server, calls all good', async () => {
    const calibration = await calibrate({ ...options, spans });
    expect(Calibration.parse(calibration)).toEqual(calibration);
    expect(calibration.drivers.map(({ driver }) => driver)).toEqual(DRIVER_NAMES);
    for (const { ceilings } of calibration.drivers) {
      expect(ceilings.map(({ server }) => server)).toEqual(['null', 'lean']);
      for (const { callsPerSecond, usPerCall, okShare } of ceilings) {
        expect(callsPerSecond).toBeGreaterThan(0);
        expect(usPerCall).toBeGreaterThan(0);
        expect(okShare).toBe(1);
      }
    }
    expect(calibration.drivers[2]!.sendLag).toEqual([]);
  });

  it('ends at once when told to', async () => {
    const controller = new AbortController();
    const steps: string[] = [];
    const ended = calibrate({
      ...options,
      spans: { warmupUs: 0, durationUs: 60e6 },
      signal: controller.signal,
      onStep: (step) => {
        steps.push(step);
        if (step.startsWith('wire')) setImmediate(() => controller.abort(new Error('enough')));
      },
    });
    await expect(ended).rejects.toThrow('enough');
    expect(steps).toHaveLength(3);
  });
});

describe('the clock', () => {
  it('shows its smallest step and the cost of a reading', () => {
    let reading = 0;
    const now = (): number => {
      reading += 1;
      return Math.floor(reading / 4) * 3;
    };
    expect(measureClock({ now })).toEqual({ resolutionUs: 3, readUs: 0.75 });
  });
});
