/** @module The heads of requests over HTTP/2: as lists of fields, made once per head. */
import { type FieldList, literalFields } from '../../../http/http2/hpack-encoder.ts';
import { type HeaderFields, NO_FIELDS } from '../../../protocol/header-fields.ts';
import type { Request, RequestHead } from '../../../protocol/request.ts';
import { fieldsOf, headOf } from '../../../protocol/shared-request.ts';
import type { Endpoint } from '../../endpoint.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/** The heads of the requests to one endpoint, for all its sessions. */
export class RequestFields {
  readonly #endpoint: Endpoint;
  /** By identity: heads are made once, not per call and not per agent. */
  readonly #lists = new WeakMap<RequestHead, FieldList>();
  readonly #own = new WeakMap<HeaderFields, Buffer>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The fields that repeat from request to request; the same object for the same head. */
  shared(request: Request): FieldList {
    const head = headOf(request);
    let list = this.#lists.get(head);
    if (list === undefined) {
      const { authority, path, secure } = this.#endpoint;
      const names = head.headers.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
      list = [
        ...[':method', head.method, ':scheme', secure ? 'https' : 'http'],
        ...[':authority', authority, ':path', path, ...names],
      ];
      this.#lists.set(head, list);
    }
    return list;
  }

  /** The fields of the agent that makes the request, as a part of a header block. */
  own(request: Request): Buffer {
    const fields = fieldsOf(request);
    if (fields === NO_FIELDS) return NOTHING;
    const known = this.#own.get(fields);
    if (known !== undefined) return known;
    const block = literalFields(fields.headers.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)));
    if (!fields.once) this.#own.set(fields, block);
    return block;
  }
}
