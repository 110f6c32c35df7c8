/** @module The keys `load.replay` and `load.speed`: the calls of a trace, made again. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { isMapping, type Mapping, type RuleProblem, text, type Violation, violationAt } from './values.ts';

/** The calls of a trace, made again. */
export interface ReplayShape {
  readonly kind: 'replay';
  /** Path of the trace. */
  readonly trace: string;
  /** How many times as fast as it was recorded. */
  readonly speed: number;
  /** The first digits of a hash of its calls; empty, as the two below, until the trace has been read. */
  readonly digest: string;
  /** Calls that are made, and those that are not, by the reason. */
  readonly calls: number;
  readonly leftOut: readonly { readonly reason: string; readonly calls: number }[];
}

const SPEED = 'a factor from 0.5x to 100x, such as 2x';
const SLOWEST = 0.5;
const FASTEST = 100;

/** The keys of a replay in `load`. */
export const REPLAY_KEYS = {
  replay: text('the path of a trace')
    .optional()
    .describe(
      'Makes the calls of a trace again, which `paceline record` has written: at the same times, by the same callers ([docs](record.md#replay)). The path is relative to the profile.',
    ),
  speed: z
    .string({ error: SPEED })
    .regex(/^\d+(\.\d+)?x$/, { error: SPEED })
    .refine((value) => speedOf(value) !== undefined, { error: SPEED })
    .meta({ patternErrorMessage: SPEED })
    .optional()
    .describe('Of a replay: how many times as fast as it was recorded, from `0.5x` to `100x`. Default `1x`.'),
} as const;

/** What a trace says itself, or has no use for. */
const SAID_BY_TRACE = ['arrivals', 'warmup', 'agents', 'skew'] as const;

/** The dotted paths of its keys, which another shape of a load removes. */
export const REPLAY_PATHS: readonly string[] = Object.keys(REPLAY_KEYS).map((key) => `load.${key}`);

/** The dotted paths that a replay removes. */
export const NOT_IN_REPLAY: readonly string[] = ['calls', ...SAID_BY_TRACE.map((key) => `load.${key}`)];

/** What of `load` does not go with a replay, or needs one. */
export function replayProblems(load: Mapping): readonly Violation[] {
  const { replay, speed, workers } = load;
  if (replay === undefined) {
    const todo = 'only a replay has a speed; leave load.speed out';
    return speed === undefined ? [] : violationAt(['speed'], { what: 'needs load.replay', todo });
  }
  const oneThread = workers === undefined || workers === 'auto' || workers === 1;
  return [
    ...SAID_BY_TRACE.filter((key) => load[key] !== undefined).flatMap((key) =>
      violationAt([key], combined(`the trace says when each caller calls; leave load.${key} out`)),
    ),
    ...violationAt(
      ['workers'],
      oneThread
        ? undefined
        : {
            ...combined('one thread makes all calls of a trace, since they may need results of each other'),
            expected: '1 or auto',
          },
    ),
  ];
}

/** A load makes the calls of a mix, or those of a trace. */
export function mixOrTrace({ load, calls, identities }: Mapping): readonly Violation[] {
  if (!isMapping(load)) return [];
  if (load['replay'] === undefined) {
    const missing = { what: 'is missing', expected: 'a list of calls', unless: REPLAYS };
    return violationAt(['calls'], calls === undefined ? missing : undefined);
  }
  const hasIdentities = Array.isArray(identities) && identities.length > 0;
  const leaveOut = (key: string): RuleProblem =>
    combined(`the trace has the calls and their callers; leave ${key} out`);
  return [
    ...violationAt(['calls'], calls === undefined ? undefined : leaveOut('calls')),
    ...violationAt(['identities'], hasIdentities ? leaveOut('identities') : undefined),
  ];
}

const REPLAYS = { path: 'load.replay', hint: 'load.speed sets how fast a trace is replayed' };

const combined = (todo: string): RuleProblem => ({ what: 'cannot be combined with load.replay', todo });

/** The shape of a load that replays the trace at `path`, relative to `folder`. */
export function completeReplay(path: string, speed: string | undefined, folder: string): ReplayShape {
  const trace = resolve(folder, path);
  return { kind: 'replay', trace, speed: speedOf(speed ?? '1x')!, digest: '', calls: 0, leftOut: [] };
}

/** How many times as fast `2x` is; undefined when it is no speed. */
function speedOf(speed: string): number | undefined {
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(speed)?.[1]);
  return factor >= SLOWEST && factor <= FASTEST ? factor : undefined;
}
