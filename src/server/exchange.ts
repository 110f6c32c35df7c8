/** @module How long the stages of one HTTP exchange took, for `Server-Timing`. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import type { Tool } from './tools.ts';

/** What is known of an exchange while it goes on. */
export interface Exchange {
  readonly startedUs: Micros;
  /** Time in the tool; undefined when none has ended. */
  toolUs: Micros | undefined;
}

const current = new AsyncLocalStorage<Exchange>();

/** Runs `handle` as an exchange that starts now; what it calls can be timed by {@link timedCall}. */
export function inExchange<T>(handle: (exchange: Exchange) => T): T {
  const exchange: Exchange = { startedUs: systemClock.now(), toolUs: undefined };
  return current.run(exchange, () => handle(exchange));
}

/** Calls the tool and books the time on the exchange under way. */
export async function timedCall(tool: Tool, input: Readonly<Record<string, unknown>>): Promise<string> {
  const exchange = current.getStore();
  const startedUs = systemClock.now();
  try {
    return await tool.call(input);
  } finally {
    if (exchange !== undefined) exchange.toolUs = systemClock.now() - startedUs;
  }
}

/**
 * The value of `Server-Timing` (W3C; milliseconds) when the head of the answer is written now. An event stream may
 * send its head before its content is known: then only the time to the head is told, as `head`.
 */
export function serverTiming(exchange: Exchange, streaming: boolean): string {
  const sinceStart = ((systemClock.now() - exchange.startedUs) / 1000).toFixed(3);
  if (exchange.toolUs !== undefined) {
    return `tool;dur=${(exchange.toolUs / 1000).toFixed(3)}, total;dur=${sinceStart}`;
  }
  return `${streaming ? 'head' : 'total'};dur=${sinceStart}`;
}
