/** @module A client of an audit: one identity, in the sessions era one session, and a connection for each place that it asks. */
import { ask } from '../driver/ask.ts';
import type { CreateDriver, Driver, DriverOptions, Reply } from '../driver/driver.ts';
import type { Era } from '../profile/settings.ts';
import { type HeaderFields, NO_FIELDS } from '../protocol/header-fields.ts';
import type { HeaderPair } from '../protocol/headers.ts';
import { type JsonObject, jsonIn, objectOf } from '../protocol/json-object.ts';
import type { Request } from '../protocol/request.ts';
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
import type { Budget } from './budget.ts';
import type { AuditAnswer, AuditRequest, Exchange, Place } from './exchange.ts';

/** Who makes requests. */
export interface AuditIdentity {
  /** For display. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of one request, by its HTTP method, such as a proof of possession; they replace headers of the same names. Absent: none. */
  readonly fieldsOf?: (method: 'POST' | 'DELETE') => HeaderFields;
}

/** What all clients of an audit share. */
export interface ClientOptions {
  readonly create: CreateDriver;
  readonly driver: Omit<DriverOptions, 'connections' | 'url'>;
  readonly era: Era;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly budget: Budget;
  /** Header fields that a call has to repeat parameters in. */
  readonly mirrored: (request: AuditRequest) => readonly HeaderPair[];
}

export class Client {
  readonly identity: AuditIdentity;
  /** Is told of each exchange. */
  onExchange: ((exchange: Exchange) => void) | undefined;
  readonly #options: ClientOptions;
  readonly #drivers = new Map<string, Driver>();
  readonly #release: () => void;
  #session: { readonly context: SessionContext; readonly place: Place } | undefined;
  #opened: Exchange | undefined;

  constructor(options: ClientOptions, identity: AuditIdentity) {
    this.#options = options;
    this.identity = identity;
    this.#release = options.budget.onEnd(() => void this.#closeDrivers());
  }

  /** The handshake, in the sessions era after the first request. */
  get opened(): Exchange | undefined {
    return this.#opened;
  }

  /**
   * Asks at `place`. In the sessions era, the first request makes a handshake there, and later ones stay in its session wherever they are
   * sent. When the handshake fails, it is the exchange. Throws `AuditEnded`.
   */
  async ask(request: AuditRequest, place: Place): Promise<Exchange> {
    if (this.#options.era === 'sessions' && this.#session === undefined) {
      const opened = await this.#open(place);
      if (this.#session === undefined) return opened;
    }
    const number = this.#options.budget.take();
    const context = this.#session?.context;
    const reply = await this.#send(place, this.#encode(number, request, context));
    return this.#exchange(number, request, place, reply, context?.id !== undefined);
  }

  /** Ends the session, where it was opened, and the connections. */
  async close(): Promise<void> {
    this.#release();
    try {
      if (this.#session?.context.id !== undefined) {
        const { context, place } = this.#session;
        this.#options.budget.take();
        await ask(this.#driver(place), endSession(this.#headers('DELETE'), sessionFields(context)));
      }
    } catch {
      // It is over, and a session that is not ended expires.
    } finally {
      await this.#closeDrivers();
    }
  }

  async #open(place: Place): Promise<Exchange> {
    const headers = this.#headers('POST');
    const number = this.#options.budget.take();
    const reply = await this.#send(place, initialize(number, headers));
    const opened = this.#exchange(number, { method: 'initialize' }, place, reply, false);
    this.#opened = opened;
    const context = reply.outcome === 'ok' ? openedSession(reply, headers) : undefined;
    if (context === undefined) return opened;
    this.#session = { context, place };
    this.#options.budget.take();
    await this.#send(place, initialized(this.#headers('POST'), sessionFields(context)));
    return opened;
  }

  #encode(id: number, request: AuditRequest, session: SessionContext | undefined): Request {
    const mirrored = Object.fromEntries(this.#options.mirrored(request));
    const headers = { ...this.#headers('POST'), ...mirrored, ...request.headers };
    if (session !== undefined) return sessionRequest(id, request, { ...session, headers });
    return statelessEncoder(request, headers, request.capabilities)(id, NO_FIELDS);
  }

  /** What the user and the identity send with a request. */
  #headers(method: 'POST' | 'DELETE'): Readonly<Record<string, string>> {
    const { headers, fieldsOf } = this.identity;
    const names = fieldsOf?.(method).headers ?? [];
    const own = names.flatMap((name, index) => (index % 2 === 0 ? [[name, names[index + 1]!] as const] : []));
    return { ...this.#options.headers, ...headers, ...Object.fromEntries(own) };
  }

  async #send(place: Place, request: Request): Promise<Reply> {
    const reply = await ask(this.#driver(place), request);
    // Aborted: the budget has closed the connection.
    this.#options.budget.check();
    return reply;
  }

  #driver({ name, url }: Place): Driver {
    let driver = this.#drivers.get(name);
    if (driver === undefined) {
      driver = this.#options.create({ ...this.#options.driver, url, connections: 1 });
      this.#drivers.set(name, driver);
    }
    return driver;
  }

  async #closeDrivers(): Promise<void> {
    const drivers = [...this.#drivers.values()];
    this.#drivers.clear();
    await Promise.all(drivers.map((driver) => driver.close()));
  }

  #exchange(number: number, request: AuditRequest, place: Place, reply: Reply, inSession: boolean): Exchange {
    const exchange: Exchange = {
      number,
      identity: this.identity.name,
      sentTo: place,
      servedBy: place.kind === 'instance' ? place.name : reply.servedBy,
      inSession,
      request,
      answer: answerOf(reply),
    };
    this.onExchange?.(exchange);
    return exchange;
  }
}

function answerOf({ outcome, status, detail, body, sessionId, setCookies = [] }: Reply): AuditAnswer {
  const { result, error } = objectOf(jsonIn(body ?? ''));
  return {
    outcome,
    status,
    detail,
    sessionId,
    setsCookies: setCookies.length > 0,
    ...(result !== undefined && { result: objectOf(result) }),
    ...(error !== undefined && { error: errorOf(objectOf(error)) }),
  };
}

function errorOf({ code, message, data }: JsonObject): NonNullable<AuditAnswer['error']> {
  return {
    code: typeof code === 'number' ? code : undefined,
    message: typeof message === 'string' ? message : '',
    ...(data !== undefined && { data }),
  };
}
