/** @module The key `faults`: what is injected into the fleet during the run. */

import { z } from 'zod';
import { formatMicros, type Micros, parseDuration } from '../../units/time.ts';
import { counted } from '../../units/words.ts';
import { SERVERS, serverOf } from '../kinds.ts';
import { instancesOf, withoutOwnServer } from './fleet.ts';
import { measuredTimeOf } from './load.ts';
import { type Notice, noticesOf } from './notices.ts';
import { variantSection } from './section.ts';
import {
  choice,
  duration,
  exactlyOne,
  integer,
  isMapping,
  type Mapping,
  mapping,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** What the profile needs to know about a kind of fault. Its effect is implemented in src/testbed/events. */
interface FaultRules {
  /** The keys that it can be combined with. If `instance` is among them, it is injected into instances in service. */
  readonly details: readonly ('instance' | 'for' | 'by' | 'every')[];
  /** How many instances it adds behind the balancer: as many as its value, or one for each instance in service. Absent: none. */
  readonly joins?: 'number' | 'all';
  /** Only a built-in server can do it. */
  readonly needsOwnServer?: boolean;
}

const rules = {
  kill: { details: ['instance'] },
  add: { details: [], joins: 'number' },
  pause: { details: ['instance', 'for'] },
  drain: { details: ['instance', 'for'] },
  restart: { details: ['every'], joins: 'all' },
  slow: { details: ['instance', 'for', 'by'], needsOwnServer: true },
} satisfies Readonly<Record<string, FaultRules>>;

/** The kinds of faults that can be injected into a fleet. */
export type FaultKind = keyof typeof rules;
const FAULTS: Readonly<Record<FaultKind, FaultRules>> = rules;
/** The names of the kinds, in the order of the table. */
export const FAULT_KINDS = Object.keys(rules) as readonly FaultKind[];

/** A fault to inject into the fleet during the run. */
export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the start of the measured time. */
  readonly atUs: Micros;
  /** How many instances; `restart` applies to all of them. */
  readonly count: number;
  /** Number of the instance; absent: instances are drawn at random. */
  readonly instance?: number;
  /** Duration of `pause`, `drain` and `slow`; for `restart` the time between two instances. 0 for the others. */
  readonly forUs: Micros;
  /** By how much `slow` delays answers; 0 for the others. */
  readonly byUs: Micros;
}

const MS = 1000;
const HOUR = 3600e6;
const MOST = 64;
/** How long a fault lasts by default. */
const LASTS = '2s';
const SLOWER_BY = '200ms';

const many = () => integer(1, MOST);

const Shape = mapping({
  at: duration(0, 24 * HOUR).describe('When, from the start of the measured time.'),
  kill: many().optional().describe('Kills this many instances (SIGKILL).'),
  add: many().optional().describe('Puts this many new instances behind the balancer.'),
  pause: many().optional().describe('Pauses this many instances (SIGSTOP) for the time in `for`.'),
  drain: many()
    .optional()
    .describe(
      'Sends no new work to this many instances (with `sticky`: no new sessions) and kills them after `for`.',
    ),
  restart: choice(['all'])
    .optional()
    .describe(
      'Replaces each instance in turn: a new one joins, the old one is drained and ended after `every`.',
    ),
  slow: many()
    .optional()
    .describe('Delays every answer of this many instances by the time in `by`, for the time in `for`.'),
  instance: integer(1, MOST)
    .optional()
    .describe('Which instance it is, by its number. Default: drawn by the seed.'),
  for: duration(MS, HOUR)
    .optional()
    .describe(`Duration of \`pause\`, \`drain\` or \`slow\`. Default ${LASTS}.`),
  by: duration(MS, HOUR).optional().describe(`By how much \`slow\` delays answers. Default ${SLOWER_BY}.`),
  every: duration(MS, HOUR)
    .optional()
    .describe(`Time between the instances that \`restart\` replaces. Default ${LASTS}.`),
});

const DETAILS = ['for', 'by', 'every', 'instance'] as const;

const kindOf = (fault: Mapping): FaultKind | undefined =>
  FAULT_KINDS.find((kind) => fault[kind] !== undefined);

const Fault = withRule(exactlyOne(Shape, FAULT_KINDS), (fault) => {
  const kind = kindOf(fault);
  if (kind === undefined) return [];
  const strays = DETAILS.flatMap((key) =>
    fault[key] === undefined || FAULTS[kind].details.includes(key)
      ? []
      : violationAt([key], { what: `cannot be combined with ${kind}`, todo: 'leave it out' }),
  );
  const several = fault['instance'] !== undefined && Number(fault[kind]) > 1;
  const one = { what: `selects one instance, but ${kind} asks for more`, expected: `${kind}: 1` };
  return [...strays, ...(several ? violationAt(['instance'], one) : [])];
});

export const faults = variantSection({
  schema: z
    .array(Fault, { error: 'a list of faults' })
    .max(MOST, { error: `at most ${MOST} faults` })
    .default([])
    .describe('Faults injected into the fleet during the run (docs/faults.md).'),
  rule(profile) {
    const { faults, fleet } = profile;
    if (!Array.isArray(faults) || faults.length === 0) return [];
    if (fleet === undefined) return violationAt(['faults'], NO_FLEET);
    return (faults as readonly unknown[]).flatMap((fault, index) =>
      isMapping(fault) ? limitsOf(fault, index, profile) : [],
    );
  },
  notices: (variants) =>
    noticesOf(variants, (profile) =>
      // Valid here, and with its defaults.
      (profile['faults'] as readonly z.output<typeof Fault>[]).flatMap((fault, index) => {
        const { kind, atUs, forUs } = completeFault(fault);
        const turns = FAULTS[kind].joins === 'all' ? instancesOf(profile) : 1;
        return beyondTheEnd(kind, atUs + turns * forUs, profile, `faults[${index}]`);
      }),
    ),
  complete: (faults): { readonly faults?: readonly PlannedFault[] } | undefined =>
    faults.length === 0 ? undefined : { faults: faults.map(completeFault).sort((a, b) => a.atUs - b.atUs) },
});

const NO_FLEET = {
  what: 'require a fleet: Paceline only injects faults into processes that it started',
  todo: 'use fleet: instead of target:, or leave them out',
};

/** Checks that the fault is due within the measured time, and that the fleet supports it. */
function limitsOf(fault: Mapping, index: number, profile: Mapping): readonly Violation[] {
  const kind = kindOf(fault);
  if (kind === undefined) return [];
  const place = ['faults', index] as const;
  const size = instancesOf(profile);
  return [
    ...afterTheEnd(fault, profile, [...place, 'at']),
    ...(FAULTS[kind].needsOwnServer === true ? withoutOwnServer(profile, [...place, kind]) : []),
    ...(FAULTS[kind].details.includes('instance') && Number(fault[kind]) > size
      ? violationAt([...place, kind], {
          what: `is more than the ${counted(size, 'instance')} of the fleet`,
          todo: `lower \`${kind}\``,
        })
      : []),
    ...(Number(fault['instance']) > size + joining(profile['faults'] as readonly unknown[], size)
      ? violationAt([...place, 'instance'], {
          what: `there is no instance ${fault['instance']}`,
          todo: `choose one from 1 to ${size}`,
        })
      : []),
  ];
}

/** The problem of something that is due at `at` of the load, when that is not within the measured time. */
export function afterTheEnd(
  { at }: Mapping,
  profile: Mapping,
  place: Violation['path'],
): readonly Violation[] {
  const [atUs, spanUs] = [parseDuration(String(at)), measuredTimeOf(profile)];
  if (atUs === undefined || spanUs === undefined || atUs < spanUs) return [];
  return violationAt(place, {
    what: `is not within the measured time of ${spanUs / 1e6}s`,
    todo: 'choose an earlier time, or a longer load.duration',
    settable: evenTime(profile, place, spanUs),
  });
}

/** When what is at `place` of a list would be due if all of the list were spread evenly over `spanUs`, in the order of the list. */
function evenTime(profile: Mapping, [key, index]: Violation['path'], spanUs: Micros): string {
  const all = profile[String(key)];
  const many = Array.isArray(all) ? all.length : 1;
  const ms = Math.floor((spanUs * (Number(index) + 1)) / (many + 1) / 1000);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A notice about something of which the end, at `endUs` of the load, is not within the measured time. */
export function beyondTheEnd(
  what: string,
  endUs: Micros,
  profile: Mapping,
  where: string,
): readonly Notice[] {
  const spanUs = measuredTimeOf(profile);
  if (spanUs === undefined || endUs <= spanUs) return [];
  const text = `${what} ends ${formatMicros(endUs)} after the start of the measured time, which is ${formatMicros(spanUs)} long: its end is not measured (choose an earlier time, or a longer load.duration)`;
  return [{ where, text }];
}

/** How many instances join a fleet of initially `size` during the run, at most: a restart may also replace those that joined before it. */
function joining(faults: readonly unknown[], size: number): number {
  const kinds = faults.flatMap((fault) => (isMapping(fault) ? { fault, kind: kindOf(fault) } : []));
  const joins = (how: FaultRules['joins']) =>
    kinds.filter(({ kind }) => kind !== undefined && FAULTS[kind].joins === how);
  const added = joins('number').reduce((sum, { fault, kind }) => sum + (Number(fault[kind!]) || 0), 0);
  return added + joins('all').length * (size + added);
}

/** How many instances a variant has at most, those that join during the run included; undefined where its servers name themselves, or it has no fleet. */
export function mostInstancesOf(profile: Mapping): number | undefined {
  const { fleet, target, faults } = profile;
  if (target !== undefined) return undefined;
  const server = serverOf(isMapping(fleet) ? fleet['server'] : undefined);
  const size = instancesOf(profile);
  if (!isMapping(fleet) || server === undefined || !SERVERS[server].ours || !Number.isInteger(size))
    return undefined;
  return size + joining(Array.isArray(faults) ? (faults as readonly unknown[]) : [], size);
}

function completeFault(fault: z.output<typeof Fault>): PlannedFault {
  const kind = kindOf(fault)!;
  const { details } = FAULTS[kind];
  const number = fault[kind];
  const lasts = details.includes('for') || details.includes('every');
  return {
    kind,
    atUs: parseDuration(fault.at)!,
    count: typeof number === 'number' ? number : 0,
    ...(fault.instance === undefined ? {} : { instance: fault.instance }),
    forUs: lasts ? parseDuration(fault.for ?? fault.every ?? LASTS)! : 0,
    byUs: details.includes('by') ? parseDuration(fault.by ?? SLOWER_BY)! : 0,
  };
}
