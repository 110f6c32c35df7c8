/** @module The mix of calls, made once for all agents: what turns an arrival into a request. */
import type { CallSettings } from '../../profile/settings.ts';
import { compileTemplate, type Template, type TemplateContext } from '../../profile/template/template.ts';
import type { CallEncoder } from '../../protocol/call.ts';
import { type HeaderFields, NO_FIELDS } from '../../protocol/header-fields.ts';
import type { Request } from '../../protocol/request.ts';
import { type Random, randomAt } from '../../units/random.ts';
import type { Micros } from '../../units/time.ts';
import type { Arrival } from '../schedule/schedule.ts';
import { type AgentRequest, type CallContext, MEASURED, type Operation, UNMEASURED } from './caller.ts';

/** The calls of a mix. */
export interface Calls {
  /** The request of `arrival`, a function of the seed and the arrival alone. */
  requestOf(arrival: Arrival): AgentRequest;
}

/** What the calls of a mix are made of. */
export interface CallsOptions {
  readonly calls: readonly CallSettings[];
  readonly seed: number;
  /** Calls due before this time are warm-up, on the clock of the arrivals. */
  readonly measureFromUs: Micros;
  /** The encoder of a call in the era of the load. */
  readonly encoderOf: (call: CallSettings) => CallEncoder;
}

/** Compiles the mix. Throws a `UserError` for arguments or headers that are not legal. */
export function compileCalls({ calls, seed, measureFromUs, encoderOf }: CallsOptions): Calls {
  const values = new ArrivalValues(seed);
  const mix = calls.map((call) => new MixCall(call, encoderOf(call), values));
  return {
    requestOf: (arrival) =>
      new MixRequest(
        mix[arrival.call]!,
        arrival,
        arrival.dueUs >= measureFromUs ? MEASURED : UNMEASURED,
        NO_FIELDS,
      ),
  };
}

/** One call of the mix. */
class MixCall implements Operation {
  readonly method: string;
  readonly name: string | undefined;
  readonly isPaged: boolean;
  readonly #template: Template | undefined;
  readonly #encode: CallEncoder;
  readonly #values: ArrivalValues;

  constructor(call: CallSettings, encode: CallEncoder, values: ArrivalValues) {
    this.method = call.method;
    this.name = call.tool;
    this.isPaged = call.pages === 'all';
    this.#template =
      call.method === 'tools/call'
        ? compileTemplate(call.arguments ?? {}, `calls.${call.name}.arguments`)
        : undefined;
    this.#encode = encode;
    this.#values = values;
  }

  argumentsOf(arrival: Arrival): string | undefined {
    return this.#template?.render(this.#values.of(arrival));
  }

  encode(arrival: Arrival, fields: HeaderFields): Request {
    const ascii = this.#template === undefined || this.#template.ascii;
    return this.#encode(arrival.seq, this.argumentsOf(arrival), ascii, fields);
  }
}

/** A call of the mix on its way. */
class MixRequest implements AgentRequest {
  readonly operation: MixCall;
  readonly arrival: Arrival;
  readonly context: CallContext;
  readonly fields: HeaderFields;

  constructor(operation: MixCall, arrival: Arrival, context: CallContext, fields: HeaderFields) {
    this.operation = operation;
    this.arrival = arrival;
    this.context = context;
    this.fields = fields;
  }

  get argumentsJson(): string | undefined {
    return this.operation.argumentsOf(this.arrival);
  }

  plus(more: HeaderFields): MixRequest {
    return new MixRequest(this.operation, this.arrival, this.context, this.fields.plus(more));
  }

  encode(): Request {
    return this.operation.encode(this.arrival, this.fields);
  }
}

/** A template's view of an arrival, reused from call to call. The stream of draws is made only when a template asks for it. */
class ArrivalValues implements TemplateContext {
  agent = 0;
  seq = 0;
  readonly #seed: number;
  #random: Random | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get random(): Random {
    this.#random ??= randomAt(this.#seed, 'argument', this.seq);
    return this.#random;
  }

  of(arrival: Arrival): this {
    this.agent = arrival.agent;
    this.seq = arrival.seq;
    this.#random = undefined;
    return this;
  }
}
