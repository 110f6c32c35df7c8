/** @module Time and rate as types with the unit in the name, and their notation in profiles. */

/** A time or a duration in microseconds. Assignable from a plain number, not from another unit. */
export type Micros = number & { readonly unit?: 'us' };
/**
 * A time that was not set yet, in objects that are used again. It is no whole number: the engine then keeps times in place from the
 * beginning, and the object never changes its shape.
 */
export const UNSET: Micros = Number.NaN;
/** A time or a duration in milliseconds, for interfaces that use milliseconds (Node timers, MCP's `ttlMs`). */
export type Millis = number & { readonly unit?: 'ms' };
/** A rate in events per second. */
export type PerSecond = number & { readonly unit?: '1/s' };

const MICROS_IN = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 } as const;

export const SECOND: Micros = 1e6;
/** The longest load, and the longest time for which a result may be cached. */
export const DAY: Micros = 86_400e6;

/** Parses a duration (`250ms`, `2s`, `1.5m`) to microseconds; `undefined` for any other text. */
export function parseDuration(text: string): Micros | undefined {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/.exec(text.trim());
  if (!match) return undefined;
  return Math.round(Number(match[1]) * MICROS_IN[match[2] as keyof typeof MICROS_IN]);
}

/** Parses a rate (`400/s`, `2k/s`, `90/m`) to events per second; `undefined` for any other text. */
export function parseRate(text: string): PerSecond | undefined {
  const match = /^(\d+(?:\.\d+)?)(k?)\/(s|m)$/.exec(text.trim());
  if (!match) return undefined;
  const perUnit = Number(match[1]) * (match[2] === 'k' ? 1000 : 1);
  return match[3] === 'm' ? perUnit / 60 : perUnit;
}

/** Formats a duration with at most three significant digits: `950 us`, `1.2 ms`, `3.42 s`. */
export function formatMicros(us: Micros): string {
  if (!Number.isFinite(us)) return 'n/a';
  const [value, unit] = us < 1e3 ? [us, 'us'] : us < 1e6 ? [us / 1e3, 'ms'] : [us / 1e6, 's'];
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(unit === 'us' ? 0 : digits))} ${unit}`;
}

/** Formats a duration as minutes and whole seconds, rounded up: `0:08`, `2:05`. */
export function formatMinutes(us: Micros): string {
  const seconds = Math.ceil(us / SECOND);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
