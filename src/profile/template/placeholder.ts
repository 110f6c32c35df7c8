/** @module The table of placeholders that are allowed between `{{` and `}}`, each compiled from its arguments. */
import type { Random } from '../../units/random.ts';
import { alternatives, nearest } from '../../units/words.ts';
import type { RuleProblem } from '../section/values.ts';
import { decimal } from './decimal.ts';

/** The values that a template can refer to. */
export interface TemplateContext {
  /** Index of the agent that makes the call, from 0. */
  readonly agent: number;
  /** Index of the arrival, from 0. */
  readonly seq: number;
  /** Random draws from this call's own stream. */
  readonly random: Random;
}

/** A compiled placeholder. */
export interface Draw {
  /** The value as text, without quotes. Needs no JSON escaping unless `escape` is set. */
  readonly draw: (context: TemplateContext) => string;
  /** A string that consists only of this placeholder becomes a JSON number. */
  readonly numeric: boolean;
  /** Every value is plain ASCII. */
  readonly ascii: boolean;
}

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

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function numbers(args: readonly string[], count: number): readonly number[] | undefined {
  const values = args.map(Number);
  const fine =
    args.length === count && args.every((arg) => DECIMAL.test(arg)) && values.every(Number.isFinite);
  return fine ? values : undefined;
}

const numeric = (draw: Draw['draw']): Draw => ({ draw, numeric: true, ascii: true });
const plain = (draw: Draw['draw']): Draw => ({ draw, numeric: false, ascii: true });
const without = (args: readonly string[], made: Draw): Draw | undefined =>
  args.length === 0 ? made : undefined;

function randomInt(args: readonly string[]): Draw | undefined {
  const [min, max] = numbers(args, 2) ?? [];
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) return undefined;
  const span = max! - min! + 1;
  // A draw has 32 bits: in a larger range some numbers could never be drawn.
  if (span < 1 || span > 2 ** 32) return undefined;
  return numeric(({ random }) => integer(min! + random.below(span)));
}

function randomFloat(args: readonly string[]): Draw | undefined {
  const [min, max] = numbers(args, 2) ?? [];
  if (min === undefined || max === undefined || min >= max || !Number.isFinite(max - min)) return undefined;
  return numeric(({ random }) => String(min + random.next() * (max - min)));
}

function randomString(args: readonly string[]): Draw | undefined {
  const [length] = numbers(args, 1) ?? [];
  if (!Number.isSafeInteger(length) || length! < 1 || length! > 1_048_576) return undefined;
  return plain(({ random }) => {
    let made = '';
    for (let i = 0; i < length!; i += 1) made += LETTERS[random.below(LETTERS.length)];
    return made;
  });
}

const integer = (value: number): string => (value < 0 ? `-${decimal(-value)}` : decimal(value));
const hex = (value: number, digits: number): string => (value >>> 0).toString(16).padStart(digits, '0');

/** A version 4 UUID (RFC 9562, section 5.4). */
function uuid(random: Random): string {
  const [a, b, c, d] = [random.uint32(), random.uint32(), random.uint32(), random.uint32()];
  const version = hex((b & 0x0fff) | 0x4000, 4);
  const variant = hex(((c >>> 16) & 0x3fff) | 0x8000, 4);
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-${version}-${variant}-${hex(c & 0xffff, 4)}${hex(d, 8)}`;
}

function oneOf(args: readonly string[]): Draw | undefined {
  if (args.length === 0) return undefined;
  const escaped = args.map((arg) => JSON.stringify(arg).slice(1, -1));
  return {
    draw: ({ random }) => escaped[random.below(escaped.length)]!,
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
  return numeric(({ random }) => decimal(1 + firstAbove(sums, random.next() * sum)));
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
        numeric(({ agent }) => decimal(agent)),
      ),
  },
  seq: {
    usage: '{{seq}}',
    means: 'number of the call, from 0: unique within a trial',
    compile: (args) =>
      without(
        args,
        numeric(({ seq }) => decimal(seq)),
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
    compile: (args) =>
      without(
        args,
        plain(({ random }) => uuid(random)),
      ),
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

/** Compiles the text between the braces. Throws {@link PlaceholderError}. */
export function compilePlaceholder(source: string): Draw {
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
