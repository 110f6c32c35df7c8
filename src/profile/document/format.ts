/** @module A format: everything that the document code needs about the keys of a profile, built from a table of sections. */
import { z } from 'zod';
import type { Secrets, Section, Sections } from '../section/section.ts';
import { exactlyOne, mapping, withRule } from '../section/values.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Exclusions } from './traced-document.ts';

export interface Format {
  readonly sections: Sections;
  /** Schema of the whole document; fills in the defaults of the sections' schemas. */
  readonly schema: z.ZodType;
  /** JSON Schema of what a user may write. */
  readonly jsonSchema: JsonSchema;
  readonly exclusions: Exclusions;
  readonly secrets: readonly Secrets[];
  /** By dotted path: recognises values that the format defines but this version does not implement. */
  readonly planned: ReadonlyMap<string, (value: unknown) => boolean>;
  /** The key that lists the variants. */
  readonly variantsKey: string;
  /** Keys of a variant that are not overrides. */
  readonly variantKeys: readonly string[];
  /** Those of these keys whose value is the name of another variant. */
  readonly variantReferences: readonly string[];
  /** Those whose text is kept as it is. */
  readonly variantLabels: readonly string[];
  /** Keys that apply to all variants. */
  readonly sharedKeys: readonly string[];
}

/** The format of documents with these keys, one of which lists the variants. */
export function formatOf(sections: Sections): Format {
  const entries = Object.entries(sections);
  const schema = schemaOf(sections);
  const [variantsKey, variants] = entries.find(([, { scope }]) => scope === 'variants')!;
  let jsonSchema: JsonSchema | undefined;
  return {
    sections,
    schema,
    // Built on demand: it is only needed to explain problems, and most profiles have none.
    get jsonSchema() {
      jsonSchema ??= z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
      return jsonSchema;
    },
    exclusions: exclusionsOf(Object.values(sections)),
    secrets: entries.flatMap(([, { secrets = [] }]) => secrets),
    planned: new Map(entries.flatMap(([, { planned = {} }]) => Object.entries(planned))),
    variantsKey,
    variantKeys: variants.scope === 'variants' ? variants.ownKeys : [],
    variantReferences: variants.scope === 'variants' ? variants.references : [],
    variantLabels: variants.scope === 'variants' ? variants.labels : [],
    sharedKeys: entries.flatMap(([key, { scope }]) => (scope === 'variant' ? [] : key)),
  };
}

function schemaOf(sections: Sections): z.ZodType {
  const shape = Object.fromEntries(Object.entries(sections).map(([key, { schema }]) => [key, schema]));
  const whole = alternativesIn(sections).reduce<z.ZodType>(exactlyOne, mapping(shape));
  return withRule(whole, (profile) =>
    Object.values(sections).flatMap((section) => section.rule?.(profile) ?? []),
  ).describe('A Paceline profile.');
}

/** Groups of keys that define the same part of the settings: exactly one key of each group is needed. */
export function alternativesIn(sections: Sections): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const [key, section] of Object.entries(sections)) {
    if (section.scope !== 'variant' || section.fills === undefined) continue;
    groups.set(section.fills, [...(groups.get(section.fills) ?? []), key]);
  }
  return [...groups.values()];
}

/** Merges the tables of all sections, as several may list exclusions for the same path. */
function exclusionsOf(sections: readonly Section[]): Exclusions {
  const exclusions = new Map<string, readonly string[]>();
  for (const [path, excluded] of sections.flatMap(({ excludes = {} }) => Object.entries(excludes)))
    exclusions.set(path, [...(exclusions.get(path) ?? []), ...excluded]);
  return exclusions;
}
