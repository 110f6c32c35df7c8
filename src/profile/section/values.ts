/** @module Building blocks for the schemas of sections. By convention the message of an issue is what was expected. */
import { z } from 'zod';
import { type Micros, type PerSecond, parseDuration, parseRate } from '../../units/time.ts';
import type { Problem } from '../../units/user-error.ts';
import { alternatives, listOf } from '../../units/words.ts';

/** A problem without its place, which is passed separately. */
export interface RuleProblem extends Omit<Problem, 'where'> {
  /** A value that would be valid at the place; the message names the flag that sets it: `--set faults.0.at=1s`. */
  readonly settable?: string;
  /** The key at the place is needed only without this one: where an override removed it, the problem is one of that override. */
  readonly unless?: { readonly path: string; readonly hint: string };
}

const SIZE_IN = { B: 1, KiB: 1024, MiB: 1024 ** 2, kB: 1000, MB: 1e6 } as const;
const SIZE = /^(\d+(?:\.\d+)?)(B|KiB|MiB|kB|MB)$/;

/** The size written as `value` (`65536`, `64KiB`, `1MB`), in bytes; `undefined` when it is not a size. */
export function parseBytes(value: string | number): number | undefined {
  if (typeof value === 'number') return value;
  const match = SIZE.exec(value.trim());
  return match ? Math.round(Number(match[1]) * SIZE_IN[match[2] as keyof typeof SIZE_IN]) : undefined;
}

/** A mapping with these keys and no others. */
export function mapping<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: `a mapping with ${alternatives(Object.keys(shape))}` });
}

/** One of these words. */
export function choice<const Words extends readonly string[]>(
  words: Words,
): z.ZodEnum<z.core.util.ToEnum<Words[number]>> {
  return z.enum(words, { error: alternatives(words) });
}

/** `value` as one of `words`; the first word when there is no value, `undefined` when the value is not among them. */
export function chosen<Word extends string>(words: readonly Word[], value: unknown): Word | undefined {
  return value === undefined ? words[0] : words.find((word) => word === value);
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): z.ZodInt {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** A number within bounds; the lower one is excluded when `above` is set. */
export function number(bounds: { readonly above: number; readonly max: number }): z.ZodNumber {
  const error = `a number above ${bounds.above}, at most ${bounds.max}`;
  return z.number({ error }).gt(bounds.above, { error }).max(bounds.max, { error });
}

/** A share from 0 to 1. */
export function share(): z.ZodNumber {
  const error = 'a number from 0 to 1';
  return z.number({ error }).min(0, { error }).max(1, { error });
}

/** The names in a table of kinds, each with its meaning, for a description. */
export function meanings(table: Readonly<Record<string, { readonly means: string }>>): string {
  return Object.entries(table)
    .map(([name, { means }]) => `\`${name}\`, ${means}`)
    .join('; ');
}

/** Text that is not blank. */
export function text(expected: string): z.ZodString {
  return z
    .string({ error: expected })
    .regex(/\S/, { error: expected })
    .meta({ patternErrorMessage: expected });
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The name of an HTTP header. */
export function headerName(): z.ZodString {
  return z
    .string({ error: 'a header name' })
    .regex(HEADER_NAME, { error: 'a header name' })
    .meta({ patternErrorMessage: 'a header name' });
}

/** The response header that identifies instances. Only letters, digits and hyphens, because nginx reads no other names. */
export function instanceHeader(): z.ZodDefault<z.ZodString> {
  const error = 'a header name of letters, digits and hyphens';
  return z
    .string({ error })
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, { error })
    .meta({ patternErrorMessage: error })
    .default('x-served-by');
}

/** A value that may be left out, which is then `byDefault`. Unlike with a default of the schema, rules see whether it was written. */
export function optionalWith<Schema extends z.ZodType>(
  schema: Schema,
  byDefault: z.input<Schema>,
): z.ZodOptional<Schema> {
  return schema.optional().meta({ default: byDefault });
}

/** A switch. */
export function flag(): z.ZodBoolean {
  return z.boolean({ error: 'true or false' });
}

/** Examples, of which a message gives those that are allowed. */
const DURATIONS = ['250ms', '2s', '1m'];
const SIZES = ['65536', '64KiB', '1MB'];

const choiceOf = (texts: readonly string[]): string =>
  [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter((text) => text !== '').join(' or ');

/** A duration such as `250ms`, within bounds, as text. */
export function duration(min: Micros, max: Micros): z.ZodString {
  const range = `from ${textOf(min)} to ${textOf(max)}`;
  const within = DURATIONS.filter((text) => between(parseDuration(text), min, max));
  const error = `a duration such as ${choiceOf(within)}, ${range}`;
  return z
    .string({ error })
    .refine((value) => between(parseDuration(value), min, max), { error })
    .meta({ pattern: '^\\d+(\\.\\d+)?(us|ms|s|m|h)$', patternErrorMessage: error });
}

/** A rate such as `400/s`, as text. Zero is allowed only where a pause makes sense. */
export function rate(zero: 'zero' | 'above zero'): z.ZodString {
  const max: PerSecond = 10e6;
  const error = `a rate such as 400/s, 2k/s or 90/m, ${zero === 'zero' ? 'from 0/s to' : 'above 0/s, at most'} 10000k/s`;
  const min = zero === 'zero' ? 0 : Number.MIN_VALUE;
  return z
    .string({ error })
    .refine((value) => between(parseRate(value), min, max), { error })
    .meta({ pattern: '^\\d+(\\.\\d+)?k?/(s|m)$', patternErrorMessage: error });
}

/** A size in bytes: a whole number or text such as `64KiB`. */
export function bytes(max: number): z.ZodUnion<readonly [z.ZodInt, z.ZodString]> {
  const within = SIZES.filter((text) => between(parseBytes(text) ?? Number(text), 0, max));
  const error = `a size in bytes such as ${choiceOf(within)}, from 0 to ${max}`;
  const words = z
    .string({ error })
    .refine((value) => between(parseBytes(value), 0, max), { error })
    .meta({ pattern: SIZE.source });
  return z
    .union([z.int({ error }).min(0, { error }).max(max, { error }), words], { error })
    .meta({ patternErrorMessage: error });
}

/** A problem at a place within the value that a rule looked at. */
export interface Violation {
  readonly path: readonly (string | number)[];
  readonly problem: RuleProblem;
}

/** The violation of a rule, as a list; empty when there is no problem. */
export function violationAt(path: Violation['path'], problem: RuleProblem | undefined): readonly Violation[] {
  return problem === undefined ? [] : [{ path, problem }];
}

/**
 * `schema` with a rule that looks at several keys together. The rule also runs when single keys are not valid, so that
 * all problems are found at once; it must therefore not rely on the types of what it reads.
 */
export function withRule<Schema extends z.ZodType>(
  schema: Schema,
  rule: (value: Mapping) => readonly Violation[],
): Schema {
  const when = (payload: { value: unknown }): boolean => isMapping(payload.value);
  return schema.superRefine(
    (value, context) => {
      for (const { path, problem } of rule(value as Mapping)) {
        context.addIssue({ code: 'custom', path: [...path], params: { problem }, input: value });
      }
    },
    { when },
  );
}

/** Requires exactly one of `keys` in a mapping; also written to the JSON Schema. */
export function exactlyOne<Schema extends z.ZodType>(schema: Schema, keys: readonly string[]): Schema {
  const needed = `exactly one of ${alternatives(keys)}`;
  return withRule(schema, (value) => {
    const found = keys.filter((key) => value[key] !== undefined);
    if (found.length === 0) return [{ path: [], problem: { what: `needs ${needed}` } }];
    const what = `sets ${listOf(found)}`;
    return found.length === 1 ? [] : [{ path: found.slice(1, 2), problem: { what, expected: needed } }];
  }).meta({ oneOf: keys.map((key) => ({ required: [key] })) });
}

/** A YAML mapping as a plain object. */
export type Mapping = Record<string, unknown>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function between(value: number | undefined, min: number, max: number): boolean {
  return value !== undefined && value >= min && value <= max;
}

const UNITS = [
  ['h', 3600e6],
  ['m', 60e6],
  ['s', 1e6],
  ['ms', 1e3],
  ['us', 1],
] as const;

/** A duration as text. */
function textOf(us: Micros): string {
  if (us === 0) return '0s';
  const [unit, size] = UNITS.find(([, length]) => us % length === 0)!;
  return `${us / size}${unit}`;
}
