/** @module A request whose head is that of all agents, with the fields of one agent inserted. */
import type { HeaderFields, SharedHead } from './header-fields.ts';
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
