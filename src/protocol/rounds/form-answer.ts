/** @module What a form is filled in with that nobody reads: the default of each property, else the least value that its schema allows. Source: MCP 2026-07-28, Elicitation, Requested Schema. */
import { isObject, type JsonObject } from '../json-object.ts';

/** The content of a form with `requestedSchema`; undefined when a property has a schema that MCP does not define, or one that no value satisfies. */
export function formContent(requestedSchema: unknown): JsonObject | undefined {
  if (!isObject(requestedSchema)) return undefined;
  const { properties = {} } = requestedSchema;
  if (!isObject(properties)) return undefined;
  const entries = Object.entries(properties).map(([name, schema]) => [name, leastValue(schema)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}

type Value = string | number | boolean | readonly string[];

function leastValue(schema: unknown): Value | undefined {
  if (!isObject(schema)) return undefined;
  if (schema['default'] !== undefined) return schema['default'] as Value;
  const choices = choicesOf(schema);
  if (choices !== undefined) return choices[0];
  switch (schema['type']) {
    case 'string':
      return leastText(schema);
    case 'number':
    case 'integer':
      return leastNumber(schema);
    case 'boolean':
      return false;
    case 'array':
      return leastSelection(schema);
    default:
      return undefined;
  }
}

/** The values of an enumeration, with titles (`oneOf`, of several choices `anyOf`) or without; undefined for another schema. */
function choicesOf({ enum: bare, oneOf, anyOf }: JsonObject): readonly string[] | undefined {
  if (Array.isArray(bare)) return bare;
  const titled = oneOf ?? anyOf;
  if (!Array.isArray(titled)) return undefined;
  return titled.flatMap((choice: unknown) =>
    isObject(choice) && typeof choice['const'] === 'string' ? [choice['const']] : [],
  );
}

function leastSelection({ items, minItems }: JsonObject): readonly string[] | undefined {
  const choices = isObject(items) ? choicesOf(items) : undefined;
  const least = typeof minItems === 'number' ? minItems : 0;
  return choices === undefined || choices.length < least ? undefined : choices.slice(0, least);
}

/** Bounds are whole or not; an integer lies within them. */
function leastNumber({ type, minimum, maximum }: JsonObject): number | undefined {
  const round = type === 'integer' ? Math.ceil : (value: number): number => value;
  const low = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const high = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  const wanted = Number.isFinite(low)
    ? round(low)
    : Math.min(0, type === 'integer' ? Math.floor(high) : high);
  return wanted <= high ? wanted : undefined;
}

/** A text of each format: what stands before and after the part that is made longer where the schema wants more characters. */
const FORMATS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  email: ['a', '@b.co'],
  uri: ['http://a.b/', ''],
  date: ['2026-01-01', ''],
  'date-time': ['2026-01-01T00:00:00Z', ''],
};

/** Texts of these formats have one length. */
const OF_ONE_LENGTH: ReadonlySet<unknown> = new Set(['date', 'date-time']);

function leastText({ format, minLength, maxLength }: JsonObject): string | undefined {
  const [before, after] = FORMATS[String(format)] ?? ['', ''];
  const least = typeof minLength === 'number' ? minLength : 0;
  const missing = Math.max(0, least - before.length - after.length);
  if (missing > 0 && OF_ONE_LENGTH.has(format)) return undefined;
  const text = `${before}${'a'.repeat(missing)}${after}`;
  return typeof maxLength === 'number' && text.length > maxLength ? undefined : text;
}
