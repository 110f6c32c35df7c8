/** @module How late this machine lets a thread run that does nothing but wait. No program on it is more punctual. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Punctuality } from '../../result/calibration.ts';
import { monotonicUs } from '../../units/clock.ts';
import { type Micros, SECOND } from '../../units/time.ts';

/** A shorter gap between two readings of the clock is no stop of the thread. */
const SHORTEST_STOP: Micros = 20;
/** Each sleep, and how many there are: a second in all, as long as the spinning. */
const SLEEP: Micros = 2000;
const SLEEPS = 500;
const SPIN: Micros = SECOND;
/** After this time the event loop gets a turn, so that a signal is noticed. */
const PIECE: Micros = SECOND / 10;

/** The ways in which a thread waits. */
export interface Waits {
  /** Time on a monotonic clock. */
  now(): Micros;
  /** Stops the thread for `us`, or somewhat longer. */
  sleep(us: Micros): void;
}

const memory = new Int32Array(new SharedArrayBuffer(4));

const machineWaits: Waits = {
  now: monotonicUs,
  sleep: (us) => {
    Atomics.wait(memory, 0, 0, us / 1000);
  },
};

/** Measures for two seconds, in this thread. Rejects with the reason of `signal`. */
export async function measurePunctuality(
  signal?: AbortSignal,
  waits: Waits = machineWaits,
): Promise<Punctuality> {
  const late: Micros[] = [];
  while (late.length < SLEEPS) {
    for (let spent = 0; spent < PIECE; spent += SLEEP) {
      const from = waits.now();
      waits.sleep(SLEEP);
      late.push(Math.max(0, waits.now() - from - SLEEP));
    }
    await turn(signal);
  }
  // The first piece is that of the compiler.
  spin(waits, waits.now());
  await turn(signal);
  const stops: Micros[] = [];
  let spunUs: Micros = 0;
  while (spunUs < SPIN) {
    const from = waits.now();
    const count = spin(waits, from);
    spunUs += waits.now() - from;
    stops.push(...found.subarray(0, count));
    await turn(signal);
  }
  late.sort((a, b) => a - b);
  return {
    sleepP50Us: Math.round(late[SLEEPS / 2]!),
    sleepP99Us: Math.round(late[Math.floor(0.99 * SLEEPS)]!),
    spinP99Us: Math.round(exceededFor(0.01, stops, spunUs)),
    longestStopUs: Math.round(exceededFor(0, stops, spunUs)),
  };
}

/** The stops of a piece. With an array that grows, the loop would allocate numbers, and the collector would be what stops the thread. */
const found = new Float64Array(PIECE / SHORTEST_STOP + 1);

/** Reads the clock from `from` on for {@link PIECE}. Returns how many stops it found. It does nothing else, so that it stays compiled. */
function spin(waits: Waits, from: Micros): number {
  let last = from;
  let count = 0;
  while (last - from < PIECE) {
    const now = waits.now();
    if (now - last >= SHORTEST_STOP) {
      found[count] = now - last;
      count += 1;
    }
    last = now;
  }
  return count;
}

/**
 * How late a call is at most that falls due at a random moment of `spanUs`, apart from `share` of such calls, where a thread stood still for
 * each of `stops`: one that falls due within a stop is late by what is left of it.
 */
export function exceededFor(share: number, stops: readonly Micros[], spanUs: Micros): Micros {
  const allowed = share * spanUs;
  const longestFirst = [...stops].sort((a, b) => b - a);
  let sum = 0;
  let lateUs = 0;
  for (const [at, stop] of longestFirst.entries()) {
    // With the stops so far, the time in which a call is later than `lateUs` is sum - count * lateUs.
    if (stop <= lateUs) break;
    sum += stop;
    lateUs = Math.max(0, (sum - allowed) / (at + 1));
  }
  return lateUs;
}

async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
