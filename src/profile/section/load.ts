/** @module The key `load`: when calls are made, by which agents, and over which connections. */
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
  rate,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** When calls fall due: an open loop at a rate, an open loop in stages, or a closed loop. */
export type Shape =
  | { readonly kind: 'rate'; readonly perSecond: PerSecond }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  | { readonly kind: 'closed'; readonly concurrency: number };

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
const HOUR = 3600e6;
const DAY = 24 * HOUR;
const DURATION = '10s';
const AGENTS = 64;
const CONNECTIONS = 64;
/** As many as calls in flight, by default. */
const MAX_CONNECTIONS = 10_000;
const SKEW = 'a number from 0 to 3';
const SHAPES = ['rate', 'stages', 'concurrency'] as const;

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
      arrivals: choice(['constant', 'poisson'])
        .default('constant')
        .describe('Open loop: evenly spaced calls, or a Poisson process (independent callers).'),
      warmup: duration(0, HOUR)
        .default('2s')
        .describe('Load before the measured time; not included in the results.'),
      duration: duration(MS, DAY)
        .optional()
        .describe(
          `Measured time, after the warm-up. Default ${DURATION}; not allowed with \`stages\`, which have their own durations.`,
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
  ],
);

function durationWithStages({ stages, duration }: Mapping): readonly Violation[] {
  if (stages === undefined || duration === undefined) return [];
  const todo = 'each stage has its own duration; leave load.duration out';
  return violationAt(['duration'], { what: 'cannot be combined with load.stages', todo });
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
  const { stages, duration } = load;
  return Array.isArray(stages) ? spanOf(stages) : parseDuration(String(duration ?? DURATION));
}

export const load = variantSection({
  schema: Load.describe('When calls are made, by whom, and over what.'),
  excludes: {
    'load.rate': ['load.stages', 'load.concurrency'],
    'load.stages': ['load.rate', 'load.concurrency', 'load.duration'],
    'load.concurrency': ['load.rate', 'load.stages'],
  },
  rule(profile) {
    const driver = driverOf(profile);
    if (driver === undefined) return [];
    const { era, setBy } = eraOf(profile);
    return [
      ...violationAt(['load', 'driver'], era && unsupportedEra(driver, era, setBy)),
      ...transportRule(profile, driver),
    ];
  },
  complete: (load): { readonly load: LoadSettings } => ({ load: completeLoad(load) }),
  docs: `${STAGES_DOCS}
## Drivers

${driverTable()}${TRANSPORT_DOCS}`,
});

function completeLoad(load: z.output<typeof Load>): LoadSettings {
  const { arrivals, agents, connections, maxConnections = MAX_CONNECTIONS, workers } = load;
  const { driver, maxInFlight, checkIds, perConnection, skew } = load;
  const shape = shapeOf(load);
  return {
    shape,
    arrivals,
    warmupUs: parseDuration(load.warmup)!,
    durationUs: load.stages === undefined ? parseDuration(load.duration ?? DURATION)! : spanOf(load.stages)!,
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

function shapeOf({ rate, stages, concurrency }: z.output<typeof Load>): Shape {
  if (stages !== undefined) return { kind: 'stages', stages: completeStages(stages) };
  if (concurrency !== undefined) return { kind: 'closed', concurrency };
  return { kind: 'rate', perSecond: parseRate(rate!)! };
}
