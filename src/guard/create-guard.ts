/** @module Makes the guard of a process: an authenticator, a policy and an audit log, each stage with its own time. */
import { AUTH_MODES } from '../profile/auth-kinds.ts';
import type { TokenScheme } from '../protocol/authorization/challenge.ts';
import { resourceMetadataJson, resourceMetadataUrl } from '../protocol/authorization/metadata.ts';
import type { Reason } from '../protocol/authorization/reason.ts';
import { type Clock, systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { auditEntry } from './audit-entry.ts';
import { AuditLog } from './audit-log.ts';
import { denialOf } from './denial.ts';
import type {
  Allowance,
  Authenticator,
  Decision,
  Guard,
  GuardedRequest,
  GuardInput,
  GuardQuestion,
  Identity,
  Policy,
  Refused,
  StateChange,
} from './guard.ts';
import { ListedTools } from './listed-tools.ts';
import { presentedToken } from './modes/presented-token.ts';
import { createAuthenticator } from './modes/table.ts';
import { digestOf, recorded } from './modes/token-digest.ts';
import { createPolicy } from './policy/table.ts';

/** The guard that `input` asks for. Rejects with a `UserError` when the files of its policy are wrong, and with the error of the system when its audit log cannot be opened. */
export async function createGuard(input: GuardInput, clock: Clock = systemClock): Promise<Guard> {
  const policy = await createPolicy(input.policy);
  const { auditFile, instance } = input;
  const audit = auditFile === undefined ? undefined : await AuditLog.open(auditFile, instance);
  return new CallGuard(input, policy, audit, clock);
}

class CallGuard implements Guard {
  readonly handOver: Authenticator['handOver'];
  readonly #input: GuardInput;
  readonly #scheme: TokenScheme;
  readonly #authenticator: Authenticator;
  readonly #policy: Policy;
  readonly #listed: ListedTools;
  readonly #audit: AuditLog | undefined;
  readonly #clock: Clock;
  /** Empty until it is published. */
  #resource = '';
  #metadataUrl: string | undefined;
  #skewUs: Micros = 0;

  constructor(input: GuardInput, policy: Policy, audit: AuditLog | undefined, clock: Clock) {
    this.#input = input;
    this.#scheme = input.authentication.mode === 'dpop' ? 'DPoP' : 'Bearer';
    this.#policy = policy;
    this.#listed = new ListedTools(policy);
    this.#audit = audit;
    this.#clock = clock;
    this.#authenticator = createAuthenticator({
      input: input.authentication,
      isGateway: input.isGateway,
      clock,
      resource: () => this.#resource,
      nowSeconds: () => clock.date().getTime() / 1000 + this.#skewUs / 1e6,
    });
    this.handOver = this.#authenticator.handOver;
  }

  check(request: GuardedRequest): Decision | Promise<Decision> {
    const startedUs = this.#clock.now();
    const found = this.#authenticator.authenticate(request);
    if (found instanceof Promise) return found.then((later) => this.#decide(request, later, startedUs));
    return this.#decide(request, found, startedUs);
  }

  opened(sessionId: string, { identity }: Allowance): void {
    if (identity !== undefined) this.#authenticator.opened?.(sessionId, identity);
  }

  get listsByCaller(): boolean {
    return this.#policy.listsByCaller && !this.#input.authentication.plant.skip;
  }

  listed(tools: readonly string[], identity: Identity | undefined): readonly string[] {
    return this.listsByCaller && identity !== undefined ? this.#listed.of(tools, identity) : tools;
  }

  metadata(): string | undefined {
    if (!this.#readsTokens || this.#resource === '') return undefined;
    return resourceMetadataJson({
      resource: this.#resource,
      issuer: this.#input.authentication.issuer,
      scopes: this.#policy.supported,
      scheme: this.#scheme,
    });
  }

  changed(change: StateChange): void {
    this.#audit?.appendChange(change);
  }

  async ask(question: GuardQuestion): Promise<unknown> {
    switch (question.kind) {
      case 'resource':
        this.#metadataUrl = resourceMetadataUrl(question.url);
        this.#resource = question.url;
        return question.url;
      case 'skew':
        this.#skewUs = question.us;
        return question.us;
      case 'flush':
        return this.#audit?.flush();
      default:
        throw new Error('unknown question');
    }
  }

  async stop(): Promise<void> {
    await this.#authenticator.stop?.();
    await this.#audit?.stop();
  }

  get #readsTokens(): boolean {
    return AUTH_MODES[this.#input.authentication.mode].tokens !== 'none';
  }

  #decide(request: GuardedRequest, found: Identity | Refused | undefined, startedUs: Micros): Decision {
    const authenticatedUs = this.#clock.now();
    const authUs = this.#readsTokens ? authenticatedUs - startedUs : undefined;
    const { operation } = request;
    const required = this.#policy.required(operation);
    if (found !== undefined && 'refused' in found) {
      return this.#settle(request, required, { reason: found.refused, identity: undefined, authUs });
    }
    if (found === undefined || this.#input.policy.kind === 'none' || this.#input.authentication.plant.skip) {
      return this.#settle(request, required, { reason: undefined, identity: found, authUs });
    }
    const reason = this.#policy.refuse(operation, found, required);
    const policyUs = this.#clock.now() - authenticatedUs;
    return this.#settle(request, required, { reason, identity: found, authUs, policyUs });
  }

  /** Words the decision, and records it. The gateway leaves what it allows to the instance that gets the call, so that there is one record of it. */
  #settle(request: GuardedRequest, required: readonly string[], outcome: Outcome): Decision {
    const { reason, identity, authUs, policyUs } = outcome;
    if (this.#audit !== undefined && (reason !== undefined || !this.#input.isGateway)) {
      const tokenHash = identity?.tokenHash ?? this.#hashOfToken(request);
      const us = (authUs ?? 0) + (policyUs ?? 0);
      this.#audit.append(auditEntry(request, { identity, tokenHash, required, reason, us }));
    }
    if (reason === undefined) return { kind: 'allowed', identity, authUs, policyUs };
    const context = { scheme: this.#scheme, metadataUrl: this.#metadataUrl, required };
    return { ...denialOf(reason, context), authUs, policyUs };
  }

  /** Of a token that was refused, or not looked at. */
  #hashOfToken(request: GuardedRequest): string | null {
    const token = this.#readsTokens ? presentedToken(request, this.#scheme) : undefined;
    return typeof token === 'string' ? recorded(digestOf(token)) : null;
  }
}

/** How a check ended, before it is worded. */
interface Outcome {
  readonly reason: Reason | undefined;
  readonly identity: Identity | undefined;
  readonly authUs: Micros | undefined;
  readonly policyUs?: Micros;
}
