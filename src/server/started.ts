/** @module What an instance offers when it starts: its tools, and all else that its settings ask for. */
import type { InstanceInput } from './instance.ts';
import type { JsonObject } from './json-object.ts';
import { conformanceFixtures, NO_FIXTURES } from './offer/conformance/fixtures.ts';
import { firstOffer, type Offer } from './offer/offer.ts';
import { type Tool, type ToolSet, toolSet } from './tools.ts';

/** An instance that has started. */
export interface Started extends Omit<ToolSet, 'tools'> {
  readonly offer: Offer;
  /** What a server of the era `stateless` says that it can do, beside what all of them can. */
  readonly capabilities: JsonObject;
}

/** What the instance of `input` starts with; `added`: tools beside those of the catalogue. */
export function started(
  { tools: settings, offer, seed, index }: InstanceInput,
  added: readonly Tool[] = [],
): Started {
  const { tools, methods, ...limits } = toolSet(settings, seed, index);
  const fixtures = offer.conformance === undefined ? NO_FIXTURES : conformanceFixtures(seed);
  return {
    ...limits,
    methods: { ...methods, ...fixtures.methods },
    capabilities: fixtures.capabilities,
    offer: firstOffer(offer, [...tools, ...added], fixtures),
  };
}
