/** @module A request that a layer makes itself: a handshake, a page of a list, the end of a session. */
import { FIRST_OWN_ID } from '../../protocol/call.ts';
import { type HeaderFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import type { AgentRequest, CallContext, Operation } from './caller.ts';

/** The ids of the requests that the layers of one agent make: numbers, as official clients send them, and never those of calls. */
export class OwnIds {
  #next = FIRST_OWN_ID;

  next(): number {
    this.#next += 1;
    return this.#next;
  }
}

/** Rare beside calls, so that its encoder may be made for it alone: `encode` gets the fields that the layers below have added. */
export class OwnRequest implements AgentRequest {
  readonly operation: Operation;
  readonly arrival = undefined;
  readonly argumentsJson = undefined;
  readonly context: CallContext;
  readonly fields: HeaderFields;
  readonly #encode: (fields: HeaderFields) => Request;

  constructor(
    operation: Operation,
    context: CallContext,
    encode: (fields: HeaderFields) => Request,
    fields: HeaderFields = NO_FIELDS,
  ) {
    this.operation = operation;
    this.context = context;
    this.fields = fields;
    this.#encode = encode;
  }

  plus(more: HeaderFields): OwnRequest {
    return new OwnRequest(this.operation, this.context, this.#encode, this.fields.plus(more));
  }

  named(): OwnRequest {
    return this;
  }

  encode(): Request {
    return this.#encode(this.fields);
  }
}
