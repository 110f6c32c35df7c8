/** @module The JSON Schema of the profile, for editors. */
import { z } from 'zod';
import { ProfileDocument, SHARED_KEYS } from '../schema.ts';

/** As much of a JSON Schema as the profile's has. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly patternErrorMessage?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly $ref?: string;
}

/** The schema as it is shipped: overrides in variants are known by their dotted path and as nested mappings. */
export function profileJsonSchema(): JsonSchema {
  const schema = plainJsonSchema();
  const properties = schema.properties ?? {};
  const variants = properties['variants']!;
  return {
    ...schema,
    properties: {
      ...properties,
      variants: { ...variants, items: variantSchema(variants.items ?? {}, properties) },
    },
  };
}

/** The schema of the document alone; a variant is a mapping with a name. */
export function plainJsonSchema(): JsonSchema {
  return z.toJSONSchema(ProfileDocument, { io: 'input' }) as JsonSchema;
}

function variantSchema(item: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const known = Object.entries(properties).filter(([key]) => !SHARED_KEYS.includes(key));
  const nested = known.map(([key, child]) => [key, partial(child, `#/properties/${key}`)] as const);
  const dotted = known.flatMap(([key, child]) => dottedPaths(child, key, `#/properties/${key}`));
  return {
    ...item,
    properties: { ...item.properties, ...Object.fromEntries([...nested, ...dotted]) },
    patternProperties: { '^calls\\.\\d+\\.': {}, '^target\\.headers\\.': { type: 'string' } },
    additionalProperties: false,
  };
}

/** A mapping of which a variant gives only a part. */
function partial(schema: JsonSchema, pointer: string): JsonSchema {
  if (schema.properties === undefined) return { $ref: pointer };
  const children = Object.entries(schema.properties).map(
    ([key, child]) => [key, partial(child, `${pointer}/properties/${key}`)] as const,
  );
  return {
    type: 'object',
    ...(schema.description === undefined ? {} : { description: schema.description }),
    properties: Object.fromEntries(children),
    additionalProperties: false,
  };
}

function dottedPaths(
  schema: JsonSchema,
  path: string,
  pointer: string,
): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
    [`${path}.${key}`, partial(child, `${pointer}/properties/${key}`)] as const,
    ...dottedPaths(child, `${path}.${key}`, `${pointer}/properties/${key}`),
  ]);
}
