/** @module The layer of an agent's credentials: every request has its token and, with DPoP, a proof of possession made for this request alone. */
import type { OpenStream, StreamListener } from '../../driver/driver.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import type { TokenUses } from '../../recording/measure/token-uses.ts';
import type { Millis } from '../../units/time.ts';
import type { LoadAuth } from '../engine/load-auth.ts';
import {
  type AgentRequest,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';
import { Credentials, type Place } from './credentials.ts';
import { Proofs } from './proofs.ts';

/** What the layers of all agents share. */
export interface CredentialsOptions {
  readonly credentials: Credentials;
  /** With the scheme `DPoP` only. */
  readonly proofs?: Proofs | undefined;
  /** Told of every use of a token; absent: nobody asks. */
  readonly uses?: Pick<TokenUses, 'sent'> | undefined;
}

/** What the credentials of one worker's agents are made of. */
export interface WorkerCredentials extends Place {
  readonly auth: LoadAuth;
  readonly seed: number;
  /** The time of day. */
  readonly epochMs: () => Millis;
}

/** The credentials of one worker's agents. Throws a `UserError` when a token is not legal. */
export function credentialsOf(worker: WorkerCredentials): CredentialsOptions {
  const { auth } = worker;
  return {
    credentials: new Credentials(auth, worker),
    proofs: auth.scheme === 'DPoP' ? new Proofs(worker) : undefined,
  };
}

/** Adds the credentials of `agent`. Below the session, whose own requests have them too. */
export function credentialsLayer(options: CredentialsOptions, agent: number): Layer {
  return (next) => new CredentialsCaller(next, options, agent);
}

class CredentialsCaller extends PassingCaller {
  readonly #options: CredentialsOptions;
  readonly #agent: number;

  constructor(next: Caller, options: CredentialsOptions, agent: number) {
    super(next);
    this.#options = options;
    this.#agent = agent;
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    this.next.send(request.plus(this.#fieldsOf(request)), onEnd, keepBody, onMessage);
  }

  override listen(request: AgentRequest, listener: StreamListener): OpenStream {
    return this.next.listen(request.plus(this.#fieldsOf(request)), listener);
  }

  #fieldsOf({ operation, arrival, context }: AgentRequest): HeaderFields {
    const { credentials, proofs, uses } = this.#options;
    const token = credentials.next(this.#agent);
    const fields = credentials.fieldsOf(this.#agent, token);
    if (token === undefined) return fields;
    uses?.sent(this.#agent, context.measured ? arrival?.seq : undefined);
    const proof = proofs?.of(this.#agent, operation.method, arrival?.seq, token);
    return proof === undefined ? fields : fields.plus(proof);
  }
}
