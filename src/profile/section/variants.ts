/** @module The key `variants`: settings to compare, each an override of parts of the profile. */
import { z } from 'zod';
import { alternatives, nearest } from '../../units/words.ts';
import type { VariantsSection } from './section.ts';
import { SIDES_FLAGS } from './side-flags.ts';
import { isMapping, type RuleProblem, text } from './values.ts';

const shape = {
  name: text('a name').describe('Name in the report; must be unique.'),
  base: text('the name of a variant')
    .optional()
    .describe(
      'The variant that this one is compared with. Default: the first one with the same question, or of all.',
    ),
  question: text('a question')
    .optional()
    .describe(
      'What the variant helps to answer: the report has a part for each question. Default: that of its base.',
    ),
};

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

function knownBases(variants: readonly unknown[], context: z.core.$RefinementCtx): void {
  const entries = variants.filter(isMapping);
  const names = entries.flatMap(({ name }) => (typeof name === 'string' ? name : []));
  for (const [index, variant] of variants.entries()) {
    if (!isMapping(variant) || typeof variant['base'] !== 'string') continue;
    const problem = baseProblem(variant['base'], variant['name'], names);
    if (problem === undefined) continue;
    context.addIssue({ code: 'custom', path: [index, 'base'], params: { problem }, input: variant['base'] });
  }
}

function baseProblem(base: string, name: unknown, names: readonly string[]): RuleProblem | undefined {
  const others = names.filter((each) => each !== name);
  const expected =
    others.length === 0 ? 'no base: it is the only variant' : alternatives(others.map((each) => `"${each}"`));
  if (base === name) return { what: `"${base}" is the variant itself`, expected };
  if (names.includes(base)) return undefined;
  const near = nearest(base, others);
  return {
    what: `no variant is named "${base}"`,
    expected,
    ...(near !== undefined && { todo: `did you mean "${near}"?` }),
  };
}

export const variants: VariantsSection = {
  scope: 'variants',
  ownKeys: Object.keys(shape),
  references: ['base'],
  labels: ['question'],
  flags: SIDES_FLAGS,
  schema: z
    .array(Variant, { error: 'a list of variants' })
    .superRefine(uniqueNames, { when: ({ value }) => Array.isArray(value) })
    .superRefine(knownBases, { when: ({ value }) => Array.isArray(value) })
    .default([])
    .describe(
      'Settings to compare; each overrides parts of the profile. Without variants, the profile itself is run.',
    ),
  docs: `
## Questions

Variants with a \`question\` answer it together. The report then has a part for each question, with its own findings, tables and charts, and on top one
sentence for each that answers it. A variant without a \`base\` is compared with the first one that has the same question:

\`\`\`yaml
variants:
  - { name: one by one, question: Does a second slot help? }
  - { name: two at once, question: Does a second slot help?, fleet.tools.concurrency: 2 }
  - { name: plain, question: What does the check cost? }
  - { name: checked, base: plain, auth.mode: jwt }
\`\`\`
`,
};
