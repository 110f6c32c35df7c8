/** @module One connection of an inspection, with the headers of one identity: asks one question after the other, in either era. */
import { ask } from '../driver/ask.ts';
import type { CreateDriver, Driver, DriverOptions, Reply } from '../driver/driver.ts';
import type { Era } from '../profile/settings.ts';
import { NO_FIELDS } from '../protocol/header-fields.ts';
import type { PlainRequest, Request } from '../protocol/request.ts';
import {
  endSession,
  initialize,
  initialized,
  openedSession,
  type SessionContext,
  sessionFields,
  sessionRequest,
} from '../protocol/sessions.ts';
import { statelessEncoder } from '../protocol/stateless.ts';
import { asObject, type InspectedAnswer, type OtherAnswer, readAnswer } from './answer.ts';
import type { Limits } from './limits.ts';

/** What all connections of an inspection share. */
export interface ConnectionOptions {
  readonly create: CreateDriver;
  readonly driver: Omit<DriverOptions, 'connections'>;
  readonly era: Era;
  readonly limits: Limits;
}

export class Connection {
  /** Its place among the identities. */
  readonly identity: number;
  readonly #options: ConnectionOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #driver: Driver;
  #session: SessionContext | undefined;
  #capabilities: Readonly<Record<string, unknown>> | undefined;
  #id = 0;

  constructor(options: ConnectionOptions, identity: number, headers: Readonly<Record<string, string>>) {
    this.identity = identity;
    this.#options = options;
    this.#headers = headers;
    this.#driver = options.create({ ...options.driver, connections: 1 });
    options.limits.onEnd(() => void this.#driver.close());
  }

  /** What the server said at the handshake that it can do; sessions era only. */
  get capabilities(): Readonly<Record<string, unknown>> | undefined {
    return this.#capabilities;
  }

  /** Asks; `undefined` when the limits of the inspection are reached. */
  async ask(question: PlainRequest): Promise<InspectedAnswer | undefined> {
    if (this.#options.era === 'sessions' && this.#session === undefined) {
      const opened = await this.#open();
      if (opened !== 'open') return opened;
    }
    const id = this.#nextId();
    const reply = await this.#send(
      this.#session === undefined
        ? statelessEncoder(question, this.#headers)(id, NO_FIELDS)
        : sessionRequest(id, question, this.#session),
    );
    if (reply === undefined || reply.outcome === 'aborted') return undefined;
    return readAnswer(question.method, reply);
  }

  async close(): Promise<void> {
    if (this.#session?.id !== undefined)
      await this.#send(endSession(this.#headers, sessionFields(this.#session)));
    await this.#driver.close();
  }

  /** Makes the handshake. Resolves with why there is no session; `undefined` when the limits are reached. */
  async #open(): Promise<'open' | OtherAnswer | undefined> {
    const reply = await this.#send(initialize(this.#nextId(), this.#headers));
    if (reply === undefined || reply.outcome === 'aborted') return undefined;
    const session = openedSession(reply, this.#headers);
    const read = readAnswer('initialize', reply);
    if (read.kind !== 'result') return read;
    if (session === undefined)
      return { ...read, kind: 'error', detail: 'the answer to initialize is not an initialize result' };
    this.#capabilities = asObject(read.result['capabilities']);
    this.#session = session;
    await this.#send(initialized(this.#headers, sessionFields(session)));
    return 'open';
  }

  #nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  #send(request: Request): Promise<Reply | undefined> {
    if (!this.#options.limits.take()) return Promise.resolve(undefined);
    return ask(this.#driver, request);
  }
}
