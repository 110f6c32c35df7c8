/** @module The key `variants`: settings to compare, each an override of parts of the profile. */
import { z } from 'zod';
import type { VariantsSection } from './section.ts';
import { isMapping, text } from './values.ts';

const shape = { name: text('a name').describe('Name in the report; must be unique.') };

const Variant = z
  .looseObject(shape, { error: 'a mapping with a name and what it overrides' })
  .describe('Overrides by dotted path (`fleet.era: sessions`) or as nested mappings.');

function uniqueNames(variants: readonly { readonly name?: unknown }[], context: z.core.$RefinementCtx): void {
  const names = variants.map((variant) => (isMapping(variant) ? variant['name'] : undefined));
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || names.indexOf(name) === index) continue;
    const problem = {
      what: `${JSON.stringify(name)} is used by two variants`,
      expected: 'a unique name',
    };
    context.addIssue({ code: 'custom', path: [index, 'name'], params: { problem }, input: name });
  }
}

export const variants: VariantsSection = {
  scope: 'variants',
  ownKeys: Object.keys(shape),
  schema: z
    .array(Variant, { error: 'a list of variants' })
    .superRefine(uniqueNames, { when: ({ value }) => Array.isArray(value) })
    .default([])
    .describe(
      'Settings to compare; each overrides parts of the profile. Without variants, the profile itself is run.',
    ),
};
