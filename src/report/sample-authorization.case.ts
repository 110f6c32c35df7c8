/** @module Result documents with figures of authorization for the tests of the reports: eight variants as they should come out, and planted faults. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { AUTH_MODES, type AuthModeName } from '../profile/auth-kinds.ts';
import type { ResultDocument, Summary, VariantResult } from '../result/document.ts';
import type { AuthFigures } from '../result/measure/auth-figures.ts';
import type { EffectiveSettings } from '../result/settings.ts';
import { randomAt } from '../units/random.ts';
import {
  type Behaviour,
  changed,
  DEMO,
  distributionOf,
  documentOf,
  EVEN,
  HOSTILE,
  histogramOf,
  once,
} from './sample-document.case.ts';

type AuthEvent = AuthFigures['events'][number];
type MatrixRow = AuthFigures['matrix'][number];

/** How the check of one invented variant fares. */
interface CheckBehaviour {
  readonly name: string;
  readonly mode: AuthModeName;
  readonly era?: 'stateless' | 'sessions';
  readonly balancing?: string;
  readonly ownerHit?: number;
  readonly revocation?: 'list' | 'expiry';
  /** Median of the check; 0: there is none. */
  readonly checkUs: number;
  readonly addedUs: number;
  /** Calls that go through the check slowly, with this factor. */
  readonly slow?: readonly [share: number, factor: number];
  /** How long calls of revoked agents are allowed; infinite: to the end. */
  readonly staleMs: number;
  readonly perCall?: { readonly introspectionsPerSecond: number; readonly authorityCores: number };
}

const REVOKED_AT_MS = 1500;
const RUN_MS = 5000;
const CALLS = 2000;
const REVOKED_AGENTS = 8;
/** Calls of the revoked agents in 100 ms. */
const PER_STEP = 8;

export const MODES: readonly CheckBehaviour[] = [
  { name: 'none', mode: 'none', checkUs: 0, addedUs: 0, staleMs: Number.POSITIVE_INFINITY },
  { name: 'jwt', mode: 'jwt', checkUs: 142, addedUs: 160, staleMs: Number.POSITIVE_INFINITY },
  { name: 'jwt, revocation list', mode: 'jwt', revocation: 'list', checkUs: 146, addedUs: 171, staleMs: 930 },
  {
    name: 'introspection',
    mode: 'introspection',
    checkUs: 1840,
    addedUs: 1960,
    staleMs: 0,
    perCall: { introspectionsPerSecond: 400, authorityCores: 0.24 },
  },
  {
    name: 'introspection, cached for 2 s',
    mode: 'introspection-cached',
    checkUs: 9,
    addedUs: 24,
    slow: [0.04, 200],
    staleMs: 1940,
    perCall: { introspectionsPerSecond: 31.5, authorityCores: 0.019 },
  },
  { name: 'gateway', mode: 'gateway', checkUs: 151, addedUs: 188, staleMs: Number.POSITIVE_INFINITY },
  { name: 'dpop', mode: 'dpop', checkUs: 318, addedUs: 371, staleMs: Number.POSITIVE_INFINITY },
  {
    name: 'session, sticky',
    mode: 'session',
    era: 'sessions',
    balancing: 'sticky',
    checkUs: 2,
    addedUs: 4,
    staleMs: Number.POSITIVE_INFINITY,
  },
  {
    name: 'session, round-robin',
    mode: 'session',
    era: 'sessions',
    balancing: 'round-robin',
    ownerHit: 0.5,
    checkUs: 2,
    addedUs: 7,
    staleMs: Number.POSITIVE_INFINITY,
  },
];

function timesOf({ checkUs, slow = [0.01, 3] }: CheckBehaviour, place: number): readonly number[] {
  const random = randomAt(7, 'service', place);
  return Array.from({ length: CALLS }, () => {
    const factor = random.next() < slow[0] ? slow[1] : 1;
    return Math.max(1, checkUs * factor * (0.8 + 0.5 * random.next()));
  });
}

const spreadUs = (median: number, count = CALLS) =>
  distributionOf(Array.from({ length: count }, (_, at) => median * (0.7 + (0.6 * at) / count)));

const isAllowedAt = (atMs: number, { staleMs }: CheckBehaviour): boolean => atMs < staleMs + 12;

/** The course of the revocation, in two instances. */
function eventOf(one: CheckBehaviour): AuthEvent {
  const steps = Array.from({ length: 45 }, (_, at) => {
    const atMs = (at - 10) * 100;
    const isAllowed = atMs < 0 || isAllowedAt(atMs, one);
    return { atMs, allowed: isAllowed ? PER_STEP : 0, denied: isAllowed ? 0 : PER_STEP };
  });
  const after = steps.filter(({ atMs }) => atMs >= 0);
  const sum = (key: 'allowed' | 'denied'): number => after.reduce((total, step) => total + step[key], 0);
  const open = one.staleMs === Number.POSITIVE_INFINITY;
  const staleWindowUs = open ? (RUN_MS - REVOKED_AT_MS) * 1000 - 9000 : one.staleMs * 1000;
  const staleAllowed = one.staleMs === 0 ? 0 : sum('allowed');
  const denied = sum('denied');
  return {
    kind: 'revoke',
    atMs: REVOKED_AT_MS,
    confirmedUs: 12_000,
    agents: REVOKED_AGENTS,
    staleWindowUs,
    resolutionUs: 25_000,
    staleAllowed,
    open,
    instances: ['1', '2'].map((name) => ({
      name,
      staleWindowUs: name === '1' ? staleWindowUs : Math.round(staleWindowUs * 0.9),
      allowed: Math.round(staleAllowed / 2),
      denied: Math.round(denied / 2),
    })),
    steps,
  };
}

const ALLOWED = ['tools/call echo', 'tools/call work', 'tools/list'];

function row(
  identity: string,
  call: string,
  expected: MatrixRow['expected'],
  calls: number,
  event = -1,
): MatrixRow {
  const counts = { allowed: 0, unauthorized: 0, forbidden: 0 };
  const key = ({ allow: 'allowed', unauthorized: 'unauthorized', forbidden: 'forbidden' } as const)[expected];
  return { identity, event, call, expected, ...counts, [key]: calls, wrong: 0 };
}

function matrixOf(one: CheckBehaviour, event: AuthEvent): readonly MatrixRow[] {
  return [
    ...ALLOWED.map((call) => row('assistants', call, 'allow', 3000)),
    ...ALLOWED.map((call) => row('readers', call, call === 'tools/call work' ? 'forbidden' : 'allow', 900)),
    ...ALLOWED.map((call) => row('expired token', call, 'unauthorized', 300)),
    ...ALLOWED.map((call) => {
      const stale = Math.round(event.staleAllowed / 3);
      const denied = Math.round(event.instances.reduce((sum, each) => sum + each.denied, 0) / 3);
      const revoked = row('assistants', call, 'unauthorized', denied, 0);
      return one.mode === 'none'
        ? row('assistants', call, 'allow', 240, 0)
        : { ...revoked, allowed: stale, wrong: stale };
    }),
  ];
}

const estimate = (
  name: AuthFigures['estimates'][number]['name'],
  p50Us: number | null,
  p99Us: number | null,
  halfUs: number | null,
  missing: AuthFigures['estimates'][number]['missing'] = null,
): AuthFigures['estimates'][number] => ({
  name,
  p50Us,
  p99Us,
  lowUs: p50Us === null || halfUs === null ? null : p50Us - halfUs,
  highUs: p50Us === null || halfUs === null ? null : p50Us + halfUs,
  missing,
});

function estimatesOf({ checkUs, addedUs, mode }: CheckBehaviour): AuthFigures['estimates'] {
  if (mode === 'none') return [];
  return [
    estimate('header', checkUs + 6, (checkUs + 6) * 3, 2),
    estimate('paired', addedUs, addedUs * 3.4, 40),
    estimate('cold-warm', checkUs * 1.4, checkUs * 5, checkUs * 0.5),
    { ...estimate('refusals', addedUs + 240, addedUs * 3 + 900, null), lowUs: 0, highUs: addedUs + 240 },
    estimate('cpu', checkUs * 0.8, null, 12),
  ];
}

function figuresOf(one: CheckBehaviour, place: number): AuthFigures {
  const isNone = one.mode === 'none';
  const event = eventOf(one);
  const matrix = matrixOf(one, event);
  const sum = (of: (row: MatrixRow) => number): number => matrix.reduce((total, each) => total + of(each), 0);
  const wrongAllow = isNone ? 0 : event.staleAllowed;
  return {
    mode: one.mode,
    check: isNone ? null : distributionOf(timesOf(one, place)),
    policy: isNone ? null : spreadUs(6),
    handler: spreadUs(210),
    added: isNone
      ? null
      : {
          p50Us: one.addedUs,
          p90Us: one.addedUs * 1.6,
          p99Us: one.addedUs * 3.4,
          ciLowUs: one.addedUs - 40,
          ciHighUs: one.addedUs + 40,
          intervals: null,
          base: 'none',
          pairs: 3,
        },
    refusals: isNone
      ? {}
      : { expired: spreadUs(one.addedUs + 240, 900), 'wrong-scope': spreadUs(one.addedUs + 260, 900) },
    byUse: {
      first: spreadUs(one.addedUs + 900, 64),
      early: spreadUs(one.addedUs + 500, 500),
      later: spreadUs(one.addedUs + 480),
    },
    decisions: {
      allowed: sum(({ allowed }) => allowed),
      denied: sum(({ unauthorized, forbidden }) => unauthorized + forbidden),
      wrongAllow,
      wrongDeny: 0,
      wrongStatus: 0,
      disagreeing: 0,
      expiredInUse: 0,
      unjudged: 0,
    },
    matrix: [...matrix],
    wrongByInstance:
      wrongAllow === 0
        ? []
        : event.instances.map(({ name, allowed }) => ({ name, wrongAllow: allowed, wrongDeny: 0 })),
    staleWindowUs: isNone ? null : event.staleWindowUs,
    staleAllowed: isNone ? null : event.staleAllowed,
    events: [event],
    audit: {
      records: 14_221,
      missing: 0,
      duplicate: 0,
      contradicting: 0,
      unknown: 0,
      elsewhere: 0,
      executedUnanswered: 0,
      withoutTrace: 0,
      unreadable: 0,
      secrets: 0,
    },
    sizing: {
      tokensPerSecond: 0,
      introspectionsPerSecond: 0,
      revokedListsPerSecond: one.revocation === 'list' ? 2 : 0,
      keySetsPerSecond: one.checkUs > 0 && AUTH_MODES[one.mode].tokens === 'jwt' ? 0.2 : 0,
      authorityCores: 0.002,
      fleetUsPerCall: 260 + one.checkUs * 0.8,
      balancerUsPerCall: null,
      fleetCoresPer1000: (260 + one.checkUs * 0.8) / 1000,
      ...one.perCall,
    },
    estimates: estimatesOf(one),
    disagreements: [],
    shareOfCall: isNone ? null : one.checkUs / (one.checkUs + 1100),
    callsPerCoreSecondLost: isNone ? null : Math.round(1e6 / 260 - 1e6 / (260 + one.checkUs * 0.8)),
    coreSecondsPerMillion: isNone ? null : one.checkUs * 0.8,
  };
}

const behaviourOf = ({
  name,
  era = 'stateless',
  balancing = 'round-robin',
  ownerHit = 1,
  addedUs,
}: CheckBehaviour): Behaviour => ({
  ...DEMO[3]!,
  name,
  era,
  policy: balancing,
  ownerHit,
  medianUs: 1100 + addedUs,
  weights: EVEN.slice(0, 2),
  perSecond: 80,
  seconds: 5,
});

const LOAD: EffectiveSettings['load'] = {
  shape: { kind: 'rate', perSecond: 80 },
  arrivals: 'poisson',
  warmupUs: 500_000,
  durationUs: 5_000_000,
  agents: 64,
  connections: 64,
  timeoutUs: 5_000_000,
  driver: 'wire',
  workers: 1,
  maxInFlight: 10_000,
  checkIds: true,
};

function withFigures(
  variant: VariantResult,
  one: CheckBehaviour,
  auth: AuthFigures,
  times: readonly number[],
): VariantResult {
  const added = <S extends Summary>(summary: S): S => ({
    ...summary,
    auth,
    histograms: {
      ...summary.histograms,
      ...(auth.check && { 'auth.check': encodeIntoCompressedBase64(histogramOf(times)) }),
    },
  });
  return {
    ...variant,
    settings: {
      ...variant.settings,
      effective: {
        load: LOAD,
        fleet: { server: 'lean', command: null, era: one.era ?? 'stateless', instances: 2, tools: null },
        balancer: { engine: 'embedded', policy: one.balancing ?? 'round-robin' },
        auth: {
          mode: one.mode,
          algorithm: 'ES256',
          policy: one.mode === 'none' ? 'none' : 'scopes',
          revocation: one.revocation ?? 'expiry',
          cacheTtlUs: one.revocation === 'list' ? 1_000_000 : 2_000_000,
          lifetimeUs: 3_600_000_000,
          per: 'agent',
          graceUs: 100_000,
        },
      },
    },
    repetitions: variant.repetitions.map(added),
    summary: variant.summary && added(variant.summary),
  };
}

/** A document of these checks; `change` alters the figures of a variant. */
export function authDocument(
  behaviours: readonly CheckBehaviour[],
  change: (auth: AuthFigures, place: number) => AuthFigures = (auth) => auth,
): ResultDocument {
  const document = changed(documentOf(behaviours.map(behaviourOf)), (variant, place) => {
    const one = behaviours[place]!;
    return withFigures(variant, one, change(figuresOf(one, place), place), timesOf(one, place));
  });
  return { ...document, profile: { ...document.profile, title: 'What the auth check on every call costs' } };
}

/** All modes, as they should come out: eight checks, and none. */
export const modes = once(() => authDocument(MODES));

const named = (name: string): CheckBehaviour => MODES.find((one) => one.name === name)!;

/** One check against none, with nothing to complain of. */
export const oneCheck = once(() =>
  authDocument([named('none'), { ...named('introspection'), staleMs: 0 }], (auth) => ({
    ...auth,
    matrix: auth.matrix.map((each) => ({ ...each, ...(each.event === 0 && { allowed: 0, wrong: 0 }) })),
  })),
);

/** Whatever can go wrong: an instance that skips its check, tokens that expire in use, estimators that disagree, audit logs with holes. */
export const plantedFaults = once(() =>
  authDocument([named('none'), named('jwt')], (auth) =>
    auth.mode === 'none'
      ? auth
      : {
          ...auth,
          matrix: auth.matrix.map((each) =>
            each.identity === 'expired token'
              ? { ...each, unauthorized: 150, allowed: 150, wrong: 150 }
              : each.expected === 'forbidden'
                ? { ...each, unauthorized: 12, forbidden: 888, wrong: 12 }
                : each,
          ),
          decisions: {
            ...auth.decisions,
            wrongAllow: 450,
            wrongDeny: 34,
            wrongStatus: 12,
            disagreeing: 450,
            expiredInUse: 21,
          },
          wrongByInstance: [
            { name: '2', wrongAllow: 450, wrongDeny: 0 },
            { name: '1', wrongAllow: 0, wrongDeny: 34 },
          ],
          audit: {
            records: 13_890,
            missing: 331,
            duplicate: 2,
            contradicting: 14,
            unknown: 1,
            elsewhere: 14,
            executedUnanswered: 3,
            withoutTrace: 0,
            unreadable: 1,
            secrets: 2,
          },
          estimates: auth.estimates.map((each) =>
            each.name === 'paired'
              ? { ...each, p50Us: 300, lowUs: 270, highUs: 330 }
              : each.name === 'refusals'
                ? {
                    name: each.name,
                    p50Us: null,
                    p99Us: null,
                    lowUs: null,
                    highUs: null,
                    missing: 'no-refusals' as const,
                  }
                : each,
          ),
          disagreements: [{ a: 'header', b: 'paired', cause: 'queueing' }],
        },
  ),
);

/** Names of identities, calls, instances and variants that try to break out of every format. */
export const hostileNames = once(() =>
  authDocument([{ ...named('none'), name: HOSTILE }, named('jwt')], (auth) => ({
    ...auth,
    added: auth.added && { ...auth.added, base: HOSTILE },
    matrix: [{ ...auth.matrix[0]!, identity: HOSTILE, call: `tools/call ${HOSTILE}`, wrong: 7 }],
    decisions: { ...auth.decisions, wrongAllow: 7 },
    wrongByInstance: [{ name: HOSTILE, wrongAllow: 7, wrongDeny: 0 }],
    events: auth.events.map((event) => ({
      ...event,
      instances: event.instances.map((one) => ({ ...one, name: HOSTILE })),
    })),
  })),
);
