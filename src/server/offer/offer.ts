/** @module What an instance offers at present, and what it offers after a change. */
import type { OfferSettings } from '../../profile/settings.ts';
import type { CatalogueChange } from '../catalogue-change.ts';
import { moreTools, type Tool } from '../tools.ts';
import { type Fixtures, NO_FIXTURES } from './conformance/fixtures.ts';
import { morePrompts, type Prompt } from './prompts.ts';
import { moreResources, type Resource, type ResourceTemplate, resourceTemplates } from './resources.ts';

/** A list as it has been since version `since` of the catalogue. */
export interface Listing<Entry> {
  readonly since: number;
  readonly entries: readonly Entry[];
}

/** All that an instance offers. Never changes; a change makes another one. */
export interface Offer {
  /** How often the catalogue has changed: 0 at first. */
  readonly version: number;
  readonly tools: Listing<Tool>;
  readonly prompts: Listing<Prompt>;
  readonly resources: Listing<Resource>;
  readonly templates: Listing<ResourceTemplate>;
}

/** The offer that an instance with `tools` starts with, with `fixtures` after what the settings ask for. */
export function firstOffer(
  settings: OfferSettings,
  tools: readonly Tool[],
  fixtures: Fixtures = NO_FIXTURES,
): Offer {
  const { prompts, resources, resourceBytes, templates } = settings;
  return {
    version: 0,
    tools: { since: 0, entries: [...tools, ...fixtures.tools] },
    prompts: { since: 0, entries: [...morePrompts(0, prompts), ...fixtures.prompts] },
    resources: { since: 0, entries: [...moreResources(0, resources, resourceBytes), ...fixtures.resources] },
    templates: { since: 0, entries: [...resourceTemplates(templates), ...fixtures.templates] },
  };
}

/** `offer` after `change`: itself when it has that version already. Throws an error when the change names what it does not have. */
export function changedOffer(offer: Offer, change: CatalogueChange, { resourceBytes }: OfferSettings): Offer {
  const { version, what, renamed, added = 0, uri } = change;
  if (version <= offer.version) return offer;
  const { tools, prompts, resources } = offer;
  switch (what) {
    case 'tools': {
      const entries = renamed === undefined ? tools.entries : withName(tools.entries, renamed);
      const more = moreTools(entries, added);
      return { ...offer, version, tools: { since: version, entries: [...entries, ...more] } };
    }
    case 'prompts': {
      const generated = prompts.entries.filter(({ get }) => get === undefined).length;
      const more = morePrompts(generated, added);
      return { ...offer, version, prompts: { since: version, entries: [...prompts.entries, ...more] } };
    }
    case 'resources': {
      const generated = resources.entries.filter(({ content }) => content === undefined).length;
      const more = moreResources(generated, added, resourceBytes);
      return { ...offer, version, resources: { since: version, entries: [...resources.entries, ...more] } };
    }
    case 'resource': {
      // Its entry in the list is the same, so cursors stay valid.
      const entries = withNewText(resources.entries, uri);
      return { ...offer, version, resources: { ...resources, entries } };
    }
  }
}

function withName(
  tools: readonly Tool[],
  { from, to }: NonNullable<CatalogueChange['renamed']>,
): readonly Tool[] {
  if (!tools.some(({ name }) => name === from)) throw new Error(`there is no tool ${from} to rename`);
  if (tools.some(({ name }) => name === to)) throw new Error(`there is a tool ${to} already`);
  return tools.map((tool) => (tool.name === from ? { ...tool, name: to } : tool));
}

function withNewText(resources: readonly Resource[], uri: string | undefined): readonly Resource[] {
  if (!resources.some((resource) => resource.uri === uri)) throw new Error(`there is no resource ${uri}`);
  return resources.map((resource) =>
    resource.uri === uri ? { ...resource, edition: resource.edition + 1 } : resource,
  );
}
