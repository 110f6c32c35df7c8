/** @module Arguments for a tool that its `inputSchema` allows: what the schema names itself, then what was learned, then the least legal value. */
import { z } from 'zod';
import { isObject, type JsonObject, objectOf } from '../protocol/json-object.ts';
import { loadFaker } from './faker.ts';
import { type LearnedValue, learnedFor } from './learned.ts';

/** A tool, as far as its arguments go. */
export interface ToolShape {
  readonly name: string;
  readonly inputSchema: unknown;
}

export interface SynthesisOptions {
  readonly seed: number;
  /** What earlier results have given, in the order of time. */
  readonly learned?: readonly LearnedValue[];
}

/** The arguments, and which of them were learned; or why the schema gives none. */
export type Synthesised =
  | {
      readonly kind: 'made';
      readonly arguments: JsonObject;
      /** By the name of the parameter. */
      readonly from: Readonly<Record<string, LearnedValue>>;
    }
  | { readonly kind: 'none'; readonly reason: string };

/** Arguments for `tool`: its required parameters, and optional ones that were learned. The same for the same options. */
export async function synthesise(tool: ToolShape, options: SynthesisOptions): Promise<Synthesised> {
  const { seed, learned = [] } = options;
  const schema = objectOf(tool.inputSchema);
  const properties = objectOf(schema['properties']);
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  try {
    const from = Object.fromEntries(
      Object.entries(properties).flatMap(([name, parameter]) => {
        if (isNamedBySchema(parameter)) return [];
        const one = learnedFor(name, tool.name, learned, (value) =>
          validate(withDefinitions(parameter, schema), value),
        );
        return one === undefined ? [] : [[name, one] as const];
      }),
    );
    const known = Object.fromEntries(Object.entries(from).map(([name, { value }]) => [name, value]));
    const made = objectOf(await generateFrom(schema, properties, required, known, seed));
    const wanted = { ...made, ...known };
    if (validate(schema, wanted)) return { kind: 'made', arguments: wanted, from };
    return validate(schema, made)
      ? { kind: 'made', arguments: made, from: {} }
      : { kind: 'none', reason: 'no value was found that its inputSchema allows' };
  } catch {
    return { kind: 'none', reason: 'its inputSchema cannot be read' };
  }
}

/** Generates the object: what the schema names, and the least legal value of other required parameters. */
async function generateFrom(
  schema: JsonObject,
  properties: JsonObject,
  required: ReadonlySet<unknown>,
  known: JsonObject,
  seed: number,
): Promise<unknown> {
  const { generate } = await loadFaker();
  const told = Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.has(name))
      .map(([name, parameter]) => [name, name in known ? { const: known[name] } : plainest(parameter)]),
  );
  return generate(
    { ...schema, type: 'object', properties: told, additionalProperties: false } as never,
    {
      seed,
      alwaysFakeOptionals: false,
      optionalsProbability: 0,
      useDefaultValue: true,
      useExamplesValue: true,
    } as never,
  );
}

const isNamedBySchema = (parameter: unknown): boolean =>
  ['const', 'enum', 'default', 'examples'].some((key) => key in objectOf(parameter));

/** `parameter` with the one value that it names, or the plainest one of its type where nothing bounds it. */
function plainest(parameter: unknown): unknown {
  if (!isObject(parameter)) return parameter;
  const named = firstNamed(parameter);
  if (named !== undefined) return { const: named };
  const keys = Object.keys(parameter).filter((key) => key !== 'description' && key !== 'title');
  if (keys.length !== 1) return bounded(parameter);
  const value = PLAIN[String(parameter['type'])];
  return value === undefined ? parameter : { const: value };
}

/** What a value may be when the schema asks for nothing but its type. */
const PLAIN: Readonly<Record<string, unknown>> = { string: 'text', boolean: false, number: 1, integer: 1 };

/** A list is as short as it may be, and a number with a bound is the bound itself. */
function bounded(parameter: JsonObject): unknown {
  const { type, minimum, maximum, multipleOf, minItems = 0 } = parameter;
  if (type === 'array') return { ...parameter, minItems, maxItems: minItems };
  if ((type !== 'number' && type !== 'integer') || multipleOf !== undefined) return parameter;
  const least = typeof minimum === 'number' ? minimum : undefined;
  const most = typeof maximum === 'number' ? maximum : undefined;
  const value = least ?? (most === undefined ? undefined : Math.min(1, most));
  if (value === undefined || 'exclusiveMinimum' in parameter || 'exclusiveMaximum' in parameter)
    return parameter;
  return type === 'integer' && !Number.isInteger(value) ? parameter : { const: value };
}

function firstNamed({ const: fixed, default: standard, examples, enum: list }: JsonObject): unknown {
  if (fixed !== undefined) return fixed;
  if (standard !== undefined) return standard;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  return Array.isArray(list) ? list[0] : undefined;
}

const withDefinitions = (parameter: unknown, { $defs, definitions }: JsonObject): JsonObject => ({
  ...objectOf(parameter),
  ...($defs !== undefined && { $defs }),
  ...(definitions !== undefined && { definitions }),
});

/** Whether `schema` allows `value`. Of a schema with keywords that cannot be checked here, its type alone is. */
function validate(schema: JsonObject, value: unknown): boolean {
  try {
    return z.fromJSONSchema(schema as never).safeParse(value).success;
  } catch {
    return isOfType(schema['type'], value);
  }
}

function isOfType(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof type !== 'string' || typeof value === type;
  }
}
