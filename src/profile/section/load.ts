/** @module The key `load`: when calls are made, by which agents, and over which connections. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Micros, type PerSecond, parseDuration, parseRate } from '../../units/time.ts';
import { DRIVER_NAMES, DRIVERS, type DriverName } from '../kinds.ts';
import { unsupportedEra, unsupportedLoop, unsupportedPerConnection } from '../unsupported.ts';
import { eraOf } from './endpoint.ts';
import { driverTable } from './kind-tables.ts';
import { variantSection } from './section.ts';
import { completeStages, STAGES_DOCS, type Stage, Stages, spanOf, stagesWithoutRate } from './stages.ts';
import {
  completeTransport,
  TRANSPORT_DOCS,
  TRANSPORT_KEYS,
  type TransportSettings,
  transportRule,
} from './transport.ts';
import {
  choice,
  chosen,
  duration,
  exactlyOne,
  flag,
  integer,
  isMapping,
  type Mapping,
  mapping,
  meanings,
  type RuleProblem,
  rate,
  text,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** When calls fall due: an open loop at a rate, an open loop in stages, a closed loop, or as in a trace. */
export type Shape =
  | { readonly kind: 'rate'; readonly perSecond: PerSecond }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  | { readonly kind: 'closed'; readonly concurrency: number }
  | ReplayShape;

/** The calls of a trace, made again. */
export interface ReplayShape {
  readonly kind: 'replay';
  /** Path of the trace. */
  readonly trace: string;
  /** How many times as fast as it was recorded. */
  readonly speed: number;
  /** Calls that are made, and those that are not, by the reason: known when the trace has been read. */
  readonly calls: number;
  readonly leftOut: readonly { readonly reason: string; readonly calls: number }[];
}

export interface LoadSettings extends TransportSettings {
  readonly shape: Shape;
  readonly arrivals: 'constant' | 'poisson';
  readonly warmupUs: Micros;
  /** Measured time, after the warm-up. */
  readonly durationUs: Micros;
  readonly agents: number;
  /** Connections that are opened before the load. */
  readonly connections: number;
  /** Connections to which the pool grows while all are busy; at least {@link connections}. */
  readonly maxConnections: number;
  readonly timeoutUs: Micros;
  readonly driver: DriverName;
  readonly maxInFlight: number;
  readonly checkIds: boolean;
  /** Calls after which a connection is replaced. Absent: never. */
  readonly perConnection?: number;
  /** Exponent of Zipf's law over the agents: how unevenly the calls are spread over them. Absent: evenly. */
  readonly skew?: number;
  /** Threads that generate load; `auto`: the cores that fleet and balancer leave free. */
  readonly workers: number | 'auto';
}

const MS = 1e3;
/** Keys of a replay. */
const REPLAY = ['load.replay', 'load.speed'];
const HOUR = 3600e6;
const DAY = 24 * HOUR;
const WARMUP = '2s';
const DURATION = '10s';
const AGENTS = 64;
const CONNECTIONS = 64;
/** As many as calls in flight, by default. */
const MAX_CONNECTIONS = 10_000;
const SKEW = 'a number from 0 to 3';
const SHAPES = ['rate', 'stages', 'concurrency', 'replay'] as const;
const SPEED = 'a factor from 0.5x to 100x, such as 2x';
/** What a trace says itself, or has no use for, with the default, which rules see as well. */
const NOT_IN_REPLAY: readonly (readonly [key: string, byDefault: unknown])[] = [
  ['arrivals', 'constant'],
  ['warmup', WARMUP],
  ['agents', AGENTS],
  ['skew', 0],
];

const Load = withRule(
  exactlyOne(
    mapping({
      rate: rate('above zero')
        .optional()
        .describe('Open loop: calls fall due at this rate, whatever the answers do.'),
      stages: Stages.optional(),
      concurrency: integer(1, 10_000)
        .optional()
        .describe('Closed loop: this many calls are always in flight; the next starts when one ends.'),
      replay: text('the path of a trace')
        .optional()
        .describe(
          'Makes the calls of a trace again, which `paceline record` has written: at the same times, by the same callers. The path is relative to the profile.',
        ),
      speed: z
        .string({ error: SPEED })
        .regex(/^\d+(\.\d+)?x$/, { error: SPEED })
        .refine((value) => speedOf(value) !== undefined, { error: SPEED })
        .meta({ patternErrorMessage: SPEED })
        .optional()
        .describe(
          'Of a replay: how many times as fast as it was recorded, from `0.5x` to `100x`. Default `1x`.',
        ),
      arrivals: choice(['constant', 'poisson'])
        .default('constant')
        .describe('Open loop: evenly spaced calls, or a Poisson process (independent callers).'),
      warmup: duration(0, HOUR)
        .default(WARMUP)
        .describe('Load before the measured time; not included in the results. A replay has none.'),
      duration: duration(MS, DAY)
        .optional()
        .describe(
          `Measured time, after the warm-up. Default ${DURATION}; not allowed with \`stages\`, which have their own durations. Of a replay, the default is its whole time.`,
        ),
      agents: integer(1, 100_000)
        .default(AGENTS)
        .describe('Distinct callers: each has its own identity, session and private cache.'),
      skew: z
        .number({ error: SKEW })
        .min(0, { error: SKEW })
        .max(3, { error: SKEW })
        .default(0)
        .describe(
          "Hot callers: exponent of Zipf's law over the agents. 0: all call equally often; 1: the first calls twice as often as the second and three times as often as the third.",
        ),
      connections: integer(1, 10_000)
        .default(CONNECTIONS)
        .describe(
          'Connections that are opened before the load. All agents share them; while all are busy, further ones are opened, up to `maxConnections`.',
        ),
      maxConnections: integer(1, 10_000)
        .optional()
        .describe(
          `Connections that may be open at the same time. A call that finds all of them busy waits for one, and the wait is part of its response time (\`connection_wait\`). Default ${MAX_CONNECTIONS}.`,
        ),
      timeout: duration(MS, HOUR)
        .default('5s')
        .describe('A call without a complete answer after this time fails.'),
      workers: z
        .union([integer(1, 64), z.literal('auto')], { error: 'a whole number from 1 to 64, or auto' })
        .default('auto')
        .describe('Threads that generate load; `auto`: the cores that fleet and balancer leave free.'),
      driver: choice(DRIVER_NAMES)
        .default(DRIVER_NAMES[0]!)
        .describe(`The HTTP client that makes the calls: ${meanings(DRIVERS)}.`),
      maxInFlight: integer(1, 1_000_000)
        .default(10_000)
        .describe('Maximum number of calls in flight; a call due beyond this limit is dropped and counted.'),
      perConnection: integer(1, 1_000_000_000)
        .optional()
        .describe(
          'Number of calls after which a connection is closed and a new one opened: simulates clients that do not keep connections open, and exercises balancers that balance connections. Default: connections stay open.',
        ),
      ...TRANSPORT_KEYS,
      checkIds: flag()
        .default(true)
        .describe(
          'Check the JSON-RPC id of every answer. Use `false` only for a static responder that cannot echo ids.',
        ),
    }),
    SHAPES,
  ),
  (load) => [
    ...durationWithStages(load),
    ...stagesWithoutRate(load),
    ...ownDriverLimits(load),
    ...poolLimits(load),
    ...replayProblems(load),
  ],
);

function durationWithStages({ stages, duration }: Mapping): readonly Violation[] {
  if (stages === undefined || duration === undefined) return [];
  const todo = 'each stage has its own duration; leave load.duration out';
  return violationAt(['duration'], { what: 'cannot be combined with load.stages', todo });
}

function replayProblems(load: Mapping): readonly Violation[] {
  if (load['replay'] === undefined) {
    const todo = 'only a replay has a speed; leave load.speed out';
    return load['speed'] === undefined ? [] : violationAt(['speed'], { what: 'needs load.replay', todo });
  }
  const { workers } = load;
  return [
    ...NOT_IN_REPLAY.flatMap(([key, byDefault]) =>
      load[key] === undefined || load[key] === byDefault
        ? []
        : violationAt([key], {
            what: 'cannot be combined with load.replay',
            todo: `the trace says when each caller calls; leave load.${key} out`,
          }),
    ),
    ...(workers === undefined || workers === 'auto' || workers === 1
      ? []
      : violationAt(['workers'], {
          what: 'cannot be combined with load.replay',
          expected: '1 or auto',
          todo: 'one thread makes all calls of a trace, since they may need results of each other',
        })),
  ];
}

/** How many times as fast `2x` is; undefined when it is no speed. */
function speedOf(speed: string): number | undefined {
  const factor = /^(\d+(?:\.\d+)?)x$/.exec(speed)?.[1];
  return factor !== undefined && Number(factor) >= 0.5 && Number(factor) <= 100 ? Number(factor) : undefined;
}

function poolLimits({ connections = CONNECTIONS, maxConnections }: Mapping): readonly Violation[] {
  if (typeof connections !== 'number' || typeof maxConnections !== 'number') return [];
  if (maxConnections >= connections) return [];
  const todo = `lower load.connections to ${maxConnections} as well, or raise load.maxConnections`;
  return violationAt(['maxConnections'], {
    what: `is ${maxConnections}, fewer than load.connections (${connections})`,
    todo,
  });
}

function ownDriverLimits(load: Mapping): readonly Violation[] {
  const driver = chosen(DRIVER_NAMES, load['driver']);
  const shape = SHAPES.find((key) => load[key] !== undefined);
  if (driver === undefined) return [];
  return [
    ...violationAt(['driver'], shape && unsupportedLoop(driver, shape)),
    ...(load['perConnection'] === undefined
      ? []
      : violationAt(['perConnection'], unsupportedPerConnection(driver))),
  ];
}

/** The driver that a profile selects; `undefined` for an unknown name. */
export function driverOf({ load }: Mapping): DriverName | undefined {
  return isMapping(load) ? chosen(DRIVER_NAMES, load['driver']) : undefined;
}

/** The number of agents of a profile, whose `load` is given; NaN when it is not valid. */
export function agentsOf(load: unknown): number {
  return Number((isMapping(load) ? load['agents'] : undefined) ?? AGENTS);
}

/** The measured time of a profile; `undefined` when it is not valid. */
export function measuredTimeOf({ load }: Mapping): Micros | undefined {
  if (!isMapping(load)) return undefined;
  const { stages, duration, replay } = load;
  if (replay !== undefined && duration === undefined) return undefined;
  return Array.isArray(stages) ? spanOf(stages) : parseDuration(String(duration ?? DURATION));
}

export const load = variantSection({
  schema: Load.describe('When calls are made, by whom, and over what.'),
  excludes: {
    'load.rate': ['load.stages', 'load.concurrency', ...REPLAY],
    'load.stages': ['load.rate', 'load.concurrency', 'load.duration', ...REPLAY],
    'load.concurrency': ['load.rate', 'load.stages', ...REPLAY],
    'load.replay': [
      'load.rate',
      'load.stages',
      'load.concurrency',
      'calls',
      ...NOT_IN_REPLAY.map(([key]) => `load.${key}`),
    ],
  },
  rule(profile) {
    const driver = driverOf(profile);
    const mix = mixOfReplay(profile);
    if (driver === undefined) return mix;
    const { era, setBy } = eraOf(profile);
    return [
      ...mix,
      ...violationAt(['load', 'driver'], era && unsupportedEra(driver, era, setBy)),
      ...transportRule(profile, driver),
    ];
  },
  complete: (load, { folder }): { readonly load: LoadSettings } => ({ load: completeLoad(load, folder) }),
  docs: `${STAGES_DOCS}
## Drivers

${driverTable()}${TRANSPORT_DOCS}`,
});

/** Of a replay without a duration, the longest: the trace ends it. */
function durationOf({ stages, duration, replay }: z.output<typeof Load>): Micros {
  if (stages !== undefined) return spanOf(stages)!;
  return replay !== undefined && duration === undefined ? DAY : parseDuration(duration ?? DURATION)!;
}

/** A load makes the calls of a mix, or those of a trace. */
function mixOfReplay({ load, calls, identities }: Mapping): readonly Violation[] {
  if (!isMapping(load)) return [];
  if (load['replay'] === undefined) {
    if (calls !== undefined) return [];
    return violationAt(['calls'], { what: 'is missing', expected: 'a list of calls' });
  }
  const todo = (key: string): RuleProblem => ({
    what: 'cannot be combined with load.replay',
    todo: `the trace has the calls and their callers; leave ${key} out`,
  });
  return [
    ...(calls === undefined ? [] : violationAt(['calls'], todo('calls'))),
    ...(!Array.isArray(identities) || identities.length === 0
      ? []
      : violationAt(['identities'], todo('identities'))),
  ];
}

function completeLoad(load: z.output<typeof Load>, folder: string): LoadSettings {
  const { arrivals, agents, connections, maxConnections = MAX_CONNECTIONS, workers } = load;
  const { driver, maxInFlight, checkIds, perConnection, skew } = load;
  const shape = shapeOf(load, folder);
  return {
    shape,
    arrivals,
    warmupUs: shape.kind === 'replay' ? 0 : parseDuration(load.warmup)!,
    durationUs: durationOf(load),
    agents,
    connections,
    maxConnections,
    timeoutUs: parseDuration(load.timeout)!,
    driver,
    maxInFlight,
    checkIds,
    workers,
    ...(perConnection === undefined ? {} : { perConnection }),
    ...(skew > 0 ? { skew } : {}),
    ...completeTransport(load),
  };
}

function shapeOf(
  { rate, stages, concurrency, replay, speed = '1x' }: z.output<typeof Load>,
  folder: string,
): Shape {
  if (replay !== undefined) {
    const trace = resolve(folder, replay);
    return { kind: 'replay', trace, speed: speedOf(speed)!, calls: 0, leftOut: [] };
  }
  if (stages !== undefined) return { kind: 'stages', stages: completeStages(stages) };
  if (concurrency !== undefined) return { kind: 'closed', concurrency };
  return { kind: 'rate', perSecond: parseRate(rate!)! };
}
