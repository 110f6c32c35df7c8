/** @module Finds members of objects in JSON text that is known to be valid, without making objects of all the rest. */

/** Where the value of a member stands: from the first character to before the last one. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** In a string, a search for its end is faster than a look at every character from about this length on. */
const SHORT = 6;

/**
 * The values of the members `names` of the object at `at`; of members that occur several times the last one, as `JSON.parse` takes it.
 * Undefined when there is no object. Of text that is not valid JSON it says nothing of use, but comes to an end.
 */
export function membersAt<Name extends string>(
  text: string,
  at: number,
  names: readonly Name[],
): Partial<Readonly<Record<Name, Span>>> | undefined {
  const open = afterSpace(text, at);
  if (text.charCodeAt(open) !== OPEN_OBJECT) return undefined;
  const found: Partial<Record<Name, Span>> = {};
  for (let i = afterSpace(text, open + 1); text.charCodeAt(i) === QUOTE; i = afterSpace(text, i + 1)) {
    const nameEnd = afterString(text, i);
    const from = afterSpace(text, afterSpace(text, nameEnd) + 1);
    const to = afterValue(text, from);
    const name = nameIn(text, i, nameEnd, names);
    if (name !== undefined) found[name] = { from, to };
    i = afterSpace(text, to);
    if (text.charCodeAt(i) !== COMMA) break;
  }
  return found;
}

/** Which of `names` the string from `from` to `to` is. */
function nameIn<Name extends string>(
  text: string,
  from: number,
  to: number,
  names: readonly Name[],
): Name | undefined {
  const backslash = text.indexOf('\\', from);
  if (backslash !== -1 && backslash < to) return names.find((name) => name === parsed(text.slice(from, to)));
  const { length } = names;
  for (let i = 0; i < length; i += 1) {
    const name = names[i]!;
    if (to - from === name.length + 2 && text.startsWith(name, from + 1)) return name;
  }
  return undefined;
}

/** The value of JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function afterSpace(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= SPACE) i += 1;
  return i;
}

/** The index after the string whose opening quote is at `at`. */
function afterString(text: string, at: number): number {
  const near = Math.min(text.length, at + SHORT);
  let i = at + 1;
  for (; i < near; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code === BACKSLASH) i += 1;
  }
  for (;;) {
    const end = text.indexOf('"', i);
    if (end === -1) return text.length;
    let before = end;
    while (before > i && text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
    i = end + 1;
  }
}

/** The index after the value at `at`. */
function afterValue(text: string, at: number): number {
  const { length } = text;
  let depth = 0;
  for (let i = at; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = afterString(text, i) - 1;
      if (depth === 0) return i + 1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth += 1;
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (depth === 0) return i;
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (code === COMMA || code <= SPACE)) return i;
  }
  return length;
}
