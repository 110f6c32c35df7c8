/** @module Requests of a template as bytes that are made once: a call writes its agent's header fields, its id, its arguments and its trace context over those of the last one. */
import type { CallRequest, CallTemplate } from '../../protocol/call-request.ts';
import type { HeaderFields } from '../../protocol/header-fields.ts';
import { putText } from '../../units/put-text.ts';

/** The bytes of requests whose header fields, arguments and id have the same lengths, so that every part keeps its position. */
interface Layout {
  readonly bytes: Buffer;
  readonly fieldsAt: number;
  /** What stands at `fieldsAt`. */
  fields: HeaderFields;
  readonly idAt: number;
  readonly idEnd: number;
  readonly argumentsAt: number;
  readonly traceAt: number;
}

type Layouts = Map<number, Layout>;

/** Longer arguments are rare and of many lengths; such requests are built from scratch. */
const MOST_ARGUMENTS = 4096;
/** Servers accept hardly more than this in a head. */
const MOST_FIELDS = 16_384;
/** Layouts of one template: requests whose fields and arguments vary more in length are built from scratch as well. */
const MOST_SHAPES = 32;
/** Layouts of all templates, about a kilobyte each. */
const MOST_LAYOUTS = 4096;
/** After this many requests that found no layout and no room for one, all are dropped: ids have grown since they were made. */
const MOST_MISSES = 8 * MOST_LAYOUTS;
/** Ids up to here are divided as 32-bit integers. */
const MOST_ID = 2 ** 31;
const ZERO = 48;

/** The layouts of one driver. */
export class PatchedBytes {
  readonly #whole: (request: CallRequest) => string;
  readonly #headAt: number;
  #templates = new WeakMap<CallTemplate, Layouts>();
  #count = 0;
  #misses = 0;
  /** The last template, and its layouts. */
  #template: CallTemplate | undefined = undefined;
  #layouts: Layouts = new Map();

  /**
   * @param whole - gives the whole request as text, one character a byte.
   * @param headAt - how many of its characters come before the text of its head.
   */
  constructor(whole: (request: CallRequest) => string, headAt: number) {
    this.#whole = whole;
    this.#headAt = headAt;
  }

  /** The bytes of `request`, valid until the next request; `undefined` when there is no layout for it. */
  of(request: CallRequest): Buffer | undefined {
    const { template, id, argumentsJson, fields } = request;
    if (!request.ascii || id >= MOST_ID || argumentsJson.length > MOST_ARGUMENTS) return undefined;
    if (fields.length > MOST_FIELDS) return undefined;
    const layout = this.#layout(request);
    if (layout === undefined) return undefined;
    const { bytes } = layout;
    if (layout.fields !== fields) {
      fields.put(bytes, layout.fieldsAt);
      layout.fields = fields;
    }
    putDigits(id, bytes, layout.idAt, layout.idEnd);
    putText(argumentsJson, bytes, layout.argumentsAt);
    template.traces?.patch(id, bytes, layout.traceAt);
    return bytes;
  }

  /** Gives the bytes of `request` up: a socket still needs them. */
  leave(request: CallRequest): void {
    if (this.#layoutsOf(request.template).delete(shapeOf(request))) this.#count -= 1;
  }

  #layout(request: CallRequest): Layout | undefined {
    const { template } = request;
    if (template !== this.#template) {
      this.#template = template;
      this.#layouts = this.#layoutsOf(template);
    }
    const shape = shapeOf(request);
    return this.#layouts.get(shape) ?? this.#lay(request, shape);
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
    const { template, argumentsJson, fields } = request;
    if (this.#layouts.size >= MOST_SHAPES || this.#count >= MOST_LAYOUTS) {
      this.#misses += 1;
      if (this.#misses < MOST_MISSES) return undefined;
      this.#templates = new WeakMap();
      this.#count = 0;
      this.#misses = 0;
      this.#layouts = this.#layoutsOf(template);
    }
    const bytes = Buffer.from(this.#whole(request), 'latin1');
    const fieldsAt = this.#headAt + template.head.fieldsAt.text;
    const idAt = bytes.length - request.body.length + template.open.length;
    const idEnd = idAt + digitsOf(request.id);
    const argumentsAt = idEnd + template.afterId.length;
    const traceAt = argumentsAt + argumentsJson.length + template.afterArguments.length;
    const layout = { bytes, fieldsAt, fields, idAt, idEnd, argumentsAt, traceAt };
    this.#layouts.set(shape, layout);
    this.#count += 1;
    return layout;
  }
}

function shapeOf({ id, argumentsJson, fields }: CallRequest): number {
  const variable = digitsOf(id) * (MOST_FIELDS + 1) + fields.length;
  return variable * (MOST_ARGUMENTS + 1) + argumentsJson.length;
}

function digitsOf(id: number): number {
  let digits = 1;
  for (let bound = 10; id >= bound; bound *= 10) digits += 1;
  return digits;
}

function putDigits(value: number, bytes: Buffer, from: number, to: number): void {
  let left = value;
  for (let at = to - 1; at >= from; at -= 1) {
    const tenth = (left / 10) | 0;
    bytes[at] = ZERO + left - tenth * 10;
    left = tenth;
  }
}
