/** @module What requests of instances wait for: the planted delay, and the end of an outage. */
import { systemClock } from '../units/clock.ts';
import { type Pause, pacedPause } from '../units/pause.ts';
import type { Micros } from '../units/time.ts';

export interface Gate {
  /** Resolves when a request may be answered; undefined: at once. */
  pass(): Promise<void> | undefined;
  /** Whether requests wait from now on. Those that waited go on when it ends, as at a process that was stopped for a time. */
  setDown(down: boolean): void;
}

/** Only a planted delay takes it, and that is compared with what is measured: so it spins as long as a load generator does. */
const exactPause: Pause = pacedPause(systemClock);

/** A gate at which each request waits for `delayUs`, and as long as the gate is down. */
export function createGate(delayUs: Micros, pause: Pause = exactPause): Gate {
  let outage: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  const wait = async (): Promise<void> => {
    await pause(delayUs);
    while (outage !== undefined) await outage.over;
  };
  return {
    pass: () => (delayUs === 0 && outage === undefined ? undefined : wait()),
    setDown(down) {
      if (down === (outage !== undefined)) return;
      outage?.end();
      outage = down ? begin() : undefined;
    },
  };
}

function begin(): { readonly over: Promise<void>; readonly end: () => void } {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end };
}
