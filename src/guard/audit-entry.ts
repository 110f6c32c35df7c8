/** @module The audit record of one decision, from what the guard knows. */
import type { Reason } from '../protocol/authorization/reason.ts';
import type { Micros } from '../units/time.ts';
import type { AuditEntry } from './audit-line.ts';
import type { GuardedOperation, GuardedRequest, Identity } from './guard.ts';
import { digestOf, recorded } from './modes/token-digest.ts';

/** What was decided about a request. */
export interface Decided {
  readonly identity: Identity | undefined;
  readonly tokenHash: string | null;
  readonly required: readonly string[];
  /** Undefined: allowed. */
  readonly reason: Reason | undefined;
  readonly us: Micros;
}

/** The record of a decision, without time and instance. */
export function auditEntry({ operation, traceparent }: GuardedRequest, decided: Decided): AuditEntry {
  const { identity, tokenHash, required, reason, us } = decided;
  return {
    traceparent: traceparent ?? null,
    actor: identity?.actor ?? null,
    client: identity?.client ?? null,
    tokenHash,
    method: operation.method,
    tool: operation.name ?? null,
    handle: handleOf(operation),
    required,
    decision: reason === undefined ? 'allow' : 'deny',
    reason: reason ?? null,
    us,
  };
}

/** Whoever has an id of this length may be allowed what it names: the record has its digest. */
const SECRET_LENGTH = 20;

/** The first argument whose name ends in `_id` or `Id`, as text, or its digest where it is long; null when there is none. */
function handleOf({ arguments: given }: GuardedOperation): string | null {
  for (const name in given) {
    if (!name.endsWith('_id') && !name.endsWith('Id')) continue;
    const value = given[name];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const text = String(value);
    return text.length < SECRET_LENGTH ? text : recorded(digestOf(text));
  }
  return null;
}
