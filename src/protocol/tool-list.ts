/** @module The tools of a server, as far as a client of MCP 2026-07-28 needs them to call one: which parameters it mirrors in header fields. */

import { encodeHeaderValue, type HeaderPair } from './headers.ts';
import { isObject, type JsonObject, jsonIn, objectOf } from './json-object.ts';

/** A parameter that is sent in a header field as well (`x-mcp-header` in its schema). */
export interface MirroredParameter {
  /** Names of properties, from the arguments down. */
  readonly path: readonly string[];
  /** `Mcp-Param-Region`. */
  readonly header: string;
}

/** A tool: the parameters to mirror, or why clients must not call it. Plain data, which can be passed to another thread. */
export type ListedTool =
  | { readonly name: string; readonly mirrored: readonly MirroredParameter[]; readonly fault?: undefined }
  | { readonly name: string; readonly mirrored?: undefined; readonly fault: string };

/** One page of a list of tools. */
export interface ToolPage {
  readonly tools: readonly ListedTool[];
  readonly nextCursor: string | undefined;
}

/** The page in the JSON text of an answer to `tools/list`; `undefined` when it holds no list. Entries without a name are left out. */
export function readToolPage(body: string): ToolPage | undefined {
  const { result } = readObject(body);
  if (!isObject(result) || !Array.isArray(result['tools'])) return undefined;
  const tools = (result['tools'] as readonly unknown[]).flatMap((tool) =>
    isObject(tool) && typeof tool['name'] === 'string' ? listedTool(tool['name'], tool['inputSchema']) : [],
  );
  return { tools, nextCursor: cursorIn(result) };
}

/** The cursor of the next page in the JSON text of an answer to a list; `undefined` on the last page. */
export function nextCursorOf(body: string): string | undefined {
  if (!body.includes('"nextCursor"')) return undefined;
  const { result } = readObject(body);
  return isObject(result) ? cursorIn(result) : undefined;
}

/** The header fields that mirror `args`. A value that is absent, null or of another type has none. Source: MCP 2026-07-28, Streamable HTTP, Custom Headers. */
export function mirroredFields(mirrored: readonly MirroredParameter[], args: unknown): readonly HeaderPair[] {
  return mirrored.flatMap(({ path, header }): readonly HeaderPair[] => {
    const text = headerText(
      path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), args),
    );
    return text === undefined ? [] : [[header, encodeHeaderValue(text)]];
  });
}

const readObject = (body: string): JsonObject => objectOf(jsonIn(body));

function cursorIn(result: JsonObject): string | undefined {
  const cursor = result['nextCursor'];
  return typeof cursor === 'string' ? cursor : undefined;
}

function headerText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return `${value}`;
  const isSafe = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isSafe ? `${value as number}` : undefined;
}

const ANNOTATION = 'x-mcp-header';
/** `token` of RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MIRRORED_TYPES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean']);

/** Keywords of JSON Schema below which no annotation may be: their values are a schema or a list of schemas ... */
const SCHEMAS = [
  'items',
  'prefixItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
];
/** ... or schemas by name. */
const NAMED_SCHEMAS = ['patternProperties', 'dependentSchemas', '$defs', 'definitions'];

/** The annotations of a schema. Source: MCP 2026-07-28, Tools, `x-mcp-header`. */
function listedTool(name: string, inputSchema: unknown): ListedTool {
  const mirrored: MirroredParameter[] = [];
  const names = new Set<string>();
  const visit = (schema: unknown, path: readonly string[], isReachable: boolean): string | undefined => {
    if (!isObject(schema)) return undefined;
    if (ANNOTATION in schema) {
      const fault = annotationFault(schema, path, isReachable);
      if (fault !== undefined) return fault;
      const header = schema[ANNOTATION] as string;
      if (names.has(header.toLowerCase())) return `${ANNOTATION} "${header}" occurs more than once`;
      names.add(header.toLowerCase());
      mirrored.push({ path, header: `Mcp-Param-${header}` });
    }
    return firstFault([
      ...named(schema['properties']).map(
        ([key, child]) =>
          () =>
            visit(child, [...path, key], isReachable),
      ),
      ...nested(schema).map((child) => () => visit(child, path, false)),
    ]);
  };
  const fault = visit(inputSchema, [], true);
  return fault === undefined ? { name, mirrored } : { name, fault };
}

function firstFault(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const named = (schemas: unknown): readonly (readonly [string, unknown])[] =>
  isObject(schemas) ? Object.entries(schemas) : [];

/** The schemas within `schema` that are not properties of it. */
function nested(schema: JsonObject): readonly unknown[] {
  const single = SCHEMAS.flatMap((keyword) => schema[keyword] ?? []);
  return [...single, ...NAMED_SCHEMAS.flatMap((keyword) => named(schema[keyword]).map(([, child]) => child))];
}

function annotationFault(
  schema: JsonObject,
  path: readonly string[],
  isReachable: boolean,
): string | undefined {
  const where = path.length === 0 ? 'the schema itself' : path.join('.');
  const header = schema[ANNOTATION];
  if (!isReachable || path.length === 0) {
    return `${ANNOTATION} on ${where} is not on a property that is reached through properties alone`;
  }
  if (typeof header !== 'string' || !TOKEN.test(header)) {
    return `${ANNOTATION} on ${where} is not a header name`;
  }
  if (!MIRRORED_TYPES.has(schema['type'])) {
    return `${ANNOTATION} on ${where}, which is not a string, an integer or a boolean`;
  }
  return undefined;
}
