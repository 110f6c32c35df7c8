/** @module The stream on which an agent is told of changes (MCP 2026-07-28, Subscriptions): opened before its first call, and again whenever it is lost. */
import type { OpenStream } from '../../driver/driver.ts';
import type { CallSettings } from '../../profile/settings.ts';
import {
  isNothing,
  isReduced,
  LISTEN,
  type ListenEncoder,
  listenEncoder,
  readSubscriptionMessage,
  type SubscriptionFilter,
} from '../../protocol/caching/subscriptions.ts';
import { safeDetail } from '../../protocol/detail.ts';
import type { StreamPosition } from '../../protocol/sse.ts';
import type { SubscriptionTally } from '../../recording/measure/subscription-tally.ts';
import type { After, Cancel } from '../../units/clock.ts';
import type { Micros } from '../../units/time.ts';
import { type Caller, UNMEASURED } from './caller.ts';
import { type OwnIds, OwnRequest } from './own-request.ts';
import { reconnectDelay } from './resuming.ts';

/** Told what an agent learns over its stream. */
export interface SubscriptionListener {
  /** The stream is held, for the first time. `honoured`: what of the filter the server will tell; nothing: the stream is given up. */
  acknowledged(honoured: SubscriptionFilter): void;
  /** A new stream is held after a loss. Nothing is told of what happened in between. */
  reopened(honoured: SubscriptionFilter): void;
  /** The server has answered the request for a stream with something else. `status`: of HTTP. `detail`: for display. */
  refused(status: number, detail: string): void;
  /** Something has changed. `uri`: of a resource that was updated. `atUs`: when it arrived. */
  notification(method: string, uri: string | undefined, atUs: Micros): void;
  /** The stream that was held has ended. */
  lost(): void;
}

/** What the streams of all agents have in common. */
export interface SubscriptionOptions {
  readonly filter: SubscriptionFilter;
  readonly encode: ListenEncoder;
  readonly now: () => Micros;
  readonly after: After;
  /** How long the opening of an agent waits for the acknowledgement, which may still come later. */
  readonly timeoutUs: Micros;
  readonly tally: SubscriptionTally;
}

/**
 * What agents with this mix have to be told; `undefined` when nothing of it changes by notification. Resources whose URI is made by a
 * template are not among it: which of them an agent will read is not known when the stream is opened.
 */
export function filterFor(calls: readonly CallSettings[]): SubscriptionFilter | undefined {
  const methods = new Set(calls.map(({ method }) => method));
  const uris = new Set(calls.flatMap(({ uri = '' }) => (uri === '' || uri.includes('{{') ? [] : uri)));
  const filter: SubscriptionFilter = {
    ...(methods.has('tools/list') && { toolsListChanged: true }),
    ...(methods.has('prompts/list') && { promptsListChanged: true }),
    ...((methods.has('resources/list') || methods.has('resources/templates/list')) && {
      resourcesListChanged: true,
    }),
    ...(uris.size > 0 && { resourceSubscriptions: [...uris] }),
  };
  return isNothing(filter) ? undefined : filter;
}

/** The options of all streams with `filter`. `headers`: the user's. */
export function subscriptionOptions(
  filter: SubscriptionFilter,
  headers: Readonly<Record<string, string>>,
  rest: Omit<SubscriptionOptions, 'filter' | 'encode'>,
): SubscriptionOptions {
  return { ...rest, filter, encode: listenEncoder(filter, headers) };
}

/** The longest delay before a lost stream is asked for again; it doubles from one failure to the next. */
const LONGEST_DELAY: Micros = 30e6;

/** Statuses of refusals that may pass: the stream is asked for again. */
const PASSING: ReadonlySet<number> = new Set([0, 401, 408, 425, 429]);

/** The stream of one agent. */
export class Subscription {
  readonly #next: Caller;
  readonly #ids: OwnIds;
  readonly #options: SubscriptionOptions;
  readonly #listener: SubscriptionListener;
  /** Id of the present stream. */
  #id = 0;
  #stream: OpenStream | undefined = undefined;
  #status = 0;
  #isHeld = false;
  #wasHeld = false;
  /** Attempts since a stream was held. */
  #failures = 0;
  /** Of the timer that ends the opening, or of the next attempt. */
  #cancel: Cancel | undefined = undefined;
  #settle: (() => void) | undefined = undefined;

  /** @param next - the layers below, which add what every request of the agent carries. */
  constructor(next: Caller, ids: OwnIds, options: SubscriptionOptions, listener: SubscriptionListener) {
    this.#next = next;
    this.#ids = ids;
    this.#options = options;
    this.#listener = listener;
  }

  /** Asks for the stream. Resolves when it is held, has failed for the first time, or is not acknowledged in time. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#cancel = this.#options.after(this.#options.timeoutUs, () => this.#settled());
      this.#listen();
    });
  }

  close(): void {
    if (this.#isHeld) this.#options.tally.closed();
    this.#drop();
    this.#settled();
  }

  #listen(): void {
    const id = this.#ids.next();
    this.#id = id;
    this.#status = 0;
    const request = new OwnRequest({ method: LISTEN }, UNMEASURED, (fields) =>
      this.#options.encode(id, fields),
    );
    this.#stream = this.#next.listen(request, {
      onOpen: (status) => {
        this.#status = status;
      },
      onMessage: (text) => this.#read(text),
      onEnd: (detail, position) => this.#ended(detail, position),
    });
  }

  #read(text: string): void {
    const { tally, now } = this.#options;
    const message = readSubscriptionMessage(text, this.#id);
    if (message.kind === 'acknowledged') this.#hold(message.honoured);
    else if (message.kind === 'notification') {
      tally.notification();
      this.#listener.notification(message.method, message.uri, now());
    } else if (message.kind === 'misaddressed') tally.misaddressed();
    else if (message.kind === 'completed' || this.#isHeld) this.#ended(undefined, undefined);
    else this.#refuse(`${message.code ?? 'error'} ${message.message}`, undefined);
  }

  #hold(honoured: SubscriptionFilter): void {
    if (this.#isHeld) return;
    const { tally, filter } = this.#options;
    const again = this.#wasHeld;
    if (isReduced(filter, honoured)) tally.reduced();
    // A stream on which nothing will be told is not worth asking for again.
    if (isNothing(honoured)) this.#drop();
    else {
      this.#cancel?.();
      this.#isHeld = true;
      this.#wasHeld = true;
      this.#failures = 0;
      tally.opened(again);
    }
    if (again) this.#listener.reopened(honoured);
    else this.#listener.acknowledged(honoured);
    this.#settled();
  }

  #ended(detail: string | undefined, position: StreamPosition | undefined): void {
    const { tally } = this.#options;
    if (this.#isHeld) {
      this.#drop();
      tally.lost();
      this.#listener.lost();
      this.#again(position);
    } else if (this.#status === 0 || (this.#status >= 200 && this.#status < 300)) {
      this.#drop();
      this.#again(position);
    } else this.#refuse(detail ?? `HTTP ${this.#status}`, position);
  }

  #refuse(detail: string, position: StreamPosition | undefined): void {
    const status = this.#status;
    this.#drop();
    this.#options.tally.refused();
    this.#listener.refused(status, safeDetail(detail));
    if (status >= 500 || PASSING.has(status)) this.#again(position);
    else this.#settled();
  }

  /** Asks for a stream once more, after a delay. */
  #again(position: StreamPosition | undefined): void {
    const delay = Math.min(LONGEST_DELAY, reconnectDelay(position) * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancel = this.#options.after(delay, () => this.#listen());
    this.#settled();
  }

  /** Gives up the present stream, and whatever is waited for. */
  #drop(): void {
    this.#cancel?.();
    this.#isHeld = false;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #settled(): void {
    this.#settle?.();
    this.#settle = undefined;
  }
}
