/** @module The mix of calls, made once for all agents: what turns an arrival into a request. */
import type { CallSettings } from '../../profile/settings.ts';
import { SAVED } from '../../profile/template/placeholder.ts';
import {
  compileTemplate,
  compileTextTemplate,
  type Reference,
  type ReferenceContext,
  referencesIn,
  type Template,
  type TextTemplate,
} from '../../profile/template/template.ts';
import { type CallEncoder, NAMED_BY, subjectOf } from '../../protocol/call.ts';
import { type CallArguments, jsonText } from '../../protocol/call-arguments.ts';
import { type HeaderFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import { type Random, Sequences } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';
import { type AgentRequest, type CallContext, MEASURED, type Operation, UNMEASURED } from './caller.ts';
import type { DataValues } from './data-values.ts';
import type { ReplayedValues } from './replayed-values.ts';

/** The calls of a mix. */
export interface Calls {
  /** The request of `arrival`, a function of the seed and the arrival alone: made of the one that is `used` up, if there is one. */
  requestOf(arrival: Arrival, used?: AgentRequest): AgentRequest;
}

/** What the calls of a mix are made of. */
export interface CallsOptions {
  readonly calls: readonly CallSettings[];
  readonly seed: number;
  /** Calls due before this time are warm-up, on the clock of the arrivals. */
  readonly measureFromUs: Micros;
  /** Rows that calls refer to. Absent: none. */
  readonly data?: DataValues | undefined;
  /** A replay: what gives calls their arguments, instead of the mix. */
  readonly replayed?: ReplayedValues | undefined;
  /** The encoder of a call in the era of the load. */
  readonly encoderOf: (call: CallSettings) => CallEncoder;
}

/** Compiles the mix. Throws a `UserError` for arguments or headers that are not legal. */
export function compileCalls({ calls, seed, measureFromUs, data, replayed, encoderOf }: CallsOptions): Calls {
  const values = new ArrivalValues(seed, data);
  const mix = calls.map((call) => new MixEntry(call, encoderOf, values, replayed));
  return {
    requestOf(arrival, used) {
      const operation = mix[arrival.call]!.at(arrival);
      const context = arrival.dueUs >= measureFromUs ? MEASURED : UNMEASURED;
      if (!(used instanceof MixRequest)) return new MixRequest(operation, arrival, context, NO_FIELDS);
      used.renew(operation, arrival, context);
      return used;
    },
  };
}

/** What one entry of the mix may be applied to at most before its operations are made anew: reads may have a URI of their own each. */
const MOST_NAMES = 10_000;

/** One entry of the mix, and the operations that it is: several when what it is applied to is a template, or when agents call a tool by another name. */
class MixEntry {
  readonly #call: CallSettings;
  readonly #encoderOf: CallsOptions['encoderOf'];
  readonly #values: ArrivalValues;
  readonly #replayed: ReplayedValues | undefined;
  /** Those that are a function of number and agent, of which nothing is made for a call. */
  readonly #arguments: CallArguments | undefined;
  /** Those that are not: they refer to values of other calls or of data, or are params without a key of their own. */
  readonly #text: ((values: ArrivalValues) => string) | undefined;
  readonly #subject: TextTemplate | undefined;
  /** As written; of a template as well, so that headers that are not legal are found before the load. */
  readonly #written: MixCall;
  readonly #named = new Map<string, MixCall>();
  /** Those of a template by the JSON text of what it is applied to. */
  readonly #bySubject = new Map<string, MixCall>();

  constructor(
    call: CallSettings,
    encoderOf: CallsOptions['encoderOf'],
    values: ArrivalValues,
    replayed: ReplayedValues | undefined,
  ) {
    this.#replayed = replayed;
    this.#call = call;
    this.#encoderOf = encoderOf;
    this.#values = values;
    const where = `calls.${call.name}`;
    const { params = {} } = call;
    const args = call.arguments ?? (call.method === 'tools/call' ? {} : undefined);
    if (args === undefined) {
      const template =
        Object.keys(params).length > 0 ? compileTextTemplate(params, `${where}.params`) : undefined;
      this.#text = template && ((present) => template.render(present).slice(1, -1));
    } else if (referencesIn(args).length > 0) {
      const template = compileTextTemplate(args, `${where}.arguments`);
      this.#text = (present) => template.render(present);
    } else this.#arguments = new MixArguments(compileTemplate(args, `${where}.arguments`), values);
    this.#subject = subjectTemplate(call, where);
    this.#written = this.#operation(call);
  }

  /** The operation of `arrival`. */
  at(arrival: Arrival): MixCall {
    if (this.#subject === undefined) return this.#written;
    const text = this.#subject.render(this.#values.at(arrival));
    return remembered(this.#bySubject, text, () => this.named(stringOf(JSON.parse(text))));
  }

  /** The operation applied to `name`. */
  named(name: string): MixCall {
    const key = subjectKey(this.#call);
    if (key === undefined) return this.#written;
    return remembered(this.#named, name, () => this.#operation({ ...this.#call, [key]: name }));
  }

  /** The arguments of the call of `arrival`. */
  argumentsOf(arrival: Arrival): CallArguments | undefined {
    if (this.#replayed !== undefined) {
      const text = this.#replayed.argumentsOf(arrival, this.#call.method);
      return text === undefined ? undefined : jsonText(text);
    }
    return this.#text === undefined ? this.#arguments : jsonText(this.#text(this.#values.at(arrival)));
  }

  #operation(call: CallSettings): MixCall {
    return new MixCall(this, call, this.#encoderOf(call));
  }
}

/** The member of a call that says what it is applied to. */
function subjectKey({ method }: CallSettings): 'tool' | 'uri' | 'prompt' | 'subject' | undefined {
  if (method === 'tools/call') return 'tool';
  if (method === 'prompts/get') return 'prompt';
  if (method === 'resources/read') return 'uri';
  return NAMED_BY[method] === undefined ? undefined : 'subject';
}

/** Undefined when the call is applied to the same each time. */
function subjectTemplate(
  { method, uri, params = {} }: CallSettings,
  where: string,
): TextTemplate | undefined {
  const named = NAMED_BY[method];
  const [subject, key] = named === undefined ? [uri, 'read'] : [params[named], `params.${named}`];
  if (subject === undefined) return undefined;
  if (referencesIn(subject).length > 0) return compileTextTemplate(subject, `${where}.${key}`);
  return named !== undefined || uri?.includes('{{') ? compileTemplate(subject, `${where}.${key}`) : undefined;
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function remembered(map: Map<string, MixCall>, key: string, make: () => MixCall): MixCall {
  let value = map.get(key);
  if (value === undefined) {
    if (map.size >= MOST_NAMES) map.clear();
    value = make();
    map.set(key, value);
  }
  return value;
}

/** One operation of an entry of the mix. */
class MixCall implements Operation {
  readonly method: string;
  readonly name: string | undefined;
  readonly isPaged: boolean;
  readonly entry: MixEntry;
  readonly #encode: CallEncoder;

  constructor(entry: MixEntry, call: CallSettings, encode: CallEncoder) {
    this.method = call.method;
    this.name = subjectOf(call);
    this.isPaged = call.pages === 'all';
    this.entry = entry;
    this.#encode = encode;
  }

  encode(arrival: Arrival, fields: HeaderFields): Request {
    return this.#encode(arrival.seq, this.entry.argumentsOf(arrival), fields, arrival.agent);
  }
}

/** A call of the mix on its way. */
class MixRequest implements AgentRequest {
  operation: MixCall;
  arrival: Arrival;
  context: CallContext;
  fields: HeaderFields;

  constructor(operation: MixCall, arrival: Arrival, context: CallContext, fields: HeaderFields) {
    this.operation = operation;
    this.arrival = arrival;
    this.context = context;
    this.fields = fields;
  }

  /** Makes it the request of another call. */
  renew(operation: MixCall, arrival: Arrival, context: CallContext): void {
    this.operation = operation;
    this.arrival = arrival;
    this.context = context;
    this.fields = NO_FIELDS;
  }

  get argumentsJson(): string | undefined {
    const { seq, agent } = this.arrival;
    return this.operation.entry.argumentsOf(this.arrival)?.text(seq, agent);
  }

  plus(more: HeaderFields): MixRequest {
    return new MixRequest(this.operation, this.arrival, this.context, this.fields.plus(more));
  }

  named(name: string): MixRequest {
    return new MixRequest(this.operation.entry.named(name), this.arrival, this.context, this.fields);
  }

  encode(): Request {
    return this.operation.encode(this.arrival, this.fields);
  }
}

/** The arguments of an entry of the mix. */
class MixArguments implements CallArguments {
  readonly ascii: boolean;
  readonly most: number;
  readonly fixed: boolean;
  readonly #template: Template;
  readonly #values: ArrivalValues;

  constructor(template: Template, values: ArrivalValues) {
    this.ascii = template.ascii;
    this.most = template.most;
    this.fixed = template.fixed;
    this.#template = template;
    this.#values = values;
  }

  put(seq: number, agent: number, bytes: Buffer, at: number): number {
    return this.#template.put(this.#values.of(seq, agent), bytes, at);
  }

  text(seq: number, agent: number): string {
    return this.#template.render(this.#values.of(seq, agent));
  }
}

/** A template's view of an arrival, reused from call to call. Draws begin only when a template asks for them. */
class ArrivalValues implements ReferenceContext {
  agent = 0;
  seq = 0;
  #saved: Arrival['saved'] = undefined;
  readonly #sequences: Sequences;
  #drawing = false;

  readonly #data: DataValues | undefined;

  constructor(seed: number, data: DataValues | undefined) {
    this.#data = data;
    this.#sequences = new Sequences(seed, 'argument');
  }

  get random(): Random {
    if (!this.#drawing) {
      this.#drawing = true;
      this.#sequences.at(this.seq);
    }
    return this.#sequences;
  }

  of(seq: number, agent: number): this {
    this.agent = agent;
    this.seq = seq;
    this.#drawing = false;
    return this;
  }

  at({ seq, agent, saved }: Arrival): this {
    this.#saved = saved;
    return this.of(seq, agent);
  }

  valueOf(reference: Reference): unknown {
    if (reference.source === SAVED) return this.#saved?.[reference.field] ?? null;
    return this.#data?.valueOf(reference, this.seq);
  }
}
