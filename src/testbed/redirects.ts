/** @module Follows redirects before the load, so that the load goes straight to where a server answers. */
import { ask } from '../driver/ask.ts';
import type { CreateDriver, Driver, DriverOptions, Reply } from '../driver/driver.ts';
import type { Request } from '../protocol/request.ts';

/** Redirects in a row that are followed. */
const MOST_HOPS = 10;

/** A reply, and the URL that gave it. */
export interface LocatedReply extends Reply {
  readonly url: string;
}

/** Makes one exchange after the other with the server at a URL, or where that redirects to. */
export class RedirectedServer {
  readonly #create: CreateDriver;
  readonly #options: DriverOptions;
  #driver: Driver;
  #url: string;
  readonly #onRequest: () => void;

  /** `onRequest` is told of each request, those after a redirect too. */
  constructor(create: CreateDriver, options: DriverOptions, onRequest: () => void = () => {}) {
    this.#onRequest = onRequest;
    this.#create = create;
    this.#options = options;
    this.#url = options.url;
    this.#driver = create(options);
  }

  /** Sends `request`; after a redirect, sends it again to the new URL, and all later ones too. */
  async ask(request: Request): Promise<LocatedReply> {
    for (let hops = 0; ; hops += 1) {
      this.#onRequest();
      const reply = await ask(this.#driver, request);
      const next = hops === MOST_HOPS ? undefined : redirectOf(this.#url, reply);
      if (next === undefined) return { ...reply, url: this.#url };
      await this.#driver.close();
      this.#url = next;
      this.#driver = this.#create({ ...this.#options, url: next });
    }
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}

/**
 * The URL to which a client repeats the request that `reply` answers. Only 307 and 308 keep the method and the body (RFC 9110, sections
 * 15.4.8 and 15.4.9). Another origin is another server: the load never goes to one that the user has not named.
 */
export function redirectOf(
  url: string,
  { status, location }: Pick<Reply, 'status' | 'location'>,
): string | undefined {
  if ((status !== 307 && status !== 308) || location === undefined) return undefined;
  if (!URL.canParse(location, url)) return undefined;
  const next = new URL(location, url);
  next.hash = '';
  return next.origin === new URL(url).origin ? next.href : undefined;
}
