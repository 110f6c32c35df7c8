/** @module Durations in the header `Server-Timing`. Source: W3C Server Timing, section 2. It is read once a call, so without an allocation. */
import type { Micros } from '../../units/time.ts';

/** Returned when there is no duration. */
export const NO_DURATION = -1;

const [TAB, SPACE, QUOTE, COMMA, SEMICOLON, EQUALS, BACKSLASH] = [9, 32, 34, 44, 59, 61, 92];
const [POINT, ZERO, NINE] = [46, 48, 57];

/**
 * The durations (`dur`, in milliseconds) of all entries `name` of a field value, added up: a gateway and a server may each have one.
 * {@link NO_DURATION} without any.
 */
export function durationOf(field: string, name: string): Micros {
  return sumOf(field, name, 'dur');
}

/** The numbers of another parameter of all entries `name`, added up: `bytes` of `state;dur=0.012;bytes=44`. {@link NO_DURATION} without any. */
export function numberOf(field: string, name: string, parameter: string): number {
  const sum = sumOf(field, name, parameter);
  return sum === NO_DURATION ? sum : sum / 1000;
}

/** In thousandths. */
function sumOf(field: string, name: string, parameter: string): number {
  let sum = NO_DURATION;
  for (let at = field.indexOf(name); at >= 0; at = field.indexOf(name, at + name.length)) {
    if (!beginsEntry(field, at)) continue;
    const value = parameterIn(field, at + name.length, parameter);
    if (value >= 0) sum = Math.max(sum, 0) + value;
  }
  return sum;
}

/** The numbers of a field value, in milliseconds, added up: values of several fields are joined by commas. {@link NO_DURATION} without any. */
export function bareDuration(field: string): Micros {
  let sum = NO_DURATION;
  for (let at = 0; at < field.length; at = endOfValue(field, at) + 1) {
    const us = numberAt(field, skipSpaces(field, at));
    if (us >= 0) sum = Math.max(sum, 0) + us;
  }
  return sum;
}

function beginsEntry(field: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && isSpace(field.charCodeAt(before))) before -= 1;
  return before < 0 || (field.charCodeAt(before) === COMMA && !isQuoted(field, before));
}

/** Whether the character at `at` is within quotes. */
function isQuoted(field: string, at: number): boolean {
  let quoted = false;
  for (let i = field.indexOf('"'); i >= 0 && i < at; i += 1) {
    const code = field.charCodeAt(i);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted && code === BACKSLASH) i += 1;
  }
  return quoted;
}

/** A parameter of the entry whose name ends at `from`, in thousandths. */
function parameterIn(field: string, from: number, parameter: string): number {
  for (let at = skipSpaces(field, from); field.charCodeAt(at) === SEMICOLON; ) {
    const name = skipSpaces(field, at + 1);
    const value = skipSpaces(field, name + parameter.length);
    if (field.startsWith(parameter, name) && field.charCodeAt(value) === EQUALS) {
      return numberAt(field, skipSpaces(field, value + 1));
    }
    at = endOfValue(field, name);
  }
  return NO_DURATION;
}

/** Where the parameter or entry at `from` ends: at a semicolon or comma outside quotes, or at the end. */
function endOfValue(field: string, from: number): number {
  let quoted = false;
  for (let at = from; at < field.length; at += 1) {
    const code = field.charCodeAt(at);
    if (code === QUOTE) quoted = !quoted;
    else if (quoted && code === BACKSLASH) at += 1;
    else if (!quoted && (code === SEMICOLON || code === COMMA)) return at;
  }
  return field.length;
}

/** Milliseconds with decimals, perhaps in quotes, as microseconds; {@link NO_DURATION} for anything else. */
function numberAt(field: string, from: number): Micros {
  let at = field.charCodeAt(from) === QUOTE ? from + 1 : from;
  let us = 0;
  let digits = 0;
  /** What the next digit counts, in microseconds; 0 before the point. */
  let unit = 0;
  for (; at < field.length; at += 1) {
    const code = field.charCodeAt(at);
    if (code === POINT && unit === 0) unit = 100;
    else if (code < ZERO || code > NINE) break;
    else {
      digits += 1;
      if (unit === 0) us = us * 10 + (code - ZERO) * 1000;
      else {
        us += (code - ZERO) * unit;
        unit /= 10;
      }
    }
  }
  return digits === 0 ? NO_DURATION : us;
}

function skipSpaces(field: string, from: number): number {
  let at = from;
  while (isSpace(field.charCodeAt(at))) at += 1;
  return at;
}

const isSpace = (code: number): boolean => code === SPACE || code === TAB;
