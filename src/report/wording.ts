/** @module How numbers and names read in every format: few digits, always the same unit, `–` where there is nothing to say. */
import { type Distribution, type Statistic, statisticOf } from '../result/measure/distribution.ts';
import type { Micros, Millis } from '../units/time.ts';

/** Stands where a figure was not measured. */
export const NOTHING = '–';

/** Three significant digits at most below 1000, whole numbers with thin grouping above. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  const size = Math.abs(value);
  if (Math.round(size) >= 1000) return Math.round(value).toLocaleString('en-US');
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

/** A moment of the measured time, of milliseconds: `2 s`, `0.25 s`. */
export const moment = (ms: Millis): string => `${Number((ms / 1000).toPrecision(3))} s`;

/** A whole number, grouped. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Microseconds as milliseconds without the unit, for columns headed `ms`. */
export const millis = (us: Micros): string => figure(us / 1000);

/** A time of a distribution in milliseconds without the unit; `–` without calls, and for a percentile that they are too few for. */
export function timeCell(of: Distribution, key: Statistic): string {
  const us = statisticOf(of, key);
  return us === null ? NOTHING : millis(us);
}

/** Microseconds as milliseconds with the unit. */
export const millisWithUnit = (us: Micros): string => `${millis(us)} ms`;

/**
 * A share as a percentage without the sign. Never rounds a failure away: 0 and 100 stand for exactly none and all, so
 * one failed call in a million reads `<0.01`, and all but one reads `>99.99`. What may be more than the whole, as a
 * change may, reads as it is: `134.0`, `42,850`.
 */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return NOTHING;
  if (share === 0 || share === 1) return String(share * 100);
  const value = share * 100;
  if (share > 1) return value < 999.95 ? value.toFixed(1) : count(value);
  if (value < 0.01) return '<0.01';
  if (value > 99.99) return '>99.99';
  if (value >= 99.5 || value < 1) return value.toFixed(2);
  return value.toFixed(1);
}

/** As {@link percent}, with the sign and whole where nothing is lost by it: `74 %`. */
export function percentWithUnit(share: number): string {
  const value = share * 100;
  return (value >= 10 && value < 99) || value >= 101 ? `${count(value)} %` : `${percent(share)} %`;
}

/** A rate of hits or a Jain index: `0.25`, `1`, `>0.999`. */
export function unitShare(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  if (value === 1 || value === 0) return String(value);
  if (value > 0.9995) return '>0.999';
  return value > 0.99 ? value.toFixed(3) : value.toFixed(2);
}

/** A ratio: `1.40`, `0.0034`. */
export function ratio(value: number): string {
  if (value >= 100) return count(value);
  return value < 0.1 ? String(Number(value.toPrecision(2))) : value.toFixed(2);
}

/** `[1.20, 1.70]`, rounded outwards: never narrower than it is. */
export const interval = (low: number, high: number): string => `[${lowEnd(low)}, ${highEnd(high)}]`;

/** The lower end of an interval of ratios. */
export const lowEnd = (value: number): string => roundedEnd(value, Math.floor);

/** The upper end of an interval of ratios. */
export const highEnd = (value: number): string => roundedEnd(value, Math.ceil);

/** An end beside 1 keeps as many digits as show on which side of 1 it lies, since a claim depends on that. */
function roundedEnd(value: number, round: (value: number) => number): string {
  if (value <= 0) return '0';
  for (let digits = value >= 100 ? 0 : value < 0.1 ? 1 - Math.floor(Math.log10(value)) : 2; ; digits += 1) {
    // Without the detour 1.1 would be rounded up to 1.11, since 110 is no multiple of the binary fraction.
    const rounded = round(Number((value * 10 ** digits).toPrecision(12))) / 10 ** digits;
    if (rounded !== 1 || Math.abs(value - 1) < 1e-6)
      return digits === 0 ? count(rounded) : rounded.toFixed(digits);
  }
}

/** With spaces that do not break between a figure and its unit. */
export const keepUnits = (text: string): string => text.replace(/(\d) (%|ms|us|s\b)/g, '$1\u00a0$2');

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 call`, `2 calls`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** Text on one line without control characters: what a server sent can neither move the cursor nor break a table. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is taken out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** At most `length` characters; what is cut is cut from the middle, since long names differ at their ends. */
export function shorten(text: string, length: number): string {
  const letters = [...text];
  if (letters.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${letters.slice(0, length - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
}

/** {@link shorten} for names that must stay different from each other. */
export function shortenAll(names: readonly string[], length: number): readonly string[] {
  const taken = new Set<string>();
  return names.map((name, place) => {
    const short = shorten(name, length);
    const own = taken.has(short)
      ? `${place + 1}: ${shorten(name, length - String(place).length - 3)}`
      : short;
    taken.add(own);
    return own;
  });
}

/** `text` broken at spaces into lines of at most `length` letters; a longer word gets a line of its own. */
export function inLines(text: string, length: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** With a capital first letter, as at the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
