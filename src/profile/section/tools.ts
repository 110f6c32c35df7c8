/** @module `fleet.tools`: the tools that the built-in servers offer, and their service times. */
import { z } from 'zod';
import { type Micros, type Millis, parseDuration } from '../../units/time.ts';
import {
  bytes,
  choice,
  duration,
  exactlyOne,
  integer,
  isMapping,
  type Mapping,
  mapping,
  number,
  parseBytes,
  violationAt,
  withRule,
} from './values.ts';

/** Service time of the tool `work`, as a distribution. */
export type ServiceTime =
  | { readonly kind: 'constant'; readonly us: Micros }
  | { readonly kind: 'uniform'; readonly minUs: Micros; readonly maxUs: Micros }
  | { readonly kind: 'exponential'; readonly meanUs: Micros }
  | { readonly kind: 'lognormal'; readonly medianUs: Micros; readonly sigma: number }
  | {
      readonly kind: 'bimodal';
      readonly fastUs: Micros;
      readonly slowUs: Micros;
      readonly slowShare: number;
    };

/** The tools that the built-in servers offer. */
export interface ToolSettings {
  /** How many tools `tools/list` names (the built-in ones first, then generated ones). */
  readonly catalogue: number;
  /** Service time of the tool `work`. */
  readonly work: ServiceTime;
  /** Size of the answer of the tool `report`. */
  readonly reportBytes: number;
  readonly ttlMs: Millis;
  readonly cacheScope: 'public' | 'private';
  /** How many calls, lists and reads an instance works on at once; the others wait in order. Absent: all. */
  readonly concurrency?: number;
  /** Service time of a list or a `resources/read`. Absent: only the processing time. */
  readonly listUs?: Micros;
}

const HOUR = 3600e6;

const time = () => duration(1, HOUR);

/** Requires that one duration is not longer than another. */
function ascending<Schema extends z.ZodType>(low: string, high: string, schema: Schema): Schema {
  return withRule(schema, (value) => {
    const [from = 0, to = Infinity] = [low, high].map((key) => parseDuration(String(value[key])));
    if (from <= to) return [];
    return violationAt([low], { what: `is longer than ${high}`, expected: `at most ${value[high]}` });
  });
}

const DISTRIBUTIONS = ['uniform', 'exponential', 'lognormal', 'bimodal'] as const;

export const Work = z.union(
  [
    duration(0, HOUR),
    exactlyOne(
      mapping({
        uniform: ascending(
          'min',
          'max',
          mapping({
            min: duration(0, HOUR).describe('Shortest service time.'),
            max: time().describe('Longest service time.'),
          }),
        )
          .optional()
          .describe('Uniformly distributed between `min` and `max`.'),
        exponential: mapping({ mean: time().describe('Mean service time.') })
          .optional()
          .describe('Exponential around `mean`.'),
        lognormal: mapping({
          median: time().describe('Median service time.'),
          sigma: number({ above: 0, max: 5 }).describe('Standard deviation of the logarithm.'),
        })
          .optional()
          .describe('Lognormal: most values are near `median`, a few far above it.'),
        bimodal: ascending(
          'fast',
          'slow',
          mapping({
            fast: duration(0, HOUR).describe('Service time of most calls.'),
            slow: time().describe('Service time of the others.'),
            slowShare: number({ above: 0, max: 1 }).describe('Share of the calls that are slow, 0 to 1.'),
          }),
        )
          .optional()
          .describe('Two speeds.'),
      }),
      DISTRIBUTIONS,
    ),
  ],
  { error: 'a duration such as 5ms, or one of uniform, exponential, lognormal and bimodal' },
);

/** How many tools a catalogue has by default, and at most. */
const CATALOGUE = 12;
const MOST_TOOLS = 10_000;

export const Tools = mapping({
  catalogue: integer(1, MOST_TOOLS).default(CATALOGUE).describe('How many tools `tools/list` names.'),
  work: Work.default('5ms').describe(
    'Service time of the tool `work`: a duration, or a distribution of durations.',
  ),
  reportBytes: bytes(64 * 1024 ** 2)
    .default(65_536)
    .describe('Size of the answer of the tool `report`.'),
  ttl: duration(0, 24 * HOUR)
    .default('5m')
    .describe(
      'For how long lists, resources and what `server/discover` says may be cached (`ttlMs`); `fleet.offer.hints` overrides it for single methods.',
    ),
  cacheScope: choice(['public', 'private']).default('public').describe('Who may cache them (`cacheScope`).'),
  list: duration(0, HOUR).default('0s').describe('How long a list or a `resources/read` takes.'),
  concurrency: integer(1, 10_000)
    .optional()
    .describe(
      'How many calls, lists and reads an instance works on at the same time; the others wait, first come, first served. Default: no limit.',
    ),
});

/** A distribution replaces another. */
export const TOOL_EXCLUSIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  DISTRIBUTIONS.map((name) => [
    `fleet.tools.work.${name}`,
    DISTRIBUTIONS.filter((other) => other !== name).map((other) => `fleet.tools.work.${other}`),
  ]),
);

/** How many tools the servers of a profile offer; undefined when the number is not valid. */
export function catalogueOf({ fleet }: Mapping): number | undefined {
  const tools = isMapping(fleet) ? fleet['tools'] : undefined;
  const { catalogue = CATALOGUE } = isMapping(tools) ? tools : {};
  const isValid = typeof catalogue === 'number' && catalogue >= 1 && catalogue <= MOST_TOOLS;
  return isValid ? catalogue : undefined;
}

/** The settings for the tools in the profile, or for the defaults. */
export function completeTools(tools: z.output<typeof Tools> = Tools.parse({})): ToolSettings {
  const { catalogue, work, reportBytes, ttl, cacheScope, list, concurrency } = tools;
  const listUs = parseDuration(list)!;
  return {
    catalogue,
    work: completeWork(work),
    reportBytes: parseBytes(reportBytes)!,
    ttlMs: parseDuration(ttl)! / 1000,
    cacheScope,
    ...(listUs === 0 ? {} : { listUs }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}

/** A service time of the profile. */
export function completeWork(work: z.output<typeof Work>): ServiceTime {
  const micros = (text: string): Micros => parseDuration(text)!;
  if (typeof work === 'string') return { kind: 'constant', us: micros(work) };
  const { uniform, exponential, lognormal, bimodal } = work;
  if (uniform) return { kind: 'uniform', minUs: micros(uniform.min), maxUs: micros(uniform.max) };
  if (exponential) return { kind: 'exponential', meanUs: micros(exponential.mean) };
  if (lognormal) return { kind: 'lognormal', medianUs: micros(lognormal.median), sigma: lognormal.sigma };
  const { fast, slow, slowShare } = bimodal!;
  return { kind: 'bimodal', fastUs: micros(fast), slowUs: micros(slow), slowShare };
}

export const TOOLS_DOCS = `
## Finite servers

By default an instance works on all requests at the same time: \`work\` is a timer, calls never slow each other down, and no balancing policy
can show a difference in response times. With \`fleet.tools.concurrency: N\` an instance has N slots and one queue in front of them:

- Each \`tools/call\`, for any tool, each list and each \`resources/read\` occupies a slot until its answer is ready. They share the
  slots, so a client that avoids lists leaves more capacity for calls. \`fleet.tools.list\` is the service time of a list or a read; by default it
  takes only its processing time.
- \`initialize\`, \`server/discover\`, \`ping\`, notifications, \`subscriptions/listen\`, GET streams, DELETE and requests that are rejected before they are handled (wrong
  headers, unknown method, unknown session) take no slot and do not wait.
- The queue is first come, first served, and unlimited; a call that waits longer than \`load.timeout\` times out. A caller that closes its
  connection while it waits leaves the queue. Once a request has a slot, it is processed to the end.
- \`Server-Timing\` reports the wait as \`queue\`, separately from \`tool\`; answers whose head is sent before the wait ends report only the time to the head.
- A \`work\` or \`list\` takes as long as configured, from 100 us up. Where the machine is busy and one takes longer, the excess is subtracted from the next
  ones, so the mean stays as configured.
- The delay that a \`slow\` fault injects comes before the queue and occupies no slot.

With one slot, Poisson arrivals and exponential \`work\`, an instance is the textbook M/M/1 queue, and is
[checked against it](accuracy.md).

\`\`\`yaml
load: { rate: 280/s, arrivals: poisson } # 4 instances with one slot and 10 ms of work: 70 % of the time busy
calls: [{ tool: work }]
fleet: { server: lean, instances: 4, tools: { work: { exponential: { mean: 10ms } }, concurrency: 1 } }
\`\`\`
`;
