/** @module The table of placeholders that are allowed between `{{` and `}}`, each compiled from its arguments. */
import { digitsOf, putDecimal, putHex16, putHex32 } from '../../units/put-number.ts';
import { putBytes, putText } from '../../units/put-text.ts';
import type { Random } from '../../units/random.ts';
import { alternatives, nearest } from '../../units/words.ts';
import type { RuleProblem } from '../section/values.ts';

/** The values that a template can refer to. */
export interface TemplateContext {
  /** Index of the agent that makes the call, from 0. */
  readonly agent: number;
  /** Index of the arrival, from 0. */
  readonly seq: number;
  /** Random draws from this call's own stream. */
  readonly random: Random;
}

type Put = (context: TemplateContext, bytes: Buffer, at: number) => number;

/** A compiled placeholder. */
export interface Draw {
  /**
   * Writes the value into `bytes` at `at` as UTF-8, without quotes: JSON text as it is. There is room for `most` bytes. Returns where it
   * ends.
   */
  readonly put: Put;
  /** Length of the value in bytes at most. */
  readonly most: number;
  /** A string that consists only of this placeholder becomes a JSON number. */
  readonly numeric: boolean;
  /** Every value is plain ASCII. */
  readonly ascii: boolean;
}

/** A value that is known when the call is made only: one that an earlier step of the flow saved, or one of a row of data. */
export interface Reference {
  /** `saved`, or the name of data. */
  readonly source: string;
  /** The name of the saved value, or of the column. */
  readonly field: string;
}

/** The source of values that steps of a flow have saved. */
export const SAVED = 'saved';

/** Thrown within this folder only; the compiler of templates turns it into a problem with a place. */
export class PlaceholderError extends Error {
  readonly problem: RuleProblem;

  constructor(problem: RuleProblem) {
    super(problem.what);
    this.problem = problem;
  }
}

interface Placeholder {
  readonly usage: string;
  readonly means: string;
  /** `undefined` when the arguments are wrong. */
  readonly compile: (args: readonly string[]) => Draw | undefined;
}

const LETTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'latin1');
/** Digits and sign of a safe integer, at most. */
const MOST_INTEGER = 17;
/** What `String` makes of a number, at most: `-1.2345678901234567e-100`. */
const MOST_NUMBER = 25;
const UUID_LENGTH = 36;
const DASH = 0x2d;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function numbers(args: readonly string[], count: number): readonly number[] | undefined {
  const values = args.map(Number);
  const fine =
    args.length === count && args.every((arg) => DECIMAL.test(arg)) && values.every(Number.isFinite);
  return fine ? values : undefined;
}

const numeric = (most: number, put: Put): Draw => ({ put, most, numeric: true, ascii: true });
const plain = (most: number, put: Put): Draw => ({ put, most, numeric: false, ascii: true });
const without = (args: readonly string[], made: Draw): Draw | undefined =>
  args.length === 0 ? made : undefined;

function randomInt(args: readonly string[]): Draw | undefined {
  const [min, max] = numbers(args, 2) ?? [];
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) return undefined;
  const span = max! - min! + 1;
  // A draw has 32 bits: in a larger range some numbers could never be drawn.
  if (span < 1 || span > 2 ** 32) return undefined;
  return numeric(MOST_INTEGER, ({ random }, bytes, at) => putDecimal(min! + random.below(span), bytes, at));
}

function randomFloat(args: readonly string[]): Draw | undefined {
  const [min, max] = numbers(args, 2) ?? [];
  if (min === undefined || max === undefined || min >= max || !Number.isFinite(max - min)) return undefined;
  return numeric(MOST_NUMBER, ({ random }, bytes, at) =>
    putText(String(min + random.next() * (max - min)), bytes, at),
  );
}

function randomString(args: readonly string[]): Draw | undefined {
  const [length] = numbers(args, 1) ?? [];
  if (!Number.isSafeInteger(length) || length! < 1 || length! > 1_048_576) return undefined;
  return plain(length!, ({ random }, bytes, at) => {
    random.fill(LETTERS, bytes, at, at + length!);
    return at + length!;
  });
}

/** A version 4 UUID (RFC 9562, section 5.4): the third group begins with the version, the fourth with the bits 1 and 0. */
function putUuid({ random }: TemplateContext, bytes: Buffer, at: number): number {
  putHex32(random.uint32(), bytes, at);
  putGroups((random.uint32() & 0xffff0fff) | 0x4000, bytes, at + 8);
  putGroups((random.uint32() & 0x3fffffff) | 0x80000000, bytes, at + 18);
  putHex32(random.uint32(), bytes, at + 28);
  return at + UUID_LENGTH;
}

/** Writes two groups of four digits, with a dash before each. */
function putGroups(value: number, bytes: Buffer, at: number): void {
  bytes[at] = DASH;
  putHex16(value >>> 16, bytes, at + 1);
  bytes[at + 5] = DASH;
  putHex16(value, bytes, at + 6);
}

function oneOf(args: readonly string[]): Draw | undefined {
  if (args.length === 0) return undefined;
  const escaped = args.map((arg) => JSON.stringify(arg).slice(1, -1));
  const words = escaped.map((word) => Buffer.from(word));
  return {
    put: ({ random }, bytes, at) => putBytes(words[random.below(words.length)]!, bytes, at),
    most: Math.max(...words.map((word) => word.length)),
    numeric: false,
    ascii: escaped.every(isAscii),
  };
}

/** Ranks 1..n, rank k drawn with a probability proportional to 1/k^s (Zipf's law): inverts the cumulative sum. */
function zipf(args: readonly string[]): Draw | undefined {
  const [n, s] = numbers(args, 2) ?? [];
  if (!Number.isSafeInteger(n) || n! < 1 || n! > 1_000_000 || s! < 0 || s! > 20) return undefined;
  const sums = new Float64Array(n!);
  let sum = 0;
  for (let k = 1; k <= n!; k += 1) sums[k - 1] = sum += k ** -s!;
  return numeric(digitsOf(n!), ({ random }, bytes, at) =>
    putDecimal(1 + firstAbove(sums, random.next() * sum), bytes, at),
  );
}

/** Index of the first entry of ascending `sums` above `value`; the last index when there is none. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Every placeholder by name. A new one needs one more entry. */
export const PLACEHOLDERS: Readonly<Record<string, Placeholder>> = {
  agent: {
    usage: '{{agent}}',
    means: 'number of the calling agent, from 0',
    compile: (args) =>
      without(
        args,
        numeric(MOST_INTEGER, ({ agent }, bytes, at) => putDecimal(agent, bytes, at)),
      ),
  },
  seq: {
    usage: '{{seq}}',
    means: 'number of the call, from 0: unique within a trial',
    compile: (args) =>
      without(
        args,
        numeric(MOST_INTEGER, ({ seq }, bytes, at) => putDecimal(seq, bytes, at)),
      ),
  },
  randomInt: {
    usage: '{{randomInt 1 100}}',
    means: 'whole number, both bounds included',
    compile: randomInt,
  },
  randomFloat: {
    usage: '{{randomFloat 0 1}}',
    means: 'number, the upper bound excluded',
    compile: randomFloat,
  },
  randomString: {
    usage: '{{randomString 16}}',
    means: 'this many random letters and digits',
    compile: randomString,
  },
  uuid: {
    usage: '{{uuid}}',
    means: 'UUID, version 4',
    compile: (args) => without(args, plain(UUID_LENGTH, putUuid)),
  },
  oneOf: {
    usage: '{{oneOf red green "light blue"}}',
    means: 'one of these words, all equally likely',
    compile: oneOf,
  },
  zipf: {
    usage: '{{zipf 1000 1.1}}',
    means:
      'whole number from 1 to the first argument, small numbers most often (Zipf distribution, the second argument is its exponent)',
    compile: zipf,
  },
};

const REFERENCE = /^([A-Za-z_][\w-]*)\.(\S.*)$/;

/** Compiles the text between the braces. Throws {@link PlaceholderError}. Whether what a reference refers to exists is not known here. */
export function compilePlaceholder(source: string): Draw | Reference {
  const reference = REFERENCE.exec(source.trim());
  if (reference !== null) return { source: reference[1]!, field: reference[2]! };
  const words = [...source.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
    match[1] === undefined ? match[2]! : match[1].replace(/\\(.)/g, '$1'),
  );
  const [name = '', ...args] = words;
  const known = Object.keys(PLACEHOLDERS);
  const placeholder = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
  if (placeholder === undefined) {
    const near = nearest(name, known);
    throw new PlaceholderError({
      what: name === '' ? '{{}} is empty' : `unknown placeholder "${name}"`,
      expected: alternatives(known),
      ...(near === undefined ? {} : { todo: `did you mean {{${near}}}?` }),
    });
  }
  const draw = placeholder.compile(args);
  if (draw === undefined) {
    throw new PlaceholderError({
      what: `{{${source.trim()}}} has wrong arguments`,
      expected: `the form ${placeholder.usage}: ${placeholder.means}`,
    });
  }
  return draw;
}

export function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i += 1) if (value.charCodeAt(i) >= 0x80) return false;
  return true;
}
