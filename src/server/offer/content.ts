/** @module The content of the results of lists, reads and prompts, the same for every server; each adds what its era says beside it. */
import type { OfferSettings } from '../../profile/settings.ts';
import type { ToolRequest } from '../tool-answer.ts';
import type { Tool } from '../tools.ts';
import { definitionOf } from './definition.ts';
import type { Listing, Offer } from './offer.ts';
import { type ListMethod, pageOf } from './pages.ts';
import { promptEntry, promptResult } from './prompts.ts';
import { contentsOf, isRecord, resourceEntry, templateEntry } from './resources.ts';

type ListSettings = Pick<OfferSettings, 'pageSize'>;

/** The page of the list `method` at `cursor`; of `tools/list`, of those of its tools that are in `shown`. `undefined` for a cursor that is not valid. */
export function listContent(
  method: ListMethod,
  offer: Offer,
  settings: ListSettings,
  cursor: unknown,
  shown: readonly Tool[] = offer.tools.entries,
): object | undefined {
  const paged = <Entry>(member: string, listing: Listing<Entry>, show: (entry: Entry) => object) => {
    const page = pageOf(method, listing, settings.pageSize, cursor);
    if (page === undefined) return undefined;
    const { entries, nextCursor } = page;
    return { [member]: entries.map(show), ...(nextCursor !== undefined && { nextCursor }) };
  };
  const { tools, prompts, resources, templates } = offer;
  switch (method) {
    case 'tools/list':
      return paged('tools', { ...tools, entries: shown }, definitionOf);
    case 'prompts/list':
      return paged('prompts', prompts, promptEntry);
    case 'resources/list':
      return paged('resources', resources, resourceEntry);
    case 'resources/templates/list':
      return paged('resourceTemplates', templates, templateEntry);
  }
}

/** What `resources/read` gives; `undefined` when there is no such resource. */
export function readContent(
  offer: Offer,
  { resourceBytes }: OfferSettings,
  uri: unknown,
): object | undefined {
  if (typeof uri !== 'string') return undefined;
  const { resources, templates } = offer;
  if (isRecord(uri, templates.entries)) {
    return { contents: contentsOf({ uri, bytes: resourceBytes, edition: 0 }) };
  }
  const resource = resources.entries.find((each) => each.uri === uri);
  if (resource !== undefined) return { contents: contentsOf(resource) };
  for (const { read } of templates.entries) {
    const content = read?.(uri);
    if (content !== undefined) return { contents: [{ uri, ...content }] };
  }
  return undefined;
}

/** What `prompts/get` gives; `undefined` when there is no such prompt. */
export function promptContent(offer: Offer, request: ToolRequest): object | undefined {
  const { name, arguments: given } = request.params;
  const prompt = offer.prompts.entries.find((each) => each.name === name);
  if (prompt?.get !== undefined) return prompt.get(request).members;
  return prompt && promptResult(prompt, given);
}
