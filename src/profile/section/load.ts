/** @module `load` in the profile's schema. */
import { z } from 'zod';
import { parseRate } from '../../units/time.ts';
import { DRIVER_NAMES, DRIVERS } from '../kinds.ts';
import {
  choice,
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
  withRule,
} from './values.ts';

const MS = 1e3;
const HOUR = 3600e6;

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

function durationBesideStages(load: Mapping): readonly Violation[] {
  if (load['stages'] === undefined || load['duration'] === undefined) return [];
  const todo = 'the stages have durations of their own; leave it out';
  return [{ path: ['duration'], fault: { what: 'is not allowed beside load.stages', todo } }];
}

function stagesWithoutRate({ stages }: Mapping): readonly Violation[] {
  if (!Array.isArray(stages) || stages.length === 0) return [];
  const zero = (value: unknown): boolean => parseRate(String(value)) === 0;
  const idle = (stage: unknown): boolean =>
    isMapping(stage) && zero(stage['rate']) && (stage['from'] === undefined || zero(stage['from']));
  return stages.every(idle)
    ? [{ path: ['stages'], fault: { what: 'no stage has a rate above 0/s', expected: 'some load' } }]
    : [];
}

/** `load`: when calls are made, by whom, and over what. */
export const Load = withRule(
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
      skew: z
        .number({ error: 'a number from 0 to 3' })
        .min(0, { error: 'a number from 0 to 3' })
        .max(3, { error: 'a number from 0 to 3' })
        .default(0)
        .describe(
          "Hot callers: exponent of Zipf's law over the agents. 0: all call alike; at 1 the first calls twice as often as the second, three times as often as the third.",
        ),
      connections: integer(1, 10_000).default(64).describe('Connections in the pool that all agents share.'),
      timeout: duration(MS, HOUR)
        .default('5s')
        .describe('A call without a complete answer after this time has failed.'),
      workers: z
        .union([integer(1, 64), z.literal('auto')], { error: 'a whole number from 1 to 64, or auto' })
        .default('auto')
        .describe('Threads that generate load; `auto`: what the machine has left beside fleet and balancer.'),
      driver: choice(DRIVER_NAMES)
        .default(DRIVER_NAMES[0]!)
        .describe(`What makes the calls: ${meanings(DRIVERS)}.`),
      maxInFlight: integer(1, 1_000_000)
        .default(10_000)
        .describe('Calls under way at once; a call that falls due beyond it is dropped and counted.'),
      perConnection: integer(1, 1_000_000_000)
        .optional()
        .describe(
          'Calls after which a connection is closed and another opened: clients that do not keep theirs, and balancers that balance connections. Default: connections stay.',
        ),
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
