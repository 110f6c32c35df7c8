/** @module The JSON Schema of a format, for editors: in variants it accepts overrides as dotted paths and as nested mappings. */
import type { Format } from '../document/format.ts';
import type { JsonSchema } from '../document/json-schema.ts';

/** The schema in the form in which it is shipped. */
export function editorSchema({ jsonSchema, variantsKey, sharedKeys }: Format): JsonSchema {
  const properties = jsonSchema.properties ?? {};
  const variants = properties[variantsKey]!;
  const known = Object.entries(properties).filter(([key]) => !sharedKeys.includes(key));
  return {
    ...jsonSchema,
    properties: {
      ...properties,
      [variantsKey]: { ...variants, items: variantSchema(variants.items ?? {}, known) },
    },
  };
}

type Known = readonly (readonly [string, JsonSchema])[];

function variantSchema(item: JsonSchema, known: Known): JsonSchema {
  const nested = known.map(([key, child]) => [key, partial(child, `#/properties/${key}`)] as const);
  const dotted = known.flatMap(([key, child]) => dottedPaths(child, key, `#/properties/${key}`));
  return {
    ...item,
    properties: { ...item.properties, ...Object.fromEntries([...nested, ...dotted]) },
    patternProperties: Object.fromEntries(known.flatMap(([key, child]) => openPaths(child, key))),
    additionalProperties: false,
  };
}

/** A mapping of which a variant may override only some keys. */
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

function dottedPaths(schema: JsonSchema, path: string, pointer: string): Known {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
    [`${path}.${key}`, partial(child, `${pointer}/properties/${key}`)] as const,
    ...dottedPaths(child, `${path}.${key}`, `${pointer}/properties/${key}`),
  ]);
}

/** Patterns of paths with an index of a list, or with a key that is not fixed. */
function openPaths(schema: JsonSchema, path: string): Known {
  const dotted = path.replaceAll('.', '\\.');
  return [schema, ...(schema.anyOf ?? [])].flatMap((branch): Known => {
    const { items, properties = {}, additionalProperties } = branch;
    const below = Object.entries(properties).flatMap(([key, child]) => openPaths(child, `${path}.${key}`));
    if (items?.properties !== undefined) return [[`^${dotted}\\.\\d+\\.`, {}], ...below];
    return typeof additionalProperties === 'object'
      ? [[`^${dotted}\\.`, additionalProperties], ...below]
      : below;
  });
}
