/** @module The record that an instance appends to its audit log for each decision. */
import type { Micros } from '../../units/time.ts';
import type { Reason } from './reason.ts';

/** One line of an audit log. It holds no secret: of a token, only the beginning of its SHA-256. */
export interface AuditRecord {
  /** ISO 8601 with microseconds. */
  readonly time: string;
  readonly instance: string;
  /** W3C trace context of the call; null when it has none. */
  readonly traceparent: string | null;
  /** `sub` of the token; null when nobody is known. */
  readonly actor: string | null;
  /** `client_id` of the token. */
  readonly client: string | null;
  /** First 16 hexadecimal digits of the SHA-256 of the token; null without one. */
  readonly tokenHash: string | null;
  /** The JSON-RPC method. */
  readonly method: string;
  readonly tool: string | null;
  /** An explicit handle among the arguments, such as `basket_id`; null when there is none. */
  readonly handle: string | null;
  /** Scopes that the call required; empty when it required none. */
  readonly required: readonly string[];
  readonly decision: 'allow' | 'deny';
  readonly reason: Reason | null;
  /** How long authentication and policy took together. */
  readonly us: Micros;
}
