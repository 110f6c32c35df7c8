/** @module The driver over autocannon: a widely used HTTP client, for closed loops, as a reference for the other drivers. */
import type { Classified } from '../../protocol/classify.ts';
import type { Request } from '../../protocol/request.ts';
import { Fifo } from '../../units/fifo.ts';
import type { Micros } from '../../units/time.ts';
import { UserError } from '../../units/user-error.ts';
import { LINGER_US } from '../call-answer.ts';
import { certificateProblem } from '../certificate.ts';
import { Deadlines } from '../deadlines.ts';
import type { CreateDriver, Driver, DriverOptions, OpenStream, Reply } from '../driver.ts';
import { type Endpoint, endpointOf } from '../endpoint.ts';
import { CannonCall } from './call.ts';
import { CannonConnection, type CannonOwner } from './connection.ts';

const ABORTED: Classified = { outcome: 'aborted', detail: undefined };

/**
 * A driver over autocannon's HTTP client, for closed loops in the stateless era. autocannon's own latencies are not used: the
 * driver takes the times at which autocannon sends and answers. Connections are opened by the calls that need them and last as
 * long as each answer is followed by a call at once, as in a closed loop. Throws a `UserError` for a target with TLS, whose
 * certificate autocannon would not check, unless that is asked for.
 */
export const createAutocannonDriver: CreateDriver = (options) => new AutocannonDriver(options);

class AutocannonDriver implements Driver, CannonOwner {
  readonly options: DriverOptions;
  readonly endpoint: Endpoint;
  readonly #deadlines: Deadlines;
  /** Calls whose answer has arrived while their event stream is still open. */
  readonly #lingering: Deadlines;
  readonly #waiting = new Fifo<CannonCall>();
  readonly #connections = new Set<CannonConnection>();
  #most = 0;
  #pumpDue = false;
  #closed = false;

  constructor(options: DriverOptions) {
    this.options = options;
    this.endpoint = endpointOf(options);
    const problem = certificateProblem('autocannon', options);
    if (problem !== undefined) throw new UserError(problem);
    this.#deadlines = new Deadlines(options.clock, options.timeoutUs);
    this.#lingering = new Deadlines(options.clock, LINGER_US);
  }

  send(
    request: Request,
    onReply: (reply: Reply) => void,
    keepBody = false,
    onMessage?: (text: string) => void,
  ): void {
    const call = new CannonCall(this, { request, keepBody, onMessage }, onReply);
    if (this.#closed) {
      setImmediate(() => call.settle(ABORTED, this.options.clock.now(), { expired: true }));
      return;
    }
    this.#deadlines.set(call, call.handedUs);
    this.#waiting.push(call);
    this.#pumpSoon();
  }

  open(): OpenStream {
    throw new UserError({
      where: 'load.driver',
      what: 'autocannon cannot keep a stream open in addition to its calls',
      expected: 'a driver that supports the era sessions',
    });
  }

  /** Opens nothing: an autocannon connection begins with a request. */
  async warm(): Promise<void> {}

  mostConnections(): number {
    return this.#most;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of [...this.#connections]) connection.abandon(ABORTED);
    const nowUs = this.options.clock.now();
    for (let call = this.next(); call !== undefined; call = this.next()) {
      call.settle(ABORTED, nowUs);
    }
    this.#deadlines.close();
    this.#lingering.close();
  }

  arrived(call: CannonCall, nowUs: Micros): void {
    this.#deadlines.clear(call);
    this.#lingering.set(call, nowUs);
  }

  ended(call: CannonCall, expired: boolean): void {
    if (!expired) (call.arrivedUs === undefined ? this.#deadlines : this.#lingering).clear(call);
  }

  next(): CannonCall | undefined {
    let call = this.#waiting.shift();
    while (call?.settled) call = this.#waiting.shift();
    return call;
  }

  gone(connection: CannonConnection): void {
    this.#connections.delete(connection);
    if (this.#waiting.size > 0) this.#pumpSoon();
  }

  /**
   * Delayed by a microtask: a call that is made within a reply belongs to the connection that is about to ask for its next
   * call.
   */
  #pumpSoon(): void {
    if (this.#pumpDue) return;
    this.#pumpDue = true;
    queueMicrotask(() => {
      this.#pumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { connections, maxConnections = connections } = this.options;
    while (!this.#closed && this.#connections.size < maxConnections) {
      const call = this.next();
      if (call === undefined) return;
      this.#connections.add(new CannonConnection(this, call));
      this.#most = Math.max(this.#most, this.#connections.size);
    }
  }
}
