import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { VirtualClock } from '../units/virtual-clock.ts';
import { Metering } from './metering.ts';
import type { Meter } from './part.ts';

describe('metering', () => {
  it('gives what each meter counted between the start and the end of the measured time', async () => {
    const clock = new VirtualClock();
    const meter: Meter = { measure: 'authority', read: async () => ({ tokens: clock.now() / 10, jwks: 7 }) };
    const metering = new Metering([meter], clock);
    metering.start(100, 300);
    await clock.run();
    expect(await metering.end()).toEqual({ authority: { tokens: 20, jwks: 0 } });
  });

  it('counts to the moment at which a load is cut short, and nothing before the start', async () => {
    const clock = new VirtualClock();
    const meter: Meter = { measure: 'fleetCpu', read: async () => ({ us: clock.now() }) };
    const metering = new Metering([meter], clock);
    metering.start(100, 300);
    expect(await metering.end()).toEqual({});
  });

  it('leaves out a meter that fails', async () => {
    const clock = new VirtualClock();
    const dead: Meter = { measure: 'authority', read: () => Promise.reject(new Error('ended')) };
    const metering = new Metering([dead], clock);
    metering.start(100, 300);
    await clock.run();
    expect(await metering.end()).toEqual({});
  });

  it('leaves out a meter that never answers, so that a process that stands still does not hold the result up', async () => {
    const clock = new VirtualClock();
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const silent: Meter = { measure: 'authority', read: () => new Promise(() => {}) };
    const metering = new Metering([silent], clock);
    metering.start(100, 300);
    clock.advance(400);
    const ended = metering.end();
    await vi.advanceTimersByTimeAsync(3000);
    expect(await ended).toEqual({});
  });
});
