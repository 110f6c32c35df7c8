/** @module The requests of the driver over HTTP/2: their heads as lists of fields, made once per head, and their bodies. */
import { type FieldList, literalFields, putLiteral } from '../../../http/http2/hpack-encoder.ts';
import type { RequestForm } from '../../../http/http2/request-form.ts';
import { type HeaderFields, NO_FIELDS } from '../../../protocol/header-fields.ts';
import type { Request, RequestHead } from '../../../protocol/request.ts';
import { fieldsOf, headOf } from '../../../protocol/shared-request.ts';
import type { Endpoint } from '../../endpoint.ts';
import type { BodyBytes } from '../body-bytes.ts';

const NOTHING: Buffer = Buffer.alloc(0);
/** Room for `content-length` in a header block. */
const LENGTH_FIELD_BYTES = 32;

/** The requests to one endpoint, for all its sessions. */
export class RequestFields implements RequestForm<Request> {
  readonly #endpoint: Endpoint;
  readonly #bodies: BodyBytes;
  /** By identity: heads are made once, not per call and not per agent. */
  readonly #lists = new WeakMap<RequestHead, FieldList>();
  readonly #own = new WeakMap<HeaderFields, Buffer>();

  constructor(endpoint: Endpoint, bodies: BodyBytes) {
    this.#endpoint = endpoint;
    this.#bodies = bodies;
  }

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

  roomForOwn(request: Request): number {
    return this.#ownFields(request).length + LENGTH_FIELD_BYTES;
  }

  putOwn(request: Request, length: number, bytes: Buffer, at: number): number {
    const own = this.#ownFields(request);
    if (own.length > 0) bytes.set(own, at);
    const end = at + own.length;
    // Only POST states a length of zero (RFC 9110, section 8.6).
    return request.head.method === 'POST' ? putLiteral('content-length', `${length}`, bytes, end) : end;
  }

  bodyLength(request: Request): number {
    return this.#bodies.lengthOf(request);
  }

  putBody(request: Request, bytes: Buffer, at: number): number {
    return this.#bodies.put(request, bytes, at);
  }

  /** The fields of the agent that makes the request, as a part of a header block. */
  #ownFields(request: Request): Buffer {
    const fields = fieldsOf(request);
    if (fields === NO_FIELDS) return NOTHING;
    const known = this.#own.get(fields);
    if (known !== undefined) return known;
    const block = literalFields(fields.headers.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)));
    if (!fields.once) this.#own.set(fields, block);
    return block;
  }
}
