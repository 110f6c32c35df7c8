/** @module The thread that times the sleeps of another one. Its parent is `alarm.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { AlarmOrders } from './alarm.ts';
import { monotonicUs } from './clock.ts';

const { count, dueUs } = workerData as AlarmOrders;

/** Waits until sleep number `order` is over; false when there is a later one in its place. */
function sleep(order: number): boolean {
  for (;;) {
    const left = dueUs[0]! - monotonicUs();
    if (left <= 0) return true;
    Atomics.wait(count, 0, order, left / 1000);
    // The notice of this very sleep may come only now, when the thread has read its number already.
    if (Atomics.load(count, 0) !== order) return false;
  }
}

let order = 0;
parentPort!.postMessage(order);
for (;;) {
  Atomics.wait(count, 0, order);
  order = Atomics.load(count, 0);
  if (sleep(order)) parentPort!.postMessage(order);
}
