/** @module `docs/profile.md`: every key of a format, and what its sections explain about them. */
import { alternatives, listOf } from '../../units/words.ts';
import { alternativesIn, type Format } from '../document/format.ts';
import { type JsonSchema, mappingIn } from '../document/json-schema.ts';

const HEAD = `<!-- Made by \`npm run schema\` from the sections in src/profile. Do not edit. -->

# The profile

A profile is a YAML file that defines which calls are made, by how many agents, at what rate, and against which servers. If its first line is
\`# yaml-language-server: $schema=profile.schema.json\` (the path to that file), editors can complete and explain every key.

Durations are \`500us\`, \`250ms\`, \`2s\`, \`1m\`, \`1h\`; rates are \`400/s\`, \`2k/s\`, \`90/m\`. Unknown keys are errors. All errors of a file are
reported together, each with its line and what is allowed there. Everything that can be checked without load is checked before the first trial.
`;

/** The complete text of the reference. */
export function profileReference(format: Format): string {
  const chapters = Object.values(format.sections).map(({ docs = '' }) => docs);
  return [HEAD, groups(format), keys(format.jsonSchema), variants(format), flags(format), ...chapters].join(
    '',
  );
}

const code = (name: string): string => `\`${name}\``;

function groups({ sections }: Format): string {
  return alternativesIn(sections)
    .map((names) => `\nExactly one of ${listOf(names.map(code))} is needed.\n`)
    .join('');
}

function variants({ variantsKey, sharedKeys, exclusions }: Format): string {
  const shared = sharedKeys.filter((key) => key !== variantsKey).map(code);
  const rows = [...exclusions].map(
    ([path, excluded]) => `| ${code(path)} | ${excluded.map(code).join(', ')} |\n`,
  );
  return `
## Variants

A variant has a \`name\` and overrides: dotted paths (\`fleet.era: sessions\`, \`calls.0.weight: 3\`), nested mappings
(\`fleet: { era: sessions }\`), or both. Mappings are merged; everything else is replaced, including whole lists. A profile without variants is a single
variant, named \`default\`. ${listOf(shared)} apply to all variants.

If keys cannot be combined, an override of one removes the others:

| an override of | removes |
| --- | --- |
${rows.join('')}`;
}

function flags({ sections }: Format): string {
  const own = Object.values(sections).map((section) => section.flags?.docs ?? '');
  return `
## Flags

- \`--set path=value\` overrides a value of the profile; the value is YAML. It is applied before the variants: one that sets the same path wins, and a notice says so.
${own.join('')}`;
}

function keys(schema: JsonSchema): string {
  return `
## Keys

| key | value | default | meaning |
| --- | --- | --- | --- |
${rowsBelow('', schema).join('')}`;
}

function rowsBelow(path: string, schema: JsonSchema): readonly string[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rowsOf(`${path}${key}`, child, required.has(key)),
  );
}

function rowsOf(path: string, schema: JsonSchema, required: boolean): readonly string[] {
  const fallback = required ? 'required' : defaultOf(schema);
  const row = `| ${code(path)} | ${allowedIn(schema)} | ${fallback} | ${meaningOf(schema)} |\n`;
  const below = schema.items === undefined ? `${path}.` : `${path}[].`;
  return [row, ...rowsBelow(below, mappingIn(schema) ?? {})];
}

function meaningOf(schema: JsonSchema): string {
  const alternatives = mappingIn(schema)?.oneOf?.flatMap(({ required = [] }) => required) ?? [];
  const { description = '' } = schema;
  return alternatives.length === 0
    ? description
    : `${description} Exactly one of ${listOf(alternatives.map(code))} is needed.`;
}

function defaultOf({ default: value }: JsonSchema): string {
  if (value === undefined || (typeof value === 'object' && value !== null)) return '';
  return code(String(value));
}

/** What is allowed there, in a few words. */
function allowedIn(schema: JsonSchema): string {
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(allowedIn))].join(', or ');
  if (schema.enum !== undefined) return alternatives([...new Set(schema.enum.map(String))].map(code));
  if (schema.const !== undefined) return code(String(schema.const));
  switch (schema.type) {
    case 'integer':
      return `a whole number from ${schema.minimum} to ${schema.maximum}`;
    case 'number':
      return schema.minimum === undefined
        ? `a number above ${schema.exclusiveMinimum}, at most ${schema.maximum}`
        : `a number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return schema.items?.properties === undefined
        ? `a list, each ${allowedIn(schema.items ?? {})}`
        : 'a list of mappings';
    case 'object':
      return 'a mapping';
    default:
      throw new Error(`the reference has no words for ${JSON.stringify(schema)}`);
  }
}
