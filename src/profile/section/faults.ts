/** @module `faults` in the profile's schema: what befalls the fleet while it is measured. */
import { z } from 'zod';
import { parseDuration } from '../../units/time.ts';
import { alternatives } from '../../units/words.ts';
import { OWN_SERVERS, SERVERS, serverOf } from '../kinds.ts';
import { FAULT_KINDS } from '../settings.ts';

import {
  choice,
  duration,
  exactlyOne,
  integer,
  isMapping,
  type Mapping,
  mapping,
  type Violation,
  withRule,
} from './values.ts';

const MS = 1000;
const HOUR = 3600e6;

const many = () => integer(1, 64);

const Shape = mapping({
  at: duration(0, 24 * HOUR).describe('When, from the start of the measured time.'),
  kill: many().optional().describe('Ends this many instances at once (SIGKILL).'),
  add: many().optional().describe('Puts this many new instances behind the balancer.'),
  pause: many().optional().describe('Stops this many instances where they are (SIGSTOP), `for` a while.'),
  drain: many()
    .optional()
    .describe(
      'Gives this many instances no new work (with `sticky`: no new sessions) and ends them after `for`.',
    ),
  restart: choice(['all'])
    .optional()
    .describe(
      'Replaces each instance in turn: a new one joins, the old one is drained and ended after `every`.',
    ),
  slow: many().optional().describe('Delays every answer of this many instances `by` a time, `for` a while.'),
  instance: integer(1, 64)
    .optional()
    .describe('Which instance it is, by its number. Default: drawn by the seed.'),
  for: duration(MS, HOUR).optional().describe('How long a pause, a drain or slowness lasts. Default 2s.'),
  by: duration(MS, HOUR).optional().describe('By how much `slow` delays answers. Default 200ms.'),
  every: duration(MS, HOUR).optional().describe('Time between the turns of `restart`. Default 2s.'),
});

/** Which kinds a detail goes with. */
const DETAILS: Readonly<Record<string, readonly string[]>> = {
  for: ['pause', 'drain', 'slow'],
  by: ['slow'],
  every: ['restart'],
  instance: ['kill', 'pause', 'drain', 'slow'],
};

const PlannedFault = withRule(exactlyOne(Shape, FAULT_KINDS), (fault) => {
  const kind = FAULT_KINDS.find((each) => fault[each] !== undefined);
  if (kind === undefined) return [];
  const strays = Object.entries(DETAILS).flatMap(([key, kinds]): readonly Violation[] =>
    fault[key] === undefined || kinds.includes(kind)
      ? []
      : [{ path: [key], fault: { what: `does not go with ${kind}`, todo: 'leave it out' } }],
  );
  const named = fault['instance'] !== undefined && Number(fault[kind]) > 1;
  return named
    ? [
        ...strays,
        { path: ['instance'], fault: { what: 'names one instance', expected: `${kind}: 1 beside it` } },
      ]
    : strays;
});

/** `faults`: a list, in any order. */
export const Faults = z
  .array(PlannedFault, { error: 'a list of faults' })
  .max(64, { error: 'at most 64 faults' })
  .default([])
  .describe('What befalls the fleet while it is measured (docs/faults.md).');

/** What only the whole profile tells about its faults: when they are, and whether the fleet can do them. */
export function faultLimits(profile: Mapping): readonly Violation[] {
  const faults = profile['faults'];
  if (!Array.isArray(faults) || faults.length === 0) return [];
  if (profile['fleet'] === undefined) {
    const what = 'befall a fleet; instances that Paceline did not start are not its to harm';
    return [{ path: ['faults'], fault: { what, todo: 'use fleet: instead of target:, or leave them out' } }];
  }
  return (faults as readonly unknown[]).flatMap((fault, index) =>
    isMapping(fault) ? limitsOf(fault, index, profile) : [],
  );
}

function limitsOf(fault: Mapping, index: number, profile: Mapping): readonly Violation[] {
  const kind = FAULT_KINDS.find((each) => fault[each] !== undefined);
  if (kind === undefined) return [];
  const { fleet } = profile;
  const found: Violation[] = [];
  const say = (key: string, what: string, todo: string): void => {
    found.push({ path: ['faults', index, key], fault: { what, todo } });
  };
  const spanUs = measuredUs(profile['load']);
  const atUs = parseDuration(String(fault['at']));
  if (atUs !== undefined && spanUs !== undefined && atUs >= spanUs)
    say(
      'at',
      `is not within the measured time of ${spanUs / 1e6}s`,
      'choose an earlier moment, or a longer load.duration',
    );
  const server = isMapping(fleet) ? serverOf(fleet['server']) : undefined;
  if (kind === 'slow' && server !== undefined && !SERVERS[server].ours)
    say(
      'slow',
      'needs a server of Paceline, which can be told to delay its answers',
      `use pause, or fleet.server ${alternatives(OWN_SERVERS)}`,
    );
  const running = Number((isMapping(fleet) ? fleet['instances'] : undefined) ?? 4);
  const [number, named] = [Number(fault[kind]), Number(fault['instance'])];
  if (kind !== 'add' && number > running)
    say(kind, `is more than the ${running} instances of the fleet`, 'name fewer');
  if (named > running + joining(profile, running))
    say('instance', `there is no instance ${named}`, `name one from 1 to ${running}`);
  return found;
}

/** How many instances join in the course of the run, at least: a restart replaces all `running` ones. */
function joining(profile: Mapping, running: number): number {
  const faults = profile['faults'] as readonly unknown[];
  return faults.reduce<number>((sum, fault) => {
    if (!isMapping(fault)) return sum;
    return sum + (fault['restart'] === undefined ? Number(fault['add'] ?? 0) || 0 : running);
  }, 0);
}

function measuredUs(load: unknown): number | undefined {
  if (!isMapping(load)) return undefined;
  const { stages, duration: given } = load;
  if (!Array.isArray(stages)) return parseDuration(String(given ?? '10s'));
  const spans = stages.map((stage: unknown) =>
    isMapping(stage) ? parseDuration(String(stage['duration'])) : undefined,
  );
  return spans.reduce<number | undefined>(
    (sum, span) => (sum === undefined || span === undefined ? undefined : sum + span),
    0,
  );
}
