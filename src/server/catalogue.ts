/** @module A catalogue of plausible tools of any size: what makes a `tools/list` answer as large as real ones are. */
import { z } from 'zod';

/** What a generated tool looks like; it does nothing but answer. */
export interface CatalogueEntry {
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodObject;
}

const SYSTEMS = [
  ['issues', 'the issue tracker'],
  ['calendar', 'the shared calendar'],
  ['crm', 'the customer database'],
  ['files', 'the document store'],
  ['billing', 'the billing system'],
  ['deploys', 'the deployment pipeline'],
  ['tickets', 'the support desk'],
  ['warehouse', 'the data warehouse'],
  ['alerts', 'the alerting system'],
  ['wiki', 'the company wiki'],
] as const;

const ACTIONS = [
  ['search', 'Searches', 'Use it before any other tool when the identifier is not known.'],
  ['get', 'Reads one entry of', 'Fails when the entry does not exist or the caller may not see it.'],
  ['list', 'Lists entries of', 'Pages through long results; pass the cursor of the previous page to go on.'],
  ['create', 'Creates an entry in', 'Returns the identifier of the new entry.'],
  ['update', 'Changes an entry of', 'Fields that are not given keep their values.'],
  [
    'archive',
    'Archives an entry of',
    'Archived entries can still be found, and restored by an administrator.',
  ],
  ['comment', 'Adds a comment to an entry of', 'Mentioned people are notified.'],
  [
    'export',
    'Exports entries of',
    'Large exports are made in the background; the answer says where they will appear.',
  ],
] as const;

const PARAMETERS: readonly (readonly [string, z.ZodType])[] = [
  ['query', z.string().describe('Words to look for; quote a phrase to match it exactly')],
  ['id', z.string().describe('Identifier as other tools return it')],
  ['limit', z.int().min(1).max(100).describe('How many entries to return at most')],
  ['cursor', z.string().describe('Where to go on, from the previous answer')],
  ['since', z.string().describe('Only entries changed at or after this time, in ISO 8601')],
  ['state', z.enum(['open', 'closed', 'archived']).describe('Only entries in this state')],
  ['labels', z.array(z.string()).describe('Labels that an entry must carry, all of them')],
  ['assignee', z.string().describe('Name of the person in charge')],
  ['priority', z.enum(['low', 'normal', 'high', 'urgent']).describe('How soon it matters')],
  ['body', z.string().describe('Text in Markdown')],
  ['dryRun', z.boolean().describe('Only say what would be done')],
];

/** The first `count` generated tools. Always the same ones, so that lists of two servers can be compared. */
export function catalogue(count: number): readonly CatalogueEntry[] {
  return Array.from({ length: count }, (_, index) => entry(index));
}

function entry(index: number): CatalogueEntry {
  const [system, place] = SYSTEMS[index % SYSTEMS.length]!;
  const [action, does, hint] = ACTIONS[Math.floor(index / SYSTEMS.length) % ACTIONS.length]!;
  const round = Math.floor(index / (SYSTEMS.length * ACTIONS.length));
  const name = `${system}_${action}${round === 0 ? '' : `_${round + 1}`}`;
  return { name, description: `${does} ${place}. ${hint}`, schema: z.object(parametersOf(index)) };
}

/** Three to six parameters, the first one required. */
function parametersOf(index: number): Record<string, z.ZodType> {
  const chosen = Array.from(
    { length: 3 + (index % 4) },
    (_, i) => PARAMETERS[(index + 3 * i) % PARAMETERS.length]!,
  );
  return Object.fromEntries(chosen.map(([name, type], i) => [name, i === 0 ? type : type.optional()]));
}
