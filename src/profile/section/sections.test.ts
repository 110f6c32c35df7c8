import { describe, expect, it } from 'vitest';
import { readDocument } from '../document/document.ts';
import { formatOf } from '../document/format.ts';
import { editorSchema } from '../generated/json-schema.ts';
import { profileReference } from '../generated/reference.ts';
import { problemsOf, withLines } from '../sample-profile.case.ts';
import { profileSection, variantSection } from './section.ts';
import { SECTIONS } from './sections.ts';
import { choice, duration, isMapping, mapping, text, violationAt } from './values.ts';

/** A key that the profile does not have: what its file would hold. */
const gateway = variantSection({
  schema: mapping({
    mode: choice(['open']).default('open').describe('What it lets through.'),
    wait: duration(0, 1e6).default('5ms').describe('How long it takes.'),
    token: text('a token').optional().describe('What it asks for.'),
  })
    .optional()
    .describe('A gateway in front of the balancer.'),
  excludes: { gateway: ['target'], target: ['gateway'] },
  rule: ({ gateway, target }) =>
    gateway === undefined || !isMapping(target)
      ? []
      : violationAt(['gateway'], { what: 'cannot be combined with target', todo: 'use fleet' }),
  planned: { 'gateway.mode': (mode) => mode === 'strict' },
  secrets: [
    {
      at: ['gateway.token'],
      quotable: false,
      record: () => ({ value: '(hidden)', hidden: ['token'] }),
      notice: (names) => `the ${names.join()} of the gateway`,
    },
  ],
  flags: {
    read: ({ target }) => ({
      changes: [],
      problems: target === 'nowhere' ? [{ where: '--target', what: 'leads past the gateway' }] : [],
    }),
    docs: '- `--target URL` must not be `nowhere`.\n',
  },
  complete: (gateway) => gateway && { gateway: { wait: Number.parseInt(gateway.wait, 10) } },
  docs: '\n## Gateways\n\nA gateway waits.\n',
});

/** A key that applies to all variants. */
const owner = profileSection({
  schema: text('a name').optional().describe('Who is asked about the profile.'),
  complete: (owner, { variants }) => ({ owner: `${owner ?? 'nobody'}, ${variants}` }),
  ruleOverVariants: (owner, { variants }) =>
    variants.some(({ name }) => name === owner)
      ? violationAt(['owner'], { what: 'is the name of a variant' })
      : [],
});

const FORMAT = formatOf({ ...SECTIONS, gateway, owner });

const read = (lines: readonly string[], flags = {}) =>
  readDocument(withLines(...lines), 'p.yaml', flags, FORMAT);
const problems = (lines: readonly string[], flags = {}) => problemsOf(() => read(lines, flags));
const TARGET = 'target: { url: "http://127.0.0.1:1/mcp" }';

describe('a key that is one more line in the table of sections', () => {
  it('is completed, for each variant or for all of them', () => {
    const { variants, shared, document } = read(['gateway: {}', 'owner: me']);
    expect(variants[0]!.settings).toMatchObject({ gateway: { wait: 5 }, endpoint: { kind: 'fleet' } });
    expect(shared).toMatchObject({ owner: 'me, 1', repetitions: 1 });
    expect(document).toMatchObject({ gateway: {}, owner: 'me' });
    expect(read([]).variants[0]!.settings).not.toHaveProperty('gateway');
  });

  it('is overridden by variants and by --set', () => {
    const lines = [
      'gateway: { wait: 7ms }',
      'variants: [{ name: a, gateway.wait: 9ms }, { name: b }, { name: c, gateway: { wait: 2ms } }]',
    ];
    const waits = (flags = {}) =>
      read(lines, flags).variants.map(({ settings }) => settings as { gateway?: { wait: number } });
    expect(waits().map(({ gateway }) => gateway?.wait)).toEqual([9, 7, 2]);
    expect(waits({ set: ['gateway.wait=8ms'] }).map(({ gateway }) => gateway?.wait)).toEqual([9, 8, 2]);
  });

  it('is validated, with its place and what it may be', () => {
    expect(problems(['gateway: { wiat: 1ms, wait: 2 }', 'owner: ""'])).toEqual([
      'p.yaml:5:12 gateway.wiat: unknown key; expected mode, wait or token (did you mean "wait"?)',
      'p.yaml:5:29 gateway.wait: 2 is not valid; expected a duration such as 250ms, from 0s to 1s',
      'p.yaml:6:8 owner: "" is not valid; expected a name',
    ]);
    expect(problems(['gatewya: {}'])[0]).toMatch(/gatewya: unknown key; .*\(did you mean "gateway"\?\)/);
    expect(problems(['gateway: { mode: strict }'])).toEqual([
      'p.yaml:5:18 gateway.mode: "strict" is not available in this version; expected open',
    ]);
    expect(problems(['owner: a', 'variants: [{ name: a }]'])).toEqual([
      'p.yaml:5:8 owner: is the name of a variant',
    ]);
    expect(problems(['variants: [{ name: a, owner: b }]'])).toEqual([
      'p.yaml:5:23 variants[0].owner: owner applies to all variants (set it at the top level of the profile)',
    ]);
    expect(problems([], { target: 'nowhere' })).toEqual(['--target: leads past the gateway']);
  });

  it('is excluded by what it cannot be combined with, and excludes that', () => {
    expect(problems(['fleet:', TARGET, 'gateway: {}'])).toEqual([
      'p.yaml:5:1 gateway: cannot be combined with target (use fleet)',
    ]);
    const { variants } = read([
      'gateway: {}',
      'variants: [{ name: a }, { name: b, target.url: "http://127.0.0.1:1/mcp" }]',
    ]);
    expect(variants.map(({ settings }) => 'gateway' in settings)).toEqual([true, false]);
    const back = read(['fleet:', TARGET, 'variants: [{ name: a, gateway.wait: 1ms, fleet.era: stateless }]']);
    expect(back.variants[0]!.settings).toMatchObject({ gateway: { wait: 1 }, endpoint: { kind: 'fleet' } });
  });

  it('keeps its credentials out of results and messages', () => {
    const { document, variants, notices } = read([
      'gateway: { token: s3cret }',
      'variants: [{ name: a, gateway.token: s3cret }]',
    ]);
    expect(JSON.stringify([document, variants.map(({ overrides }) => overrides)])).not.toContain('s3cret');
    expect(notices).toEqual(['the token of the gateway is sent, and not recorded in the result']);
    expect(problems(['gateway: { token: [s3cret] }']).join()).not.toContain('s3cret');
    expect(problems([], { set: ['gateway.token=[s3cret'] }).join()).not.toContain('s3cret');
  });

  it('is in the reference', () => {
    const reference = profileReference(FORMAT);
    expect(reference).toContain('| `gateway` | a mapping |  | A gateway in front of the balancer. |\n');
    expect(reference).toContain('| `gateway.mode` | `open` | `open` | What it lets through. |\n');
    expect(reference).toContain('| `gateway` | `target` |\n');
    expect(reference).toContain('| `target` | `fleet`, `faults`, `gateway` |\n');
    expect(reference).toContain('`thresholds` and `owner` apply to all variants.');
    expect(reference).toContain('- `--target URL` must not be `nowhere`.\n');
    expect(reference).toContain('\n## Gateways\n\nA gateway waits.\n');
  });

  it('is in the JSON Schema, and in that of variants', () => {
    const { properties } = editorSchema(FORMAT);
    expect(properties?.['gateway']).toMatchObject({ properties: { mode: { enum: ['open'] } } });
    const variant = properties?.['variants']?.items?.properties;
    expect(variant).toMatchObject({
      gateway: { properties: { wait: {} } },
      'gateway.wait': { $ref: '#/properties/gateway/properties/wait' },
    });
    expect(variant).not.toHaveProperty('owner');
  });
});
