/** @module All that the official conformance suite needs a server to offer, for servers that `fleet.offer.conformance` asks for it. */
import type { JsonObject } from '../../../protocol/json-object.ts';
import type { OfferedMethod } from '../../tool-answer.ts';
import type { Tool } from '../../tools.ts';
import type { Prompt } from '../prompts.ts';
import type { Resource, ResourceTemplate } from '../resources.ts';
import { askingTools } from './asking-tools.ts';
import { complete } from './completion.ts';
import { CONTENT_TOOLS } from './content-tools.ts';
import { CONFORMANCE_PROMPTS } from './prompts.ts';
import { stateSeal } from './request-state.ts';
import { CONFORMANCE_RESOURCES, CONFORMANCE_TEMPLATES } from './resources.ts';

/** What is offered in addition. */
export interface Fixtures {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  readonly methods: Readonly<Record<string, OfferedMethod>>;
  readonly capabilities: JsonObject;
}

/** What an instance offers in addition that is not asked for it. */
export const NO_FIXTURES: Fixtures = {
  tools: [],
  prompts: [],
  resources: [],
  templates: [],
  methods: {},
  capabilities: {},
};

/** The fixtures of a fleet of `seed`, the same in all of its instances. */
export function conformanceFixtures(seed: number): Fixtures {
  return {
    tools: [...CONTENT_TOOLS, ...askingTools(stateSeal(seed))],
    prompts: CONFORMANCE_PROMPTS,
    resources: CONFORMANCE_RESOURCES,
    templates: CONFORMANCE_TEMPLATES,
    methods: { 'completion/complete': complete },
    capabilities: { completions: {} },
  };
}
