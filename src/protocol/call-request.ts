/** @module A request made from a template: the constant parts are texts made once, and three parts vary from call to call. */
import { idJson } from './call.ts';
import type { Expected, Request, RequestHead } from './request.ts';
import type { TraceContexts } from './trace.ts';

/** The constant parts of the requests for one call of the mix, by one agent or by all. The four texts are plain ASCII. */
export interface CallTemplate {
  readonly head: RequestHead;
  readonly inSession: boolean;
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
 * One call. A driver may send {@link CallRequest.body}, or keep the bytes of an earlier request of the same template and
 * patch `id`, `argumentsJson` and trace context into them.
 */
export class CallRequest implements Request {
  readonly template: CallTemplate;
  /** The call's number: its JSON-RPC id, and the index of its trace context. */
  readonly id: number;
  /** Empty without arguments. */
  readonly argumentsJson: string;
  readonly ascii: boolean;
  readonly expected: Expected;

  constructor(template: CallTemplate, id: number, argumentsJson: string, ascii: boolean) {
    this.template = template;
    this.id = id;
    this.argumentsJson = argumentsJson;
    this.ascii = ascii;
    this.expected = { kind: 'result', id };
  }

  get head(): RequestHead {
    return this.template.head;
  }

  get inSession(): boolean {
    return this.template.inSession;
  }

  get body(): string {
    const { open, afterId, afterArguments, traces, end } = this.template;
    const trace = traces === undefined ? '' : traces.of(this.id);
    return open + idJson(this.id) + afterId + this.argumentsJson + afterArguments + trace + end;
  }
}
