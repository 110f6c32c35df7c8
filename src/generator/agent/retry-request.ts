/** @module The request of a call, sent again with what the server has asked for. */
import type { HeaderFields } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import { type RetryParams, retryOf } from '../../protocol/rounds/retry.ts';
import type { AgentRequest, CallContext, Operation } from './caller.ts';

/** The same as the request of the call, also for the layers below, but for its id and what `params` add: it has no arrival of its own. */
export class RetryRequest implements AgentRequest {
  readonly arrival = undefined;
  readonly #call: AgentRequest;
  readonly #id: number;
  readonly #params: RetryParams;

  constructor(call: AgentRequest, id: number, params: RetryParams) {
    this.#call = call;
    this.#id = id;
    this.#params = params;
  }

  get operation(): Operation {
    return this.#call.operation;
  }

  get argumentsJson(): string | undefined {
    return this.#call.argumentsJson;
  }

  get context(): CallContext {
    return this.#call.context;
  }

  get fields(): HeaderFields {
    return this.#call.fields;
  }

  plus(more: HeaderFields): RetryRequest {
    return new RetryRequest(this.#call.plus(more), this.#id, this.#params);
  }

  named(name: string): RetryRequest {
    return new RetryRequest(this.#call.named(name), this.#id, this.#params);
  }

  encode(): Request {
    return retryOf(this.#call.encode(), this.#id, this.#params);
  }
}
