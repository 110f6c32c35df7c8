/** @module The check of one call: authentication, then policy, then the audit record. Built-in servers and the embedded balancer run it. */
import type { AuthAlgorithm, AuthModeName } from '../profile/auth-kinds.ts';
import type { Reason } from '../protocol/authorization/reason.ts';
import type { Clock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';

/** The operation that a request asks for, as far as it is known before it runs. */
export interface GuardedOperation {
  /** JSON-RPC method; the HTTP method of a request without a message. */
  readonly method: string;
  /** The tool. */
  readonly name?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}

/** What a check may look at. */
export interface GuardedRequest {
  readonly httpMethod: string;
  /** The value of a header, by lower-case name; values of repeated fields are joined by `, `. */
  header(name: string): string | undefined;
  readonly operation: GuardedOperation;
  /** W3C trace context: `_meta.traceparent`, or the header of that name. */
  readonly traceparent?: string | undefined;
}

/** An authenticated caller. */
export interface Identity {
  readonly client: string;
  /** `sub`. */
  readonly actor: string;
  readonly scopes: ReadonlySet<string>;
  /** First 16 hexadecimal digits of the SHA-256 of the token. */
  readonly tokenHash: string;
}

/** Why a call is not allowed. */
export interface Denial {
  readonly kind: 'denied';
  readonly reason: Reason;
  readonly status: 401 | 403 | 503;
  /** Value of `WWW-Authenticate`; empty with 503. */
  readonly challenge: string;
  /** For the body: one sentence, without a secret. */
  readonly description: string;
}

export interface Allowance {
  readonly kind: 'allowed';
  /** Absent when the mode reads no token. */
  readonly identity: Identity | undefined;
}

/** How long the two stages took; absent: the stage did not run. */
interface CheckTimes {
  readonly authUs?: Micros | undefined;
  readonly policyUs?: Micros | undefined;
}

export type Decision = (Allowance | Denial) & CheckTimes;

/** A change of what is kept for a client between requests. */
export interface StateChange {
  readonly change: 'created' | 'changed' | 'revoked';
  readonly tool: string;
  /** Whoever has it may use it, so the record has its digest only. */
  readonly handle: string;
  readonly identity: Identity | undefined;
  readonly traceparent: string | undefined;
}

/** The check of one process. */
export interface Guard {
  /** Decides about `request` and appends the audit record. At once when it can. Never rejects. */
  check(request: GuardedRequest): Decision | Promise<Decision>;
  /** A session was opened by a request that {@link check} allowed as `decision`; needed by the mode `session` only. */
  opened?(sessionId: string, decision: Allowance): void;
  /** The names of tools that `identity` may call, of `tools`; the same list when the policy does not differ by caller. */
  listed(tools: readonly string[], identity: Identity | undefined): readonly string[];
  /** Whether {@link listed} depends on the caller: then a list is cacheable for that caller only (`cacheScope: private`). */
  readonly listsByCaller: boolean;
  /** As {@link Authenticator.handOver}; present in the gateway only. */
  readonly handOver?: Authenticator['handOver'];
  /** The protected resource metadata (RFC 9728) as JSON; undefined when the mode reads no token. */
  metadata(): string | undefined;
  /** Appends an audit record of a change of state, which a call has made that {@link check} allowed. */
  changed(change: StateChange): void;
  ask(question: GuardQuestion): Promise<unknown>;
  /** Writes out what is buffered of the audit log, and closes connections. */
  stop(): Promise<void>;
}

/** What the parent may ask of a running guard. */
export type GuardQuestion =
  /** The URL under which clients reach the fleet: the audience of tokens, and `htu` of proofs. */
  | { readonly kind: 'resource'; readonly url: string }
  /** Its clock is wrong by this from now on; 0: right. */
  | { readonly kind: 'skew'; readonly us: Micros }
  /** Resolves when the audit log so far is in its file. */
  | { readonly kind: 'flush' };

/** How the tokens of a guard are checked. */
export interface AuthenticationInput {
  readonly mode: AuthModeName;
  readonly algorithm: AuthAlgorithm;
  readonly issuer: string;
  readonly jwksUrl: string;
  /** Introspection, and the client that may use it. */
  readonly introspection: { readonly url: string; readonly clientId: string; readonly clientSecret: string };
  /** A JSON list of the ids of revoked tokens, read every `everyUs`; absent: a JWT is good until it expires. */
  readonly revocations?: { readonly url: string; readonly everyUs: Micros } | undefined;
  readonly cacheTtlUs: Micros;
  /** Shared by the balancer and the instances in the mode `gateway`. */
  readonly gatewaySecret: string;
  readonly plant: { readonly busyUs: Micros; readonly skip: boolean };
}

/** What authenticated callers may do. */
export type PolicyInput =
  | { readonly kind: 'none' }
  | { readonly kind: 'scopes'; readonly requires: Readonly<Record<string, readonly string[]>> }
  | {
      readonly kind: 'cedar';
      /** Text of the policies, and of the entities as JSON. */
      readonly policies: string;
      readonly entities: string;
    };

/** What a guard is started with; structured-cloned into the process. */
export interface GuardInput {
  /** Name of the process in audit records: that of the instance, or `balancer`. */
  readonly instance: string;
  /**
   * The process is the gateway itself: it checks tokens, and instances trust it. Its audit log has refusals only, because the
   * instance that gets an allowed call records it: so every call has one record.
   */
  readonly isGateway: boolean;
  readonly authentication: AuthenticationInput;
  readonly policy: PolicyInput;
  /** File of the audit log; absent: none is kept. */
  readonly auditFile?: string | undefined;
}

/** One mode of authentication: a file in `modes/`. */
export interface Authenticator {
  /** At once when it can. Never rejects. */
  authenticate(request: GuardedRequest): Authenticated | Promise<Authenticated>;
  opened?(sessionId: string, identity: Identity): void;
  /** The fields by which the gateway hands the identity on to an instance; mode `gateway`, in the balancer only. */
  handOver?(identity: Identity): readonly (readonly [name: string, value: string])[];
  stop?(): Promise<void>;
}

/** Who calls, or why that is not known; undefined: the call is let through although nobody is known (mode `none`, and a check that is skipped). */
export type Authenticated = Identity | Refused | undefined;

/** A refusal before it is worded. */
export interface Refused {
  readonly refused: Reason;
}

/** What an authenticator needs of its process. */
export interface AuthenticatorContext {
  readonly input: AuthenticationInput;
  readonly isGateway: boolean;
  /** The audience of tokens; changes once, when the balancer is up. */
  resource(): string;
  /** Seconds since the epoch, on the clock of the instance, which may be skewed. */
  nowSeconds(): number;
  /** The right clock, for times that are kept within the process: caches and pauses. */
  readonly clock: Clock;
}

export type CreateAuthenticator = (context: AuthenticatorContext) => Authenticator;

/** One policy: a file in `policy/`. */
export interface Policy {
  /** The scopes that `operation` requires; empty when it requires none. */
  required(operation: GuardedOperation): readonly string[];
  /** Undefined: allowed. `required` is what {@link required} gave, when that was asked before. */
  refuse(operation: GuardedOperation, identity: Identity, required?: readonly string[]): Reason | undefined;
  /** Whether `identity` may call `tool` with at least some arguments. */
  lists(tool: string, identity: Identity): boolean;
  /** Scopes that a client may ask for, for the metadata of the resource; empty when the policy names none. */
  readonly supported: readonly string[];
  /** Whether {@link lists} depends on the caller. */
  readonly listsByCaller: boolean;
}
