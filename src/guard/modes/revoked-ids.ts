/** @module The list of revoked tokens, by id (`jti`), as the authorization server publishes it. */
import type { Micros } from '../../units/time.ts';
import type { AuthorityClient } from './authority-client.ts';

/** The ids, read at creation and then at an interval. A read that fails leaves the list as it is. Its timer keeps no process alive. */
export class RevokedIds {
  readonly #authority: AuthorityClient;
  readonly #url: URL;
  readonly #timer: NodeJS.Timeout;
  #ids: ReadonlySet<string> | undefined;
  #reading: Promise<void> | undefined;

  constructor(authority: AuthorityClient, url: URL, every: Micros) {
    this.#authority = authority;
    this.#url = url;
    this.#timer = setInterval(() => void this.read(), every / 1000).unref();
    void this.read();
  }

  /** The ids; undefined when no list could be read so far. Waits only for the first read. */
  async known(): Promise<ReadonlySet<string> | undefined> {
    if (this.#ids === undefined) await this.#reading;
    return this.#ids;
  }

  /** Reads the list, unless that is under way. */
  read(): Promise<void> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    const answer = await this.#authority.get(this.#url);
    this.#reading = undefined;
    if (Array.isArray(answer)) this.#ids = new Set(answer);
  }
}
