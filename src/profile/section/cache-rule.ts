/** @module What the key `cache` cannot be combined with. Without `honour: true` its other keys have no effect, so that variants can switch it. */
import { type CacheableMethod, isCacheable } from '../../protocol/caching/methods.ts';
import type { Millis } from '../../units/time.ts';
import { listOf } from '../../units/words.ts';
import { AUTH_MODE_NAMES, AUTH_POLICIES } from '../auth-kinds.ts';
import { type CacheSupport, ENGINE_NAMES, ENGINES } from '../balancer-kinds.ts';
import { SERVERS, serverOf } from '../kinds.ts';
import { calledMethods } from './calls.ts';
import { eraOf, loadsUrl } from './endpoint.ts';
import { driverOf } from './load.ts';
import { noticesOf } from './notices.ts';
import { completeOffer, type MethodHint, Offer, type OfferSettings } from './offer.ts';
import type { NamedVariant } from './section.ts';
import { completeTools, Tools } from './tools.ts';
import { chosen, isMapping, type Mapping, type RuleProblem, type Violation, violationAt } from './values.ts';

/** The problems of `profile.cache`. */
export function cacheRule(profile: Mapping): readonly Violation[] {
  const { cache } = profile;
  if (!isMapping(cache) || cache['honour'] !== true) return [];
  const { era, setBy } = eraOf(profile);
  return [
    ...violationAt(['cache', 'honour'], era === 'sessions' ? withoutHints(setBy) : undefined),
    ...(cache['at'] === 'gateway' ? atGateway(profile, cache) : []),
    ...violationAt(
      ['cache', 'subscribe'],
      cache['subscribe'] === true && driverOf(profile) === 'autocannon' ? NO_LONG_STREAM : undefined,
    ),
  ];
}

/** The values of the keys that have no effect without `honour: true`, where they are not set. */
const IDLE: Readonly<Record<string, unknown>> = {
  at: 'agent',
  capacity: undefined,
  singleFlight: false,
  jitter: undefined,
  staleIfError: '0s',
  subscribe: false,
  maxStale: undefined,
};

/** Notices about keys that are set although no variant keeps any result: a profile in which some do compares them with the others. */
export function idleCacheNotices(variants: readonly NamedVariant[]): readonly string[] {
  const caches = variants.map(({ profile: { cache } }) => (isMapping(cache) ? cache : {}));
  if (caches.some(({ honour }) => honour === true)) return [];
  return noticesOf(variants, ({ cache }) => {
    const set = Object.keys(IDLE).filter((key) => isMapping(cache) && cache[key] !== IDLE[key]);
    const has = set.length === 1 ? 'has' : 'have';
    return set.length === 0
      ? []
      : [{ where: 'cache', text: `${listOf(set)} ${has} no effect without cache.honour: true` }];
  });
}

const withoutHints = (setBy: string): RuleProblem => ({
  what: 'has no effect in the era sessions, whose results do not say how long they may be kept',
  todo: `use ${setBy} stateless, or cache.honour false`,
});

function atGateway(profile: Mapping, cache: Mapping): readonly Violation[] {
  const place = ['cache', 'at'];
  if (loadsUrl(profile)) return violationAt(place, NO_BALANCER);
  const { balancer } = profile;
  const engine = chosen(ENGINE_NAMES, isMapping(balancer) ? balancer['engine'] : undefined);
  return [
    ...violationAt(['cache', 'subscribe'], cache['subscribe'] === true ? NO_STREAM : undefined),
    ...(engine === undefined ? [] : byEngine(ENGINES[engine].cache, profile, cache)),
  ];
}

const NO_BALANCER: RuleProblem = {
  what: 'gateway is a cache in the balancer; a URL is loaded without one',
  todo: 'use agent, or target.instances',
};

const NO_LONG_STREAM: RuleProblem = {
  what: 'needs a driver that holds streams, which autocannon does not',
  todo: 'use load.driver wire or undici, or leave it out',
};

const NO_STREAM: RuleProblem = {
  what: 'has no effect with cache.at gateway: agents have no cache then, and the balancer holds no stream',
  todo: 'leave it out, or use cache.at agent',
};

function byEngine(support: CacheSupport, profile: Mapping, cache: Mapping): readonly Violation[] {
  const place = ['cache', 'at'];
  switch (support.kind) {
    case 'full':
      return [];
    case 'none':
      return violationAt(place, { what: support.reason, todo: support.instead });
    case 'by-method':
      return [
        ...unsupportedKeys(cache),
        ...violationAt(place, foreignServer(profile) ?? listByCaller(profile)),
        ...unsupportedPages(profile),
        ...unsupportedCalls(support.methods, profile),
      ];
  }
}

const EMBEDDED = 'use balancer.engine embedded';

/** Keys for which nginx has no directive that does the same. */
const UNSUPPORTED_KEYS: Readonly<Record<string, string>> = {
  capacity: 'nginx limits the bytes of what it keeps, not the entries',
  singleFlight:
    'nginx lets requests wait for the first answer only (proxy_cache_lock), not for one that replaces an expired one',
  jitter: 'nginx gives all results of a method the same lifetime',
  staleIfError: 'nginx gives expired results for as long as it has them (proxy_cache_use_stale)',
};

function unsupportedKeys(cache: Mapping): readonly Violation[] {
  const set = Object.entries(UNSUPPORTED_KEYS).filter(([key]) => {
    const value = cache[key];
    return value !== undefined && value !== false && !/^0[a-z]*$/.test(String(value));
  });
  return set.flatMap(([key, reason]) =>
    violationAt(['cache', key], { what: reason, todo: `leave it out, or ${EMBEDDED}` }),
  );
}

/** nginx reads no JSON, so the profile has to say what the servers say. */
function foreignServer({ fleet }: Mapping): RuleProblem | undefined {
  const kind = isMapping(fleet) ? serverOf(fleet['server']) : 'command';
  if (kind === undefined || SERVERS[kind].ours) return undefined;
  return {
    what: 'nginx does not read ttlMs and cacheScope; only of built-in servers the profile says them',
    todo: `${EMBEDDED}, or fleet.server sdk or lean`,
  };
}

function listByCaller({ auth }: Mapping): RuleProblem | undefined {
  if (!isMapping(auth)) return undefined;
  const mode = chosen(AUTH_MODE_NAMES, auth['mode'] ?? 'none');
  const policy = chosen(AUTH_POLICIES, auth['policy']);
  if (mode === undefined || mode === 'none' || policy === undefined || policy === 'none') return undefined;
  return { what: `auth.policy ${policy} makes lists private, and ${NO_PRIVATE}`, todo: EMBEDDED };
}

const NO_PRIVATE = 'nginx would have to write tokens to its files to keep them apart';

function unsupportedPages({ fleet }: Mapping): readonly Violation[] {
  const offer = isMapping(fleet) ? fleet['offer'] : undefined;
  if (!isMapping(offer) || offer['pageSize'] === undefined) return [];
  return violationAt(['fleet', 'offer', 'pageSize'], {
    what: 'nginx does not read cursors, so it would keep the first page only',
    todo: `leave it out, or ${EMBEDDED}`,
  });
}

function unsupportedCalls(methods: readonly CacheableMethod[], profile: Mapping): readonly Violation[] {
  const hints = hintsOf(profile);
  const called = new Set(calledMethods(profile['calls']));
  return [...called].filter(isCacheable).flatMap((method) => {
    if (!methods.includes(method)) return violationAt(['calls'], NO_PARAMETERS);
    const problem = hints && unsupportedHint(method, hints[method]);
    return problem === undefined ? [] : violationAt(['cache', 'at'], { ...problem, todo: EMBEDDED });
  });
}

const NO_PARAMETERS: RuleProblem = {
  what: 'nginx does not read which resource resources/read asks for, so it keeps none',
  todo: `leave read out, or ${EMBEDDED}`,
};

/** A shorter lifetime would be none: see `engine/nginx.ts`. */
const SHORTEST: Millis = 2000;

function unsupportedHint(
  method: CacheableMethod,
  { ttlMs, cacheScope }: MethodHint,
): RuleProblem | undefined {
  if (ttlMs === 0) return undefined;
  if (cacheScope === 'private') return { what: `the servers make ${method} private, and ${NO_PRIVATE}` };
  if (ttlMs >= SHORTEST && ttlMs % 1000 === 0) return undefined;
  return {
    what: `nginx compares whole seconds, and ttlMs of ${method} is ${ttlMs}`,
    expected: 'a whole number of seconds, 2s at least',
  };
}

/** Undefined where what the profile says of it is not valid. */
function hintsOf({ fleet }: Mapping): OfferSettings['hints'] | undefined {
  const { tools, offer } = isMapping(fleet) ? fleet : {};
  const [readTools, readOffer] = [Tools.safeParse(tools ?? {}), Offer.safeParse(offer ?? {})];
  if (!readTools.success || !readOffer.success) return undefined;
  return completeOffer(completeTools(readTools.data), readOffer.data).hints;
}
