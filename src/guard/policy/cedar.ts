/** @module Policy `cedar`: policies and entities of the user, decided by the Cedar engine (`@cedar-policy/cedar-wasm`). */
import {
  type AuthorizationCall,
  type EntityJson,
  type EntityUid,
  isAuthorizedPartial,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { GuardedOperation, Identity, Policy, PolicyInput } from '../guard.ts';
import { BoundedMap } from '../modes/bounded-map.ts';
import { entitiesAround } from './cedar-entities.ts';

/** Pairs of caller and tool whose entities are kept. */
const PAIRS_KEPT = 4096;

/** Policy sets are parsed once, and the engine keeps them by a name. */
let sets = 0;

/**
 * Decides about `tools/call` of `input`: principal `Agent::"<client>"`, action `Action::"tools/call"`, resource `Tool::"<name>"`, context
 * `{ scopes, arguments }`. The arguments are there only if the policies name them. Other methods need no permit.
 * The files have no problem of `cedar-problems.ts`.
 */
export function cedarPolicy({ policies, entities }: PolicyInput & { readonly kind: 'cedar' }): Policy {
  const set = { staticPolicies: policies };
  sets += 1;
  const preparsedPolicySetId = `set ${sets}`;
  if (preparsePolicySet(preparsedPolicySetId, set).type === 'failure') {
    throw new Error('The Cedar policies were not checked before');
  }
  const around = entitiesAround(JSON.parse(entities) as readonly EntityJson[]);
  const kept = new BoundedMap<EntityJson[]>(PAIRS_KEPT);
  const requestOf = (tool: string, { client }: Identity): Omit<AuthorizationCall, 'policies' | 'context'> => {
    const [principal, resource] = [uid('Agent', client), uid('Tool', tool)];
    const pair = JSON.stringify([client, tool]);
    const found = kept.get(pair) ?? around([principal, CALL, resource]);
    kept.set(pair, found);
    return { principal, action: CALL, resource, entities: found };
  };
  const readsArguments = /\barguments\b/.test(policies);
  return {
    required: () => [],
    refuse(operation, identity) {
      if (operation.method !== 'tools/call') return undefined;
      const context = readsArguments ? contextWith(operation, identity) : contextOf(identity);
      if (context === undefined) return 'policy-denied';
      const request = requestOf(operation.name ?? '', identity);
      const answer = statefulIsAuthorized({ ...request, context, preparsedPolicySetId });
      return answer.type === 'success' && answer.response.decision === 'allow' ? undefined : 'policy-denied';
    },
    lists(tool, identity) {
      const context = { ...contextOf(identity), arguments: UNKNOWN };
      const answer = isAuthorizedPartial({ ...requestOf(tool, identity), context, policies: set });
      return answer.type === 'residuals' && answer.response.decision !== 'deny';
    },
    supported: [],
    listsByCaller: true,
  };
}

const uid = (type: string, id: string): EntityUid & { type: string; id: string } => ({ type, id });
const CALL = uid('Action', 'tools/call');

/** A value that the engine leaves open, so that it decides for all arguments at once. */
const UNKNOWN = { __extn: { fn: 'unknown', arg: 'arguments' } };

type Context = AuthorizationCall['context'];

const contextOf = ({ scopes }: Identity): Context => ({ scopes: [...scopes] });

/**
 * The context of a call; undefined when Cedar has no value for an argument (null, a fraction). Such a call cannot be permitted: without the
 * argument, or with another type, a `forbid` that reads it would not apply.
 */
function contextWith({ arguments: given = {} }: GuardedOperation, identity: Identity): Context | undefined {
  return isValue(given) ? { ...contextOf(identity), arguments: given as Context } : undefined;
}

/** Whether `value` means in Cedar what it means in JSON: keys such as `__entity` would make an entity of an object. */
function isValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object') return true;
  if (value === null) return false;
  if (Array.isArray(value)) return value.every(isValue);
  return Object.entries(value).every(([key, member]) => !key.startsWith('__') && isValue(member));
}
