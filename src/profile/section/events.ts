/** @module The key `events`: what happens during the run to the rights of callers, to the authorization server, and to what the servers offer. */

import { z } from 'zod';
import { type Micros, parseDuration } from '../../units/time.ts';
import { counted } from '../../units/words.ts';
import {
  CATALOGUE_EVENT_KINDS,
  CATALOGUE_KEYS,
  catalogueEvent,
  catalogueLimits,
  kindIn,
  type PlannedCatalogueEvent,
} from './catalogue-events.ts';
import { afterTheEnd, beyondTheEnd } from './faults.ts';
import { instancesOf } from './fleet.ts';
import { agentsOf } from './load.ts';
import { noticesOf } from './notices.ts';
import { variantSection } from './section.ts';
import {
  duration,
  exactlyOne,
  integer,
  isMapping,
  type Mapping,
  mapping,
  text,
  type Violation,
  violationAt,
} from './values.ts';

/** The kinds of events. */
const AUTH_EVENT_KINDS = ['revoke', 'removeScope', 'rotateKeys', 'serverDown', 'skewClock'] as const;
export type AuthEventKind = (typeof AUTH_EVENT_KINDS)[number];

/** The events of a variant, each kind in the order in which they begin. */
export interface EventsPart {
  readonly events: readonly PlannedAuthEvent[];
  readonly catalogueEvents: readonly PlannedCatalogueEvent[];
}

/** A change of rights, or of the authorization server, as planned. */
export interface PlannedAuthEvent {
  readonly kind: AuthEventKind;
  /** From the start of the measured time. */
  readonly atUs: Micros;
  /** Duration of `serverDown` and `skewClock`; 0 of the others. */
  readonly forUs: Micros;
  /** `revoke`: how many agents. */
  readonly agents?: number;
  /** `removeScope`: the scope. */
  readonly scope?: string;
  /** `revoke`, `removeScope`: of which identity; absent: the first with valid tokens. */
  readonly identity?: string;
  /** `skewClock`: by how much the clock of the instance is ahead; negative: behind. */
  readonly byUs?: Micros;
  /** `skewClock`: number of the instance. */
  readonly instance?: number;
}

const HOUR = 3600e6;
const LASTS = '2s';
const SIGNED = 'a duration such as 2m or -2m';

const Event = exactlyOne(
  mapping({
    at: duration(0, 24 * HOUR).describe('When, from the start of the measured time.'),
    revoke: integer(1, 100_000).optional().describe('Revokes the tokens of this many agents.'),
    removeScope: text('a scope')
      .optional()
      .describe(
        'Removes this scope from an identity: its agents get tokens without it, and the old ones are revoked.',
      ),
    rotateKeys: z
      .literal(true, { error: 'true' })
      .optional()
      .describe('The authorization server signs with a new key, and renews the tokens of agents.'),
    serverDown: duration(1e3, HOUR)
      .optional()
      .describe('The authorization server answers no request of an instance for this time.'),
    skewClock: integer(1, 64)
      .optional()
      .describe('Number of an instance whose clock is wrong by `by`, for the time in `for`.'),
    by: z
      .string({ error: SIGNED })
      .regex(/^-?\d+(\.\d+)?(us|ms|s|m|h)$/, { error: SIGNED })
      .meta({ patternErrorMessage: SIGNED })
      .default('1m')
      .describe('By how much the clock of `skewClock` is ahead, or with a minus sign behind.'),
    for: duration(1e3, HOUR).optional().describe(`Duration of \`skewClock\`. Default ${LASTS}.`),
    identity: text('the name of an identity')
      .optional()
      .describe('Whose tokens or scope. Default: the first identity with valid tokens.'),
    ...CATALOGUE_KEYS,
  }),
  [...AUTH_EVENT_KINDS, ...CATALOGUE_EVENT_KINDS],
);

export const events = variantSection({
  schema: z
    .array(Event, { error: 'a list of events' })
    .default([])
    .describe(
      'What happens during the run to tokens and to the authorization server (docs/auth.md), and to what the servers offer (docs/caching.md).',
    ),
  rule(profile) {
    const { events, fleet } = profile;
    if (!Array.isArray(events) || events.length === 0) return [];
    if (fleet === undefined) return violationAt(['events'], NO_FLEET);
    const changesRights = (events as readonly unknown[]).some(
      (event) => isMapping(event) && kindIn(AUTH_EVENT_KINDS, event) !== undefined,
    );
    if (changesRights && !hasTokens(profile)) return violationAt(['events'], NO_TOKENS);
    return (events as readonly unknown[]).flatMap((event, index) =>
      isMapping(event)
        ? [
            ...limitsOf(event, profile, ['events', index]),
            ...catalogueLimits(event, profile, ['events', index]),
          ]
        : [],
    );
  },
  notices: (variants) =>
    noticesOf(variants, (profile) =>
      // Valid here, and with its defaults.
      (profile['events'] as readonly z.output<typeof Event>[]).flatMap((event, index) => {
        if (kindIn(AUTH_EVENT_KINDS, event) === undefined) return [];
        const { kind, atUs, forUs } = authEvent(event);
        return beyondTheEnd(kind, atUs + forUs, profile, `events[${index}]`);
      }),
    ),
  complete: (events): EventsPart => ({
    events: inOrder(events.filter((event) => kindIn(AUTH_EVENT_KINDS, event)).map(authEvent)),
    catalogueEvents: inOrder(
      events.flatMap((event) => {
        const kind = kindIn(CATALOGUE_EVENT_KINDS, event);
        return kind === undefined ? [] : catalogueEvent(event, kind);
      }),
    ),
  }),
});

const NO_FLEET = {
  what: 'require a fleet that Paceline starts',
  todo: 'use fleet: instead of target:, or leave them out',
};
const NO_TOKENS = {
  what: 'have no effect without tokens',
  todo: 'set auth.mode or identities, or leave them out',
};

function hasTokens({ auth, identities }: Mapping): boolean {
  const mode = isMapping(auth) ? auth['mode'] : undefined;
  return (mode !== undefined && mode !== 'none') || (Array.isArray(identities) && identities.length > 0);
}

/** Checks that the event is due within the measured time, and that what it names exists. */
function limitsOf(event: Mapping, profile: Mapping, place: Violation['path']): readonly Violation[] {
  const { revoke, skewClock, identity } = event;
  const { load, identities } = profile;
  const names = (Array.isArray(identities) ? identities : []).filter(isMapping).map(({ name }) => name);
  const [agents, instances] = [agentsOf(load), instancesOf(profile)];
  return [
    ...afterTheEnd(event, profile, [...place, 'at']),
    ...(Number(revoke) > agents
      ? violationAt([...place, 'revoke'], {
          what: `is more than the ${counted(agents, 'agent')}`,
          todo: 'choose fewer, or raise load.agents',
        })
      : []),
    ...(Number(skewClock) > instances
      ? violationAt([...place, 'skewClock'], {
          what: `there is no instance ${skewClock}`,
          todo: `choose one from 1 to ${instances}`,
        })
      : []),
    ...(identity !== undefined && names.length > 0 && !names.includes(identity)
      ? violationAt([...place, 'identity'], {
          what: `there is no identity ${String(identity)}`,
          todo: `choose one of ${names.join(', ')}`,
        })
      : []),
  ];
}

const inOrder = <Event extends { readonly atUs: Micros }>(events: readonly Event[]): readonly Event[] =>
  events.toSorted((a, b) => a.atUs - b.atUs);

function authEvent(event: z.output<typeof Event>): PlannedAuthEvent {
  const kind = kindIn(AUTH_EVENT_KINDS, event)!;
  const { revoke, removeScope, serverDown, skewClock, identity } = event;
  const lasts = { serverDown: serverDown ?? LASTS, skewClock: event.for ?? LASTS };
  const negative = event.by.startsWith('-');
  const byUs = parseDuration(event.by.replace('-', ''))!;
  return {
    kind,
    atUs: parseDuration(event.at)!,
    forUs: kind === 'serverDown' || kind === 'skewClock' ? parseDuration(lasts[kind])! : 0,
    ...(revoke !== undefined && { agents: revoke }),
    ...(removeScope !== undefined && { scope: removeScope }),
    ...(identity !== undefined && { identity }),
    ...(skewClock !== undefined && { instance: skewClock, byUs: negative ? -byUs : byUs }),
  };
}
