/** @module The one schema of the profile: types, validation, the shipped JSON Schema and `docs/profile.md` come from it. */
import { z } from 'zod';
import { alternatives } from '../units/words.ts';
import { DRIVER_NAMES, ENGINE_NAMES, ERAS, type Era, POLICY_NAMES, supportOf } from './kinds.ts';
import { holdsCredentials } from './secrets.ts';
import { ToolArguments } from './section/arguments.ts';
import { Faults, faultLimits } from './section/faults.ts';
import { Balancer, Fleet } from './section/fleet.ts';
import { Load } from './section/load.ts';
import {
  choice,
  exactlyOne,
  headerName,
  instanceHeader,
  integer,
  isMapping,
  type Mapping,
  mapping,
  number,
  text,
  type Violation,
  withRule,
} from './section/values.ts';
import {
  unsupportedEra,
  unsupportedLoop,
  unsupportedPerConnection,
  unsupportedPolicy,
  unsupportedPolicyEra,
  unsupportedProxy,
} from './unsupported.ts';

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

/** Credentials in a URL are refused: they would not be sent, and the URL is recorded. */
function url(protocol: RegExp, error: string): z.ZodString {
  return z
    .string({ error })
    .refine((text) => URL.canParse(text) && protocol.test(new URL(text).protocol), { error })
    .refine((text) => !holdsCredentials(text), {
      error: 'a URL without user and password; credentials go into a header (target.headers, --header)',
    })
    .meta({ format: 'uri', patternErrorMessage: error });
}

/** The URL of a proxy: a server and credentials, nothing more. */
function proxy(): z.ZodString {
  const error = 'http://host:port, or http://user:password@host:port';
  return z
    .string({ error })
    .refine(
      (text) => {
        const { protocol, pathname, search, hash } = URL.canParse(text) ? new URL(text) : new URL('void:');
        return /^https?:$/.test(protocol) && `${pathname}${search}${hash}` === '/';
      },
      { error },
    )
    .meta({ pattern: '^https?://[^/?#]+/?$', patternErrorMessage: error });
}

const TargetMapping = mapping({
  url: url(/^https?:$/, 'an http or https URL')
    .optional()
    .describe(
      'MCP endpoint, such as `http://127.0.0.1:3000/mcp`. Results do not record the values of parameters that carry credentials.',
    ),
  instances: z
    .array(url(/^http:$/, 'an http URL'), { error: 'a list of URLs' })
    .min(1, { error: 'at least one URL' })
    .max(64, { error: 'at most 64 URLs' })
    .optional()
    .describe('Or instances that run already, all with the same path; `balancer` is put in front of them.'),
  era: choice(['auto', ...ERAS])
    .default('auto')
    .describe('Era of MCP that it speaks; `auto` asks it (`server/discover`, then `initialize`).'),
  headers: z
    .record(
      headerName(),
      z.string({ error: 'text; quote it' }).regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'text in one line' }),
      { error: 'a mapping of header names to values' },
    )
    .default({})
    .describe(
      'Headers to send with every request. One that MCP sets too (`Accept`, `MCP-Protocol-Version`, `Mcp-Method`, ...) is sent in its place, as a way to see what a server or balancer makes of it.',
    ),
  proxy: proxy()
    .optional()
    .describe(
      'Forward proxy that every connection goes through: a tunnel (`CONNECT`), within which `https` targets may speak HTTP/2. Results do not record its credentials. Needs `load.driver: undici`.',
    ),
  instanceHeader: instanceHeader().describe(
    'Response header that names the instance. Behind `balancer`, instances that do not send it are named by the balancer.',
  ),
});

const Target = withRule(exactlyOne(TargetMapping, ['url', 'instances']), (target) => [
  ...twins(target['instances']),
  ...proxyBeforeBalancer(target),
]);

function twins(instances: unknown): readonly Violation[] {
  const urls = Array.isArray(instances) ? (instances as readonly unknown[]) : [];
  const fault = { what: 'is there twice', expected: 'an instance of its own' };
  return urls.flatMap((url, index) =>
    urls.indexOf(url) < index ? [{ path: ['instances', index], fault }] : [],
  );
}

function proxyBeforeBalancer({ proxy, instances }: Mapping): readonly Violation[] {
  if (proxy === undefined || instances === undefined) return [];
  const what = 'does not go with target.instances: calls reach those through our own balancer';
  return [
    { path: ['proxy'], fault: { what, expected: 'a proxy on the way to target.url', todo: 'leave it out' } },
  ];
}

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
  balancer: Balancer.optional().describe('What stands in front of the fleet, or of `target.instances`.'),
  faults: Faults,
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

function balancerBeforeTarget({ target, fleet, balancer }: Mapping): readonly Violation[] {
  if (!isMapping(target) || fleet !== undefined || balancer === undefined) return [];
  if (target['instances'] !== undefined) return [];
  const what = 'stands in front of a fleet or of target.instances, not of a URL';
  return [{ path: ['balancer'], fault: { what, todo: 'leave it out' } }];
}

/** What the drivers and policies that the profile chooses do not support of what it asks for. */
function kindLimits(profile: Mapping): readonly Violation[] {
  return [...driverLimits(profile), ...policyLimits(profile)];
}

function driverLimits({ load, target, fleet }: Mapping): readonly Violation[] {
  const driver = isMapping(load) ? chosen(DRIVER_NAMES, load['driver']) : undefined;
  if (driver === undefined || !isMapping(load)) return [];
  const loop = LOOPS.find((key) => load[key] !== undefined);
  const { era, setBy } = eraOf({ target, fleet });
  const proxied = isMapping(target) && target['proxy'] !== undefined;
  return [
    ...at(['load', 'driver'], loop && unsupportedLoop(driver, loop)),
    ...at(['load', 'driver'], era && unsupportedEra(driver, era, setBy)),
    ...at(
      ['load', 'perConnection'],
      load['perConnection'] === undefined ? undefined : unsupportedPerConnection(driver),
    ),
    ...at(['target', 'proxy'], proxied ? unsupportedProxy(driver) : undefined),
  ];
}

function policyLimits({ balancer, target, fleet }: Mapping): readonly Violation[] {
  if (!isMapping(balancer)) return [];
  const policy = chosen(POLICY_NAMES, balancer['policy']);
  const engine = chosen(ENGINE_NAMES, balancer['engine']);
  const { era, setBy } = eraOf({ target, fleet });
  if (policy === undefined) return [];
  return [
    ...at(['balancer', 'policy'], engine && unsupportedPolicy(supportOf(engine, policy))),
    ...at(['balancer', 'policy'], era && unsupportedPolicyEra(policy, era, setBy)),
  ];
}

const LOOPS = ['rate', 'stages', 'concurrency'] as const;

/** The name that `value` is, the first when there is no value; `undefined` for one that is not known. */
function chosen<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return value === undefined ? names[0] : names.find((name) => name === value);
}

/** The era of what is loaded, and the key that sets it; no era when that is `auto`, or wrong. */
function eraOf({ target, fleet }: Mapping): { readonly era: Era | undefined; readonly setBy: string } {
  if (isMapping(fleet)) return { era: chosen(ERAS, fleet['era']), setBy: 'fleet.era' };
  const era = isMapping(target) ? ERAS.find((each) => each === target['era']) : undefined;
  return { era, setBy: 'target.era' };
}

const at = (path: Violation['path'], problem: Violation['fault'] | undefined): readonly Violation[] =>
  problem === undefined ? [] : [{ path, fault: problem }];

/** The profile document, defaults filled in; durations, rates and sizes are still spelled out. */
export const ProfileDocument = withRule(exactlyOne(mapping(shape), ['target', 'fleet']), (profile) => [
  ...balancerBeforeTarget(profile),
  ...kindLimits(profile),
  ...faultLimits(profile),
]).describe(`A Paceline profile: ${alternatives(['target', 'fleet'])}, load, calls and variants.`);
export type ProfileDocument = z.infer<typeof ProfileDocument>;

/** Keys of the document that hold for all variants. */
export const SHARED_KEYS: readonly string[] = ['version', 'title', 'variants', 'repetitions', 'thresholds'];
