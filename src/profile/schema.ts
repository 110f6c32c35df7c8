/** @module The one schema of the profile: types, validation, the shipped JSON Schema and `docs/profile.md` come from it. */
import { z } from 'zod';
import { parseDuration, parseRate } from '../units/time.ts';
import { ToolArguments } from './arguments.ts';
import { AVAILABLE_DRIVERS, POLICIES } from './settings.ts';
import {
  alternatives,
  bytes,
  choice,
  duration,
  exactlyOne,
  type Finding,
  flag,
  integer,
  isMapping,
  type Mapping,
  mapping,
  number,
  rate,
  text,
  withRule,
} from './values.ts';

const MS = 1e3;
const HOUR = 3600e6;
const ERAS = ['stateless', 'sessions'] as const;

const Stage = withRule(
  exactlyOne(
    mapping({
      duration: duration(MS, 24 * HOUR).describe('How long the stage lasts.'),
      rate: rate('zero')
        .optional()
        .describe('Rate at the end of the stage; it goes there linearly from `from`. `0/s` is a pause.'),
      from: rate('zero')
        .optional()
        .describe(
          'Rate at the start of the stage. Default: the rate at which the stage before ended; for the first stage its own `rate`.',
        ),
      step: flag()
        .optional()
        .describe('Jump to `rate` at once and hold it, instead of going there linearly.'),
      spike: rate('above zero')
        .optional()
        .describe(
          'Instead of `rate`: jump to this rate, hold it, and afterwards be back at the rate before the stage.',
        ),
    }),
    ['rate', 'spike'],
  ),
  (stage) => {
    const jump = stage['step'] === true ? 'step' : stage['spike'] === undefined ? undefined : 'spike';
    return jump === undefined || stage['from'] === undefined
      ? []
      : [
          {
            path: ['from'],
            fault: { what: `does not go with ${jump}`, todo: 'a jump starts nowhere; leave one of them out' },
          },
        ];
  },
);

function durationBesideStages(load: Mapping): readonly Finding[] {
  if (load['stages'] === undefined || load['duration'] === undefined) return [];
  const todo = 'the stages have durations of their own; leave it out';
  return [{ path: ['duration'], fault: { what: 'is not allowed beside load.stages', todo } }];
}

function stagesWithoutRate({ stages }: Mapping): readonly Finding[] {
  if (!Array.isArray(stages) || stages.length === 0) return [];
  const rates = stages.flatMap((stage) =>
    isMapping(stage) ? [stage['rate'], stage['from'], stage['spike']] : [null],
  );
  if (rates.some((value) => value !== undefined && parseRate(String(value)) !== 0)) return [];
  return [{ path: ['stages'], fault: { what: 'no stage has a rate above 0/s', expected: 'some load' } }];
}

const Load = withRule(
  exactlyOne(
    mapping({
      rate: rate('above zero')
        .optional()
        .describe('Open loop: calls fall due at this rate, whatever the answers do.'),
      stages: z
        .array(Stage, { error: 'a list of stages' })
        .min(1, { error: 'at least one stage' })
        .optional()
        .describe(
          'Open loop: a rate that changes over time, stage by stage. Warm-up runs at the starting rate.',
        ),
      concurrency: integer(1, 10_000)
        .optional()
        .describe('Closed loop: this many calls are always under way; the next starts when one ends.'),
      arrivals: choice(['constant', 'poisson'])
        .default('constant')
        .describe('Open loop: evenly spaced calls, or a Poisson process (independent callers).'),
      warmup: duration(0, HOUR)
        .default('2s')
        .describe('Load before the measured time; in none of the figures.'),
      duration: duration(MS, 24 * HOUR)
        .optional()
        .describe(
          'Measured time, after the warm-up. Default 10s; not beside `stages`, which have durations of their own.',
        ),
      agents: integer(1, 100_000)
        .default(64)
        .describe('Distinct callers: each has its own identity, session and private cache.'),
      connections: integer(1, 10_000).default(64).describe('Connections in the pool that all agents share.'),
      timeout: duration(MS, HOUR)
        .default('5s')
        .describe('A call without a complete answer after this time has failed.'),
      workers: z
        .union([integer(1, 64), z.literal('auto')], { error: 'a whole number from 1 to 64, or auto' })
        .default('auto')
        .describe('Threads that generate load; `auto`: what the machine has left beside fleet and balancer.'),
      driver: choice(AVAILABLE_DRIVERS)
        .default(AVAILABLE_DRIVERS[0])
        .describe('What makes the calls over the wire.'),
      maxInFlight: integer(1, 1_000_000)
        .default(10_000)
        .describe('Calls under way at once; a call that falls due beyond it is dropped and counted.'),
      checkIds: flag()
        .default(true)
        .describe(
          'Check the JSON-RPC id of every answer. `false` only against a static responder that cannot echo ids.',
        ),
    }),
    ['rate', 'stages', 'concurrency'],
  ),
  (load) => [...durationBesideStages(load), ...stagesWithoutRate(load)],
);

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
    .meta({ format: 'uri' })
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

const time = () => duration(1, HOUR);

/** Demands that one duration is not longer than another. */
function ascending<Schema extends z.ZodType>(low: string, high: string, schema: Schema): Schema {
  return withRule(schema, (value) => {
    const [from = 0, to = Infinity] = [low, high].map((key) => parseDuration(String(value[key])));
    return from <= to
      ? []
      : [{ path: [low], fault: { what: `is longer than ${high}`, expected: `at most ${value[high]}` } }];
  });
}

const Work = z.union(
  [
    duration(0, HOUR),
    exactlyOne(
      mapping({
        uniform: ascending('min', 'max', mapping({ min: duration(0, HOUR), max: time() }))
          .optional()
          .describe('Evenly between `min` and `max`.'),
        exponential: mapping({ mean: time() }).optional().describe('Exponential around `mean`.'),
        lognormal: mapping({ median: time(), sigma: number({ above: 0, max: 5 }) })
          .optional()
          .describe(
            'Lognormal: most are near `median`, a few far above it; `sigma` is the spread of the logarithm.',
          ),
        bimodal: ascending(
          'fast',
          'slow',
          mapping({ fast: duration(0, HOUR), slow: time(), slowShare: number({ above: 0, max: 1 }) }),
        )
          .optional()
          .describe('Two speeds: a share `slowShare` of the calls takes `slow`, the rest `fast`.'),
      }),
      ['uniform', 'exponential', 'lognormal', 'bimodal'],
    ),
  ],
  { error: 'a duration such as 5ms, or one of uniform, exponential, lognormal and bimodal' },
);

const Tools = mapping({
  catalogue: integer(1, 10_000).default(12).describe('How many tools `tools/list` names.'),
  work: Work.default('5ms').describe(
    'How long the tool `work` takes: a duration, or a distribution of durations.',
  ),
  reportBytes: bytes(64 * 1024 ** 2)
    .default(65_536)
    .describe('Size of the answer of the tool `report`.'),
  ttl: duration(0, 24 * HOUR)
    .default('5m')
    .describe('For how long a list may be cached (`ttlMs`).'),
  cacheScope: choice(['public', 'private'])
    .default('public')
    .describe('Who may cache a list (`cacheScope`).'),
});

const Fleet = withRule(
  mapping({
    server: choice(['sdk', 'lean'])
      .default('sdk')
      .describe('Servers of the official SDK, or our own minimal fast one (stateless era only).'),
    era: choice(ERAS)
      .default('stateless')
      .describe('`stateless` is MCP 2026-07-28, `sessions` is MCP 2025-11-25.'),
    instances: integer(1, 64).default(4).describe('How many server processes.'),
    tools: Tools.prefault({}).describe('What the servers offer: `echo`, `work`, `report` and a catalogue.'),
  }),
  (fleet) =>
    fleet['server'] === 'lean' && fleet['era'] === 'sessions'
      ? [
          {
            path: ['era'],
            fault: {
              what: 'the lean server has no sessions',
              todo: 'use fleet.era stateless, or fleet.server sdk',
            },
          },
        ]
      : [],
);

/** Filled in where a fleet comes without one. */
export const Balancer = mapping({
  engine: choice(['embedded']).default('embedded').describe('The proxy in front of the fleet.'),
  policy: choice(POLICIES).default('round-robin').describe('How it chooses an instance.'),
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
