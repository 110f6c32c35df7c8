/** @module A request whose head is that of all agents, with the fields of one agent inserted. */
import { CallRequest } from './call-request.ts';
import { type HeaderFields, NO_FIELDS, type SharedHead } from './header-fields.ts';
import type { Expected, Request, RequestHead } from './request.ts';

/** A driver may write shared head and fields by themselves, without the head that they make together. The body is plain ASCII. */
export class SharedRequest implements Request {
  readonly shared: SharedHead;
  readonly fields: HeaderFields;
  readonly body: string;
  readonly ascii = true;
  readonly expected: Expected;

  constructor(shared: SharedHead, fields: HeaderFields, body: string, expected: Expected) {
    this.shared = shared;
    this.fields = fields;
    this.body = body;
    this.expected = expected;
  }

  /** Made from a copy, because fields remember the last head that was made with them: that of a call should stay. */
  get head(): RequestHead {
    return this.fields.copy().within(this.shared);
  }

  get inSession(): boolean {
    return this.fields.inSession;
  }
}

/** The head of `request` without the fields of its agent, {@link fieldsOf}: the same object for all agents, where they share one. */
export function headOf(request: Request): RequestHead | SharedHead {
  if (request instanceof CallRequest) return request.template.head;
  return request instanceof SharedRequest ? request.shared : request.head;
}

/** The fields of its agent that belong into {@link headOf} `request`. */
export function fieldsOf(request: Request): HeaderFields {
  return request instanceof CallRequest || request instanceof SharedRequest ? request.fields : NO_FIELDS;
}
