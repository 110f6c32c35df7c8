/** @module The key `load`: when calls are made, by which agents, and over which connections. */
import { z } from 'zod';
import { DAY, type Micros, type PerSecond, parseDuration, parseRate } from '../../units/time.ts';
import { DRIVER_NAMES, DRIVERS, type DriverName } from '../kinds.ts';
import { unsupportedEra, unsupportedLoop, unsupportedPerConnection } from '../unsupported.ts';
import { eraOf } from './endpoint.ts';
import { driverTable } from './kind-tables.ts';
import {
  completeReplay,
  mixOrTrace,
  NOT_IN_REPLAY,
  REPLAY_KEYS,
  REPLAY_PATHS,
  type ReplayShape,
  replayProblems,
} from './replay.ts';
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
  optionalWith,
  rate,
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
const ARRIVALS = ['constant', 'poisson'] as const;
const WARMUP = '2s';
const DURATION = '10s';
const AGENTS = 64;
/** Most agents of a load, and most callers of a trace that is replayed. */
export const MOST_AGENTS = 100_000;
const CONNECTIONS = 64;
/** As many as calls in flight, by default. */
const MAX_CONNECTIONS = 10_000;
const SKEW = 'a number from 0 to 3';
const SHAPES = ['rate', 'stages', 'concurrency', 'replay'] as const;

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
      ...REPLAY_KEYS,
      arrivals: optionalWith(choice(ARRIVALS), ARRIVALS[0]).describe(
        'Open loop: evenly spaced calls, or a Poisson process (independent callers).',
      ),
      warmup: optionalWith(duration(0, HOUR), WARMUP).describe(
        'Load before the measured time; not included in the results. A replay has none.',
      ),
      duration: duration(MS, DAY)
        .optional()
        .describe(
          `Measured time, after the warm-up. Default ${DURATION}; not allowed with \`stages\`, which have their own durations. Of a replay, the default is its whole time.`,
        ),
      agents: optionalWith(integer(1, MOST_AGENTS), AGENTS).describe(
        'Distinct callers: each has its own identity, session and private cache. A replay has those of its trace.',
      ),
      skew: optionalWith(
        z.number({ error: SKEW }).min(0, { error: SKEW }).max(3, { error: SKEW }),
        0,
      ).describe(
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
    'load.rate': ['load.stages', 'load.concurrency', ...REPLAY_PATHS],
    'load.stages': ['load.rate', 'load.concurrency', 'load.duration', ...REPLAY_PATHS],
    'load.concurrency': ['load.rate', 'load.stages', ...REPLAY_PATHS],
    'load.replay': ['load.rate', 'load.stages', 'load.concurrency', ...NOT_IN_REPLAY],
  },
  rule(profile) {
    const driver = driverOf(profile);
    const mix = mixOrTrace(profile);
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

function completeLoad(load: z.output<typeof Load>, folder: string): LoadSettings {
  const { arrivals = ARRIVALS[0], agents = AGENTS, warmup = WARMUP, skew = 0, workers } = load;
  const {
    connections,
    maxConnections = MAX_CONNECTIONS,
    driver,
    maxInFlight,
    checkIds,
    perConnection,
  } = load;
  const shape = shapeOf(load, folder);
  return {
    shape,
    arrivals,
    warmupUs: shape.kind === 'replay' ? 0 : parseDuration(warmup)!,
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

function shapeOf({ rate, stages, concurrency, replay, speed }: z.output<typeof Load>, folder: string): Shape {
  if (replay !== undefined) return completeReplay(replay, speed, folder);
  if (stages !== undefined) return { kind: 'stages', stages: completeStages(stages) };
  if (concurrency !== undefined) return { kind: 'closed', concurrency };
  return { kind: 'rate', perSecond: parseRate(rate!)! };
}
