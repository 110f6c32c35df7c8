import { describe, expect, it } from 'vitest';
import type { Pause } from '../units/pause.ts';
import { createGate } from './gate.ts';

/** Lets all promises that can settle do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the gate', () => {
  const asked: number[] = [];
  const pause: Pause = async (us) => {
    asked.push(us);
  };

  it('lets requests pass at once without a delay, and after the delay with one', async () => {
    expect(createGate(0, pause).pass()).toBeUndefined();
    expect(asked).toEqual([]);
    await createGate(5000, pause).pass();
    expect(asked).toEqual([5000]);
  });

  it.each([0, 5000])('with a delay of %d us has requests wait until an outage is over', async (delayUs) => {
    const gate = createGate(delayUs, pause);
    gate.setDown(true);
    gate.setDown(true);
    const passed: string[] = [];
    void gate.pass()?.then(() => passed.push('first'));
    await settled();
    expect(passed).toEqual([]);
    gate.setDown(false);
    await settled();
    expect(passed).toEqual(['first']);
    await gate.pass();
    gate.setDown(true);
    void gate.pass()?.then(() => passed.push('second'));
    await settled();
    expect(passed).toEqual(['first']);
    gate.setDown(false);
    await settled();
    expect(passed).toEqual(['first', 'second']);
  });

  it('has a request that was delayed when an outage began wait for its end', async () => {
    let wake = (): void => {};
    const gate = createGate(1, () => new Promise((resolve) => (wake = resolve)));
    const passed: string[] = [];
    void gate.pass()?.then(() => passed.push('it'));
    gate.setDown(true);
    wake();
    await settled();
    expect(passed).toEqual([]);
    gate.setDown(false);
    await settled();
    expect(passed).toEqual(['it']);
  });
});
