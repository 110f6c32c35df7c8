/** @module A request made from a template: the constant parts are texts made once, and four parts vary from call to call. */
import { idJson } from './call.ts';
import { type HeaderFields, NO_FIELDS, type SharedHead } from './header-fields.ts';
import type { Expected, Request, RequestHead } from './request.ts';
import type { TraceContexts } from './trace.ts';

/** The constant parts of the requests for one call of the mix, by any agent. The four texts are plain ASCII. */
export interface CallTemplate {
  readonly head: SharedHead;
  /** The body up to the JSON-RPC id. */
  readonly open: string;
  /** Between the id and the arguments. */
  readonly afterId: string;
  /** Between the arguments and the trace context, or to the end. */
  readonly afterArguments: string;
  /** After the trace context; empty when there is none. */
  readonly end: string;
  /** Without it, the body has no trace context. */
  readonly traces?: TraceContexts | undefined;
}

/**
 * One call. A driver may send {@link CallRequest.head} and {@link CallRequest.body}, or keep the bytes of an earlier request of
 * the same template and patch `fields`, `id`, `argumentsJson` and trace context into them.
 */
export class CallRequest implements Request {
  readonly template: CallTemplate;
  /** The call's number: its JSON-RPC id, and the index of its trace context. */
  readonly id: number;
  /** Empty without arguments. */
  readonly argumentsJson: string;
  readonly ascii: boolean;
  /** The header fields of the agent that makes the call. */
  readonly fields: HeaderFields;
  readonly expected: Expected;

  constructor(
    template: CallTemplate,
    id: number,
    argumentsJson: string,
    ascii: boolean,
    fields: HeaderFields = NO_FIELDS,
  ) {
    this.template = template;
    this.id = id;
    this.argumentsJson = argumentsJson;
    this.ascii = ascii;
    this.fields = fields;
    this.expected = { kind: 'result', id };
  }

  get head(): RequestHead {
    return this.fields.within(this.template.head);
  }

  get inSession(): boolean {
    return this.fields.inSession;
  }

  get body(): string {
    const { open, afterId, afterArguments, traces, end } = this.template;
    const trace = traces === undefined ? '' : traces.of(this.id);
    return open + idJson(this.id) + afterId + this.argumentsJson + afterArguments + trace + end;
  }
}
