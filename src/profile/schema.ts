/** @module The one schema of the profile: types, validation, the shipped JSON Schema and `docs/profile.md` come from it. */
import { z } from 'zod';
import { ToolArguments } from './arguments.ts';
import { Balancer, Fleet } from './fleet-schema.ts';
import { Load } from './load-schema.ts';
import { ERAS } from './settings.ts';
import {
  alternatives,
  choice,
  exactlyOne,
  integer,
  isMapping,
  mapping,
  number,
  text,
  withRule,
} from './values.ts';

const Call = withRule(
  exactlyOne(
    mapping({
      tool: text('the name of a tool').optional().describe('Calls this tool (`tools/call`).'),
      list: choice(['tools']).optional().describe('Lists the tools (`tools/list`).'),
      arguments: ToolArguments.optional().describe(
        'Arguments of the tool: any JSON, with `{{templates}}` in its strings (see below).',
      ),
      weight: number({ above: 0, max: 1e6 })
        .default(1)
        .describe('Share of this call in the mix, relative to the others.'),
    }),
    ['tool', 'list'],
  ),
  (call) =>
    call['list'] !== undefined && call['arguments'] !== undefined
      ? [
          {
            path: ['arguments'],
            fault: { what: 'belongs to a tool', todo: 'a list takes no arguments; leave it out' },
          },
        ]
      : [],
);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const Target = mapping({
  url: z
    .string({ error: 'an http or https URL' })
    .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
      error: 'an http or https URL',
    })
    .meta({ format: 'uri', patternErrorMessage: 'an http or https URL' })
    .describe('MCP endpoint, such as `http://127.0.0.1:3000/mcp`.'),
  era: choice(['auto', ...ERAS])
    .default('auto')
    .describe('Era of MCP that it speaks; `auto` asks it (`server/discover`, then `initialize`).'),
  headers: z
    .record(
      z.string().regex(HEADER_NAME, { error: 'a header name' }),
      z.string({ error: 'text; quote it' }).regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'text in one line' }),
      { error: 'a mapping of header names to values' },
    )
    .default({})
    .describe('Headers to send with every request.'),
});

const Variant = z
  .looseObject(
    { name: text('a name').describe('Name in the report; no two are the same.') },
    { error: 'a mapping with a name and what it overrides' },
  )
  .describe('Overrides by dotted path (`fleet.era: sessions`) or as nested mappings.');

function uniqueNames(variants: readonly { readonly name?: unknown }[], context: z.core.$RefinementCtx): void {
  const names = variants.map((variant) => (isMapping(variant) ? variant['name'] : undefined));
  for (const [index, name] of names.entries()) {
    if (typeof name !== 'string' || names.indexOf(name) === index) continue;
    const fault = {
      what: `${JSON.stringify(name)} is the name of two variants`,
      expected: 'a name of its own',
    };
    context.addIssue({ code: 'custom', path: [index, 'name'], params: { fault }, input: name });
  }
}

const shape = {
  version: z.literal(1, { error: '1' }).describe('Version of this format.'),
  title: text('a title').optional().describe('Headline of the report. Default: the name of the file.'),
  load: Load.describe('When calls are made, by whom, and over what.'),
  calls: z
    .array(Call, { error: 'a list of calls' })
    .min(1, { error: 'at least one call' })
    .describe('The mix of calls, by weight.'),
  target: Target.optional().describe('An existing endpoint to load.'),
  fleet: Fleet.optional().describe('Or servers that Paceline starts, behind a balancer.'),
  balancer: Balancer.optional().describe('What stands in front of the fleet.'),
  auth: mapping({
    mode: choice(['none']).default('none').describe('How calls are authorized.'),
  })
    .prefault({})
    .describe('Authorization of the calls.'),
  cache: mapping({
    honour: z
      .literal(false, { error: 'false' })
      .default(false)
      .describe('Whether agents cache lists for `ttlMs`.'),
  })
    .prefault({})
    .describe('What agents do about `ttlMs`.'),
  variants: z
    .array(Variant, { error: 'a list of variants' })
    .superRefine(uniqueNames, { when: ({ value }) => Array.isArray(value) })
    .default([])
    .describe('Settings to compare; each overrides parts of the profile. None: the profile itself is run.'),
  repetitions: integer(1, 1000)
    .optional()
    .describe('How often each variant is run, interleaved. Default 3; 1 when there is a single variant.'),
  thresholds: z
    .array(text('a threshold such as "p(99) < 50ms"'), { error: 'a list of thresholds' })
    .default([])
    .describe('Bounds that decide between pass and fail, such as `"p(99) < 50ms"` or `"error_rate < 0.1%"`.'),
};

/** The profile document, defaults filled in; durations, rates and sizes are still spelled out. */
export const ProfileDocument = withRule(exactlyOne(mapping(shape), ['target', 'fleet']), (profile) =>
  profile['target'] !== undefined && profile['fleet'] === undefined && profile['balancer'] !== undefined
    ? [
        {
          path: ['balancer'],
          fault: { what: 'stands in front of a fleet, not of a target', todo: 'leave it out' },
        },
      ]
    : [],
).describe(`A Paceline profile: ${alternatives(['target', 'fleet'])}, load, calls and variants.`);
export type ProfileDocument = z.infer<typeof ProfileDocument>;

/** Keys of the document that hold for all variants. */
export const SHARED_KEYS: readonly string[] = ['version', 'title', 'variants', 'repetitions', 'thresholds'];
