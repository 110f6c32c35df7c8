/** @module The inspection of a server before it is loaded: short, and never a reason for a trial to fail. */
import type { LoadPlan } from '../generator/engine/plan.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { Extent, InspectedIdentity } from '../inspect/survey.ts';
import { headersOf } from '../profile/template/header-text.ts';
import { isCacheable } from '../protocol/caching/methods.ts';
import { safeDetail } from '../protocol/detail.ts';
import { credentialHeaders } from '../testbed/credentials/probe-as.ts';
import type { Note } from '../testbed/note.ts';
import type { Micros } from '../units/time.ts';

/** What was learned; nothing where nothing was asked. */
interface Inspected {
  readonly inspection?: Inspection;
  readonly notes: readonly Note[];
}

export const NOT_INSPECTED: Inspected = { notes: [] };
const TIMEOUT: Micros = 500_000;
const LIMITS = { timeUs: 1e6, requests: 300 };
const EXTENT: Extent = { connections: 2, rounds: 2, moreRounds: 2, perInstance: 2, resources: 1 };
/** Identities whose answers are compared. */
const MOST_IDENTITIES = 2;

/** Asks the server of `plan` what it says of keeping its results; nothing that is not to be asked. */
export async function inspectBefore(plan: LoadPlan): Promise<Inspected> {
  const identities = isAsked(plan) ? identitiesOf(plan) : [];
  if (identities.length === 0) return NOT_INSPECTED;
  const { url, era, headers, tls, proxy, instanceHeader, load, calls } = plan;
  try {
    const { inspect } = await import('../inspect/inspect.ts');
    const inspection = await inspect({
      url,
      era,
      headers: headersOf(headers, 0),
      identities,
      tls,
      ...(proxy !== undefined && { proxy }),
      instanceHeader,
      checkIds: load.checkIds,
      timeoutUs: TIMEOUT,
      limits: LIMITS,
      // Nothing that the load would not ask for, unless the server announces it.
      extent: { ...EXTENT, unannounced: calls.map(({ method }) => method) },
    });
    const { methods } = inspection;
    if (methods.some(({ answered }) => answered)) return { inspection, notes: [] };
    return failed(methods.find(({ error }) => error !== null)?.error ?? 'no answer in time');
  } catch (error) {
    return failed(safeDetail((error as Error).message));
  }
}

const failed = (reason: string): Inspected => ({
  notes: [{ kind: 'inspection-failed', part: 'inspection', reason }],
});

/**
 * Only where the load asks for results that can be kept, in the era that has hints. A cache of the balancer is not asked through, because
 * that would fill it before the load.
 */
function isAsked({ cache, era, auth }: LoadPlan): boolean {
  if (cache === undefined || era === 'sessions') return false;
  const { honour, at } = cache.settings;
  // A proof of possession is made for each call by the agents of the load alone.
  return !(honour && at === 'gateway') && auth?.scheme !== 'DPoP';
}

/** One without credentials, or those of the load whose lists and reads are let through, each as its first agent. */
function identitiesOf({ auth, calls }: LoadPlan): readonly InspectedIdentity[] {
  if (auth === undefined) return [{ name: 'all agents', headers: {} }];
  let agent = 0;
  const all = auth.identities.map((identity) => {
    const first = agent;
    agent += identity.agents;
    const isLetThrough = calls.every(
      ({ method }, call) => !isCacheable(method) || identity.expected[call] === 'allow',
    );
    return { isLetThrough, name: identity.name, headers: credentialHeaders(auth, first) };
  });
  return all.filter(({ isLetThrough }) => isLetThrough).slice(0, MOST_IDENTITIES);
}
