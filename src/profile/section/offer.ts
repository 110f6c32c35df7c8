/** @module `fleet.offer`: what the built-in servers offer beside tools, how they divide lists into pages, and the cache hints of each method. */
import type { z } from 'zod';
import type { CacheScope } from '../../protocol/caching/hints.ts';
import { CACHEABLE_METHODS, type CacheableMethod } from '../../protocol/caching/methods.ts';
import { DAY, type Millis, parseDuration } from '../../units/time.ts';
import type { ToolSettings } from './tools.ts';
import { bytes, choice, duration, flag, integer, mapping, parseBytes } from './values.ts';

/** The cache hints of the results of one method. */
export interface MethodHint {
  readonly ttlMs: Millis;
  readonly cacheScope: CacheScope;
}

export interface OfferSettings {
  /** Entries per page of every list. Absent: a list is one page. */
  readonly pageSize?: number;
  /** Number of resources; their URIs are `paceline://resource/1` and so on. */
  readonly resources: number;
  /** Size of the text of each resource. */
  readonly resourceBytes: number;
  readonly templates: number;
  readonly prompts: number;
  /** Whether it also offers what the official conformance suite calls. Absent: it does not. */
  readonly conformance?: true;
  /** Of every method, defaults filled in. */
  readonly hints: Readonly<Record<CacheableMethod, MethodHint>>;
}

const Hint = mapping({
  ttl: duration(0, DAY).optional().describe('For how long it may be cached. Default: `fleet.tools.ttl`.'),
  cacheScope: choice(['public', 'private'])
    .optional()
    .describe('Who may cache it. Default: `fleet.tools.cacheScope`.'),
});

export const Offer = mapping({
  pageSize: integer(1, 10_000)
    .optional()
    .describe('Entries on a page of every list. Default: each list is one page.'),
  resources: integer(0, 10_000)
    .default(0)
    .describe('How many resources `resources/list` names: `paceline://resource/1` and so on.'),
  resourceBytes: bytes(4 * 1024 ** 2)
    .default(4096)
    .describe('Size of the text of a resource.'),
  templates: integer(0, 10_000)
    .default(0)
    .describe(
      'How many templates of URIs `resources/templates/list` names: `paceline://records/1/{id}` and so on.',
    ),
  prompts: integer(0, 10_000).default(0).describe('How many prompts `prompts/list` names.'),
  conformance: flag()
    .optional()
    .describe(
      'Also offer the tools, prompts and resources that the official conformance suite of MCP calls. Default: false.',
    ),
  hints: mapping(
    Object.fromEntries(
      CACHEABLE_METHODS.map((method) => [method, Hint.optional().describe(`Of \`${method}\`.`)]),
    ) as Record<CacheableMethod, z.ZodOptional<typeof Hint>>,
  )
    .default({})
    .describe('Cache hints of single methods, in place of those in `fleet.tools`.'),
});

/** The settings for what the profile offers, or for the defaults; `tools` give the hints of methods that have none of their own. */
export function completeOffer(
  tools: Pick<ToolSettings, 'ttlMs' | 'cacheScope'>,
  offer: z.output<typeof Offer> = Offer.parse({}),
): OfferSettings {
  const { pageSize, resources, resourceBytes, templates, prompts, conformance, hints } = offer;
  const complete = CACHEABLE_METHODS.map((method): [CacheableMethod, MethodHint] => {
    const { ttl, cacheScope = tools.cacheScope } = hints[method] ?? {};
    return [method, { ttlMs: ttl === undefined ? tools.ttlMs : parseDuration(ttl)! / 1000, cacheScope }];
  });
  return {
    ...(pageSize !== undefined && { pageSize }),
    resources,
    resourceBytes: parseBytes(resourceBytes)!,
    templates,
    prompts,
    ...(conformance && { conformance }),
    hints: Object.fromEntries(complete) as Record<CacheableMethod, MethodHint>,
  };
}

export const OFFER_DOCS = `
## What the built-in servers offer

\`fleet.tools.catalogue\` tools have about 1 KB each in \`tools/list\`, as tools of real servers do: a list of 1,000 is about 1 MB. \`fleet.offer\` adds
resources, templates and prompts, and divides every list into pages of \`pageSize\` entries. In the era \`stateless\` every cacheable result has
\`ttlMs\` and \`cacheScope\`, and in \`_meta\` the key \`paceline/catalogueVersion\`: how often the events \`changeCatalogue\` and \`updateResource\`
have changed what the instance offers. A list that depends on the caller (\`auth.policy\`) is \`private\`, whatever is configured.

With \`conformance: true\` a server of the era \`stateless\` also offers what the official conformance suite calls; [conformance](conformance.md)
shows how to run it.

\`\`\`yaml
fleet:
  server: lean
  tools: { catalogue: 1000, ttl: 30s }
  offer:
    pageSize: 100
    resources: 50
    hints:
      resources/read: { ttl: 5s, cacheScope: private }
variants:
  - { name: short, fleet.tools.ttl: 1s } # every method without a hint of its own
  - { name: uncached-reads, fleet.offer.hints.resources/read.ttl: 0s }
\`\`\`
`;
