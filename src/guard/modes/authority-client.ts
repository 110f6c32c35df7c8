/** @module Requests of a guard to the authorization server, over connections that are kept. */
import { Agent } from 'undici';
import type { Millis } from '../../units/time.ts';

/**
 * For the connection, for the head of the answer, and between parts of its body. Callers wait for 5 s by default (`load.timeout`), so
 * they learn that the authorization server does not answer.
 */
const TIMEOUT: Millis = 3000;

/** Asks the authorization server. Connections are not limited in number: no check waits for the answer to another one. */
export class AuthorityClient {
  readonly #agent: Agent;

  constructor(timeoutMs: Millis = TIMEOUT) {
    const connect = { timeout: timeoutMs };
    this.#agent = new Agent({ connect, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  }

  /** The JSON of a 200 answer; undefined when there is none, whatever the cause. */
  get(url: URL): Promise<unknown> {
    return this.#request(url, 'GET', {}, null);
  }

  /** Posts a form; see {@link get} for the answer. */
  post(url: URL, authorization: string, form: string): Promise<unknown> {
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    return this.#request(url, 'POST', headers, form);
  }

  /** Breaks off requests that are under way. */
  stop(): Promise<void> {
    return this.#agent.destroy();
  }

  async #request(
    url: URL,
    method: 'GET' | 'POST',
    headers: Readonly<Record<string, string>>,
    form: string | null,
  ): Promise<unknown> {
    try {
      const { statusCode, body } = await this.#agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { accept: 'application/json', ...headers },
        body: form,
      });
      if (statusCode === 200) return await body.json();
      await body.dump();
    } catch {
      // Not reached, too late, or not JSON: for the caller, an answer that it does not have.
    }
    return undefined;
  }
}
