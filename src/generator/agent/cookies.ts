/** @module The layer that keeps the cookies of an agent, as clients do whose affinity a balancer keeps in a cookie. */
import type { OpenStream, StreamListener } from '../../driver/driver.ts';
import { CookieJar } from '../../protocol/cookies.ts';
import { type HeaderFields, headerFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import {
  type AgentRequest,
  type CallEnd,
  type Caller,
  type Layer,
  type OnEnd,
  type OnMessage,
  PassingCaller,
} from './caller.ts';

/** Sends back the cookies that answers set. `first`: cookies that the agent has from the beginning. Below all other layers, whose requests carry them. */
export function cookieLayer(first: readonly string[] = []): Layer {
  return (next) => new CookieCaller(next, first);
}

class CookieCaller extends PassingCaller {
  /** Made when the first cookie comes: most servers set none. */
  #jar: CookieJar | undefined = undefined;
  #fields: HeaderFields = NO_FIELDS;

  constructor(next: Caller, first: readonly string[]) {
    super(next);
    if (first.length > 0) this.#take(first);
  }

  override send(request: AgentRequest, onEnd: OnEnd, keepBody?: boolean, onMessage?: OnMessage): void {
    const onReply = (end: CallEnd): void => {
      if (end.setCookies !== undefined) this.#take(end.setCookies);
      onEnd(end);
    };
    this.next.send(this.#withCookies(request), onReply, keepBody, onMessage);
  }

  override listen(request: AgentRequest, listener: StreamListener): OpenStream {
    return this.next.listen(this.#withCookies(request), listener);
  }

  #withCookies(request: AgentRequest): AgentRequest {
    return this.#fields === NO_FIELDS ? request : request.plus(this.#fields);
  }

  #take(setCookies: readonly string[]): void {
    this.#jar ??= new CookieJar();
    if (!this.#jar.take(setCookies)) return;
    const { header } = this.#jar;
    this.#fields = header === '' ? NO_FIELDS : headerFields([['Cookie', header]]);
  }
}
