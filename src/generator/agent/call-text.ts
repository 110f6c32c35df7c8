/** @module What a call says: its rendered arguments and trace context, a function of seed and arrival alone. */
import type { CallSettings } from '../../profile/settings.ts';
import { compileTemplate, type Template, type TemplateContext } from '../../profile/template/template.ts';
import { type TraceContexts, traceContexts } from '../../protocol/trace.ts';
import { type Random, randomAt } from '../../units/random.ts';
import type { Arrival } from '../schedule/schedule.ts';

/** Renders the variable parts of the calls of a mix. */
export interface CallText {
  /** `params.arguments` as JSON text; `undefined` for a call that has none. */
  argumentsOf(arrival: Arrival): string | undefined;
  /** Whether every rendering of the call's arguments is plain ASCII. */
  ascii(call: number): boolean;
  /** The W3C trace contexts of the calls, by their number. */
  readonly traces: TraceContexts;
}

/** Compiles the mix once. */
export function compileCalls(calls: readonly CallSettings[], seed: number): CallText {
  const templates = calls.map((call): Template | undefined =>
    call.method === 'tools/call'
      ? compileTemplate(call.arguments ?? {}, `calls.${call.name}.arguments`)
      : undefined,
  );
  const context = new ArrivalContext(seed);
  return {
    argumentsOf: (arrival) => templates[arrival.call]?.render(context.of(arrival)),
    ascii: (call) => templates[call]?.ascii ?? true,
    traces: traceContexts(seed),
  };
}

/** A template's view of an arrival, reused from call to call. The stream of draws is made only when a template asks for it. */
class ArrivalContext implements TemplateContext {
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
