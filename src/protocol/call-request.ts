/** @module A request made from a template: the constant parts are made once, and five parts vary from call to call. */
import { idJson, OPEN_BODY } from './call.ts';
import type { CallArguments } from './call-arguments.ts';
import { type HeaderFields, NO_FIELDS, type SharedHead } from './header-fields.ts';
import type { Expected, Request, RequestHead } from './request.ts';
import type { TraceContexts } from './trace.ts';

/** The constant texts of a template, all plain ASCII. */
export interface TemplateTexts {
  readonly head: SharedHead;
  /** Between the id and the arguments. */
  readonly afterId: string;
  /** Between the arguments and the trace context, or to the end. */
  readonly afterArguments: string;
  /** After the trace context; empty when there is none. */
  readonly end: string;
  /** Without it, the body has no trace context. */
  readonly traces?: TraceContexts | undefined;
}

/** The constant parts of the requests for one call of the mix, by any agent, as text and as bytes. */
export class CallTemplate {
  readonly head: SharedHead;
  readonly afterId: string;
  readonly afterArguments: string;
  readonly end: string;
  readonly traces: TraceContexts | undefined;
  /** The body up to the id. */
  readonly openBytes: Buffer = OPEN_BYTES;
  /** Between the id and the arguments. */
  readonly afterIdBytes: Buffer;
  /** From the arguments to the end, with the trace context of some call at {@link CallTemplate.traceAt}. */
  readonly restBytes: Buffer;
  /** Offset of the trace context in {@link CallTemplate.restBytes}. */
  readonly traceAt: number;

  constructor({ head, afterId, afterArguments, end, traces }: TemplateTexts) {
    this.head = head;
    this.afterId = afterId;
    this.afterArguments = afterArguments;
    this.end = end;
    this.traces = traces;
    this.afterIdBytes = Buffer.from(afterId, 'latin1');
    this.restBytes = Buffer.from(afterArguments + (traces?.of(0) ?? '') + end, 'latin1');
    this.traceAt = afterArguments.length;
  }
}

const OPEN_BYTES = Buffer.from(OPEN_BODY, 'latin1');

/**
 * One call. A driver may send {@link CallRequest.head} and {@link CallRequest.body}, or write the same from the bytes of the template
 * and what varies: `fields`, `id`, `arguments` and trace context. It is the answer that it expects as well, which saves an object per call.
 */
export class CallRequest implements Request {
  readonly template: CallTemplate;
  /** The call's number: its JSON-RPC id, and the index of its trace context. */
  readonly id: number;
  readonly arguments: CallArguments;
  /** The header fields of the agent that makes the call. */
  readonly fields: HeaderFields;
  /** Whose arguments they are. */
  readonly agent: number;

  constructor(
    template: CallTemplate,
    id: number,
    args: CallArguments,
    fields: HeaderFields = NO_FIELDS,
    agent = 0,
  ) {
    this.template = template;
    this.id = id;
    this.arguments = args;
    this.fields = fields;
    this.agent = agent;
  }

  get head(): RequestHead {
    return this.fields.within(this.template.head);
  }

  get inSession(): boolean {
    return this.fields.inSession;
  }

  get ascii(): boolean {
    return this.arguments.ascii;
  }

  get kind(): 'result' {
    return 'result';
  }

  get expected(): Expected {
    return this;
  }

  get body(): string {
    const { afterId, afterArguments, traces, end } = this.template;
    const trace = traces === undefined ? '' : traces.of(this.id);
    const args = this.arguments.text(this.id, this.agent);
    return OPEN_BODY + idJson(this.id) + afterId + args + afterArguments + trace + end;
  }
}
