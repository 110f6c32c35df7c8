/** @module Requests of a template as bytes that are made once: a call writes its agent's header fields, its id, its arguments and its trace context over those of the last one. */
import type { CallArguments } from '../../protocol/call-arguments.ts';
import type { CallRequest, CallTemplate } from '../../protocol/call-request.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import { digitsOf, putDigits } from '../../units/put-number.ts';
import type { BodyBytes } from './body-bytes.ts';

/** The bytes of requests whose header fields, arguments and id have the same lengths, so that every part keeps its position. */
interface Layout {
  readonly shape: number;
  readonly bytes: Buffer;
  readonly fieldsAt: number;
  /** What stands at `fieldsAt`. */
  fields: HeaderFields;
  readonly idAt: number;
  readonly idEnd: number;
  readonly argumentsAt: number;
  /** Where the text at `argumentsAt` is from. */
  arguments: CallArguments;
  readonly traceAt: number;
}

type Layouts = Map<number, Layout>;

/** A whole request as new bytes, and where its body begins. */
export interface WholeRequest {
  readonly bytes: Buffer;
  readonly bodyAt: number;
}

/** Longer arguments are rare and of many lengths; such requests are built from scratch. */
const ARGUMENTS_BITS = 12;
/** Servers accept hardly more than 16 kB in a head. */
const FIELDS_BITS = 14;
const MOST_ARGUMENTS = 2 ** ARGUMENTS_BITS - 1;
const MOST_FIELDS = 2 ** FIELDS_BITS - 1;
/** Ids have ten digits at most, so that lengths of all three parts are one integer of 31 bits. */
const MOST_ID = 2 ** 31;
/** Layouts of one template: requests whose fields and arguments vary more in length are built from scratch as well. */
const MOST_SHAPES = 256;
/** Layouts of all templates, about a kilobyte each. */
const MOST_LAYOUTS = 4096;
/** After this many requests that found no layout and no room for one, all are dropped: ids have grown since they were made. */
const MOST_MISSES = 8 * MOST_LAYOUTS;

/** The layouts of one driver. */
export class PatchedBytes {
  readonly #whole: (request: CallRequest) => WholeRequest;
  readonly #headAt: number;
  readonly #body: BodyBytes;
  #templates = new WeakMap<CallTemplate, Layouts>();
  #count = 0;
  #misses = 0;
  /** The last template, its layouts, and the last of them. */
  #template: CallTemplate | undefined = undefined;
  #layouts: Layouts = new Map();
  #last: Layout | undefined = undefined;

  /**
   * @param whole - gives the whole request.
   * @param headAt - how many of its bytes come before the text of its head.
   */
  constructor(whole: (request: CallRequest) => WholeRequest, headAt: number, body: BodyBytes) {
    this.#whole = whole;
    this.#headAt = headAt;
    this.#body = body;
  }

  /** The bytes of `request`, valid until the next request; `undefined` when there is no layout for it. */
  of(request: CallRequest): Buffer | undefined {
    const { template, id, fields, arguments: args } = request;
    const length = this.#body.argumentsLength(request);
    if (id >= MOST_ID || length > MOST_ARGUMENTS || fields.length > MOST_FIELDS) return undefined;
    const shape = (((digitsOf(id) << FIELDS_BITS) | fields.length) << ARGUMENTS_BITS) | length;
    const layout = this.#layout(request, shape);
    if (layout === undefined) return undefined;
    const { bytes } = layout;
    if (layout.fields !== fields) {
      fields.put(bytes, layout.fieldsAt);
      layout.fields = fields;
    }
    putDigits(id, bytes, layout.idAt, layout.idEnd);
    if (!args.fixed || layout.arguments !== args) {
      this.#body.putArguments(request, bytes, layout.argumentsAt);
      layout.arguments = args;
    }
    template.traces?.patch(id, bytes, layout.traceAt);
    return bytes;
  }

  /** Gives the latest bytes up: a socket still needs them. */
  leave(): void {
    if (this.#last !== undefined && this.#layouts.delete(this.#last.shape)) this.#count -= 1;
    this.#last = undefined;
  }

  #layout(request: CallRequest, shape: number): Layout | undefined {
    const { template } = request;
    if (template !== this.#template) {
      this.#template = template;
      this.#layouts = this.#layoutsOf(template);
    } else if (this.#last?.shape === shape) return this.#last;
    this.#last = this.#layouts.get(shape) ?? this.#lay(request, shape);
    return this.#last;
  }

  #layoutsOf(template: CallTemplate): Layouts {
    let layouts = this.#templates.get(template);
    if (layouts === undefined) {
      layouts = new Map();
      this.#templates.set(template, layouts);
    }
    return layouts;
  }

  #lay(request: CallRequest, shape: number): Layout | undefined {
    const { template, id, fields, arguments: args } = request;
    if (this.#layouts.size >= MOST_SHAPES || this.#count >= MOST_LAYOUTS) {
      this.#misses += 1;
      if (this.#misses < MOST_MISSES) return undefined;
      this.#templates = new WeakMap();
      this.#count = 0;
      this.#misses = 0;
      this.#layouts = this.#layoutsOf(template);
    }
    const { bytes, bodyAt } = this.#whole(request);
    const fieldsAt = this.#headAt + template.head.fieldsAt.text;
    const idAt = bodyAt + template.openBytes.length;
    const idEnd = idAt + digitsOf(id);
    const argumentsAt = idEnd + template.afterIdBytes.length;
    const traceAt = argumentsAt + this.#body.argumentsLength(request) + template.traceAt;
    const layout = { shape, bytes, fieldsAt, fields, idAt, idEnd, argumentsAt, arguments: args, traceAt };
    this.#layouts.set(shape, layout);
    this.#count += 1;
    return layout;
  }
}
