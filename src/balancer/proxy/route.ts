/** @module The route of a request: the upstream that the policy chose for it, and what carries it there. */
import { NONE, type Policy, type RoutedRequest } from '../policy/policy.ts';
import type { UpstreamHead } from './heads.ts';
import type { Upstream } from './upstream.ts';
import type { UpstreamCarrier } from './upstream-exchange.ts';

/** Where requests can go. */
export interface Destinations {
  readonly policy: Policy;
  readonly upstreams: readonly Upstream[];
}

/** What a route tells: first `connecting`, where a connection has to be made, then one of the other two. */
export interface RouteListener {
  connecting(): void;
  /** `carrier` waits for the request. */
  routed(carrier: UpstreamCarrier): void;
  /** No upstream accepts connections. */
  unroutable(): void;
}

/** Routes the requests of one client connection, one after the other, and counts each where it goes. */
export class Route {
  readonly #destinations: Destinations;
  readonly #listener: RouteListener;
  /** Called when reading may go on, except from within {@link find}. */
  readonly #onReady: () => void;
  #upstream: Upstream | undefined;
  #connecting = false;
  carrier: UpstreamCarrier | undefined;

  constructor(destinations: Destinations, listener: RouteListener, onReady: () => void) {
    this.#destinations = destinations;
    this.#listener = listener;
    this.#onReady = onReady;
  }

  /** Finds an upstream that accepts `request`, of which nothing has been sent: it may be tried at several. */
  find(request: RoutedRequest): void {
    this.#try(request, 1);
  }

  /** The upstream has not processed `request`, which is routed once more. */
  findAgain(request: RoutedRequest): void {
    this.#upstream!.requests -= 1;
    this.leave();
    this.find(request);
  }

  /** Tells the policy of the answer to `request`. */
  learn(request: RoutedRequest, { status, fields }: UpstreamHead): void {
    const { policy, upstreams } = this.#destinations;
    if (policy.learn === undefined) return;
    policy.learn(request, { status, sessionId: fields.sessionId }, upstreams.indexOf(this.#upstream!));
  }

  /** Counts a failure of the upstream, and returns its id. */
  failed(): string {
    const upstream = this.#upstream!;
    upstream.failures += 1;
    return upstream.id;
  }

  /** The request is over, or its client has gone. */
  leave(): void {
    if (this.#upstream !== undefined) this.#upstream.inFlight -= 1;
    this.#upstream = undefined;
    this.#connecting = false;
    this.carrier = undefined;
  }

  #try(request: RoutedRequest, attempt: number): void {
    const { policy, upstreams } = this.#destinations;
    const chosen = attempt > upstreams.length ? NONE : policy.choose(request);
    if (chosen === NONE) {
      this.#listener.unroutable();
      return;
    }
    const upstream = upstreams[chosen]!;
    this.#upstream = upstream;
    upstream.inFlight += 1;
    const idle = upstream.take();
    if (idle === undefined) this.#connect(upstream, request, attempt);
    else this.#use(upstream, idle);
  }

  #connect(upstream: Upstream, request: RoutedRequest, attempt: number): void {
    this.#connecting = true;
    this.#listener.connecting();
    upstream.connect((carrier) => {
      if (!this.#connecting) {
        carrier?.release();
        return;
      }
      if (carrier === undefined) {
        upstream.failures += 1;
        this.leave();
        this.#try(request, attempt + 1);
      } else this.#use(upstream, carrier);
      this.#onReady();
    });
  }

  #use(upstream: Upstream, carrier: UpstreamCarrier): void {
    this.#connecting = false;
    upstream.requests += 1;
    this.carrier = carrier;
    this.#listener.routed(carrier);
  }
}
