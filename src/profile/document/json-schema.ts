/** @module The JSON Schema of a format as a value, and how to look up a place in it. */

/** The subset of JSON Schema that formats use. */
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

/** The schema of the mapping that `schema` allows, directly, as one of several alternatives or as the entry of a list; `undefined` when no mapping with defined keys is allowed. */
export function mappingIn(schema: JsonSchema): JsonSchema | undefined {
  return [schema, ...(schema.anyOf ?? []), schema.items ?? {}].find(
    ({ properties }) => properties !== undefined,
  );
}

/** The keys that the mapping at `place` may have. */
export function knownKeys(schema: JsonSchema, place: readonly (string | number)[]): readonly string[] {
  const at = place.reduce<JsonSchema | undefined>((outer, key) => {
    if (outer === undefined || typeof key === 'number') return outer;
    return mappingIn(outer)?.properties?.[key];
  }, schema);
  return Object.keys((at && mappingIn(at)?.properties) ?? {});
}
