/** @module A catalogue of plausible tools of any size: what makes a `tools/list` answer as large as real ones are. */
import { z } from 'zod';
import { generatedName, type ToolWords, toolWords } from '../../profile/tool-names.ts';

/** What a generated tool looks like; it does nothing but answer. */
export interface GeneratedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  /** Source: MCP, `ToolAnnotations`. */
  readonly annotations: Readonly<Record<string, boolean>>;
  /** What its answers have beside a text; absent of most tools. */
  readonly output?: { readonly schema: z.ZodObject; readonly value: Readonly<Record<string, unknown>> };
}

/** The place and the content of each system. */
const SYSTEMS: Readonly<Record<ToolWords['system'], readonly [place: string, content: string]>> = {
  issues: ['the issue tracker', 'issues and epics of all projects that the caller can see'],
  calendar: ['the shared calendar', 'meetings, rooms and absences of the whole organisation'],
  crm: ['the customer database', 'accounts, contacts and opportunities'],
  files: ['the document store', 'documents, folders and their versions'],
  billing: ['the billing system', 'invoices, payments and credit notes'],
  deploys: ['the deployment pipeline', 'releases and their rollouts in every environment'],
  tickets: ['the support desk', 'tickets of customers, with their history'],
  warehouse: ['the data warehouse', 'tables, queries and their results'],
  alerts: ['the alerting system', 'alerts, silences and on-call shifts'],
  wiki: ['the company wiki', 'pages, their attachments and discussions'],
};

interface Action {
  readonly title: string;
  readonly does: string;
  readonly hint: string;
  readonly kind: 'finds' | 'reads' | 'adds' | 'changes';
}

const ACTIONS: Readonly<Record<ToolWords['action'], Action>> = {
  search: {
    title: 'Search',
    does: 'Searches',
    hint: 'Use it before any other tool when the identifier is not known. Results are ordered by relevance, then by the time of the last change.',
    kind: 'finds',
  },
  get: {
    title: 'Read from',
    does: 'Reads one entry of',
    hint: 'Fails when the entry does not exist or the caller may not see it; both look the same, so that nobody learns what exists.',
    kind: 'reads',
  },
  list: {
    title: 'List',
    does: 'Lists entries of',
    hint: 'Pages through long results: pass the cursor of the previous page to go on, and stop when there is none.',
    kind: 'reads',
  },
  create: {
    title: 'Create in',
    does: 'Creates an entry in',
    hint: 'Returns the identifier of the new entry. Calling it twice creates two entries, unless the same idempotency key is given.',
    kind: 'adds',
  },
  update: {
    title: 'Change in',
    does: 'Changes an entry of',
    hint: 'Fields that are not given keep their values. Fails when somebody else has changed the entry since the given version.',
    kind: 'changes',
  },
  archive: {
    title: 'Archive in',
    does: 'Archives an entry of',
    hint: 'Archived entries can still be found, and restored by an administrator within ninety days.',
    kind: 'changes',
  },
  comment: {
    title: 'Comment in',
    does: 'Adds a comment to an entry of',
    hint: 'Mentioned people are notified, as are those who watch the entry. Comments cannot be changed later.',
    kind: 'adds',
  },
  export: {
    title: 'Export from',
    does: 'Exports entries of',
    hint: 'Large exports are made in the background; the answer says where they will appear and for how long they are kept.',
    kind: 'reads',
  },
};

const Period = z
  .object({
    from: z.string().optional().describe('Not before this time, in ISO 8601'),
    to: z.string().optional().describe('Before this time, in ISO 8601'),
  })
  .describe('A period of time; without an end it goes on');

const PARAMETERS: readonly (readonly [string, z.ZodType])[] = [
  ['query', z.string().describe('Words to look for; quote a phrase to match it exactly')],
  ['id', z.string().describe('Identifier as other tools return it')],
  ['limit', z.int().min(1).max(100).describe('How many entries to return at most')],
  ['cursor', z.string().describe('Where to go on, from the previous answer')],
  ['changed', Period.describe('Only entries that were last changed in this period')],
  [
    'state',
    z.enum(['open', 'in-progress', 'blocked', 'closed', 'archived']).describe('Only entries in this state'),
  ],
  ['labels', z.array(z.string()).describe('Labels that an entry must carry, all of them')],
  [
    'assignee',
    z
      .object({
        team: z.string().optional().describe('Short name of the team'),
        person: z.string().optional().describe('Address of the person in charge'),
      })
      .describe('Who is in charge: a team, a person, or one of a team'),
  ],
  ['priority', z.enum(['low', 'normal', 'high', 'urgent']).describe('How soon it matters')],
  ['body', z.string().describe('Text in Markdown; links to other entries are resolved')],
  ['dryRun', z.boolean().describe('Only say what would be done')],
];

const Answer = z.object({
  entries: z
    .array(
      z.object({
        id: z.string().describe('Identifier of the entry'),
        title: z.string(),
        changed: z.string().describe('Time of the last change, in ISO 8601'),
      }),
    )
    .describe('The entries found, in order'),
  next: z.string().optional().describe('Cursor of the next page; absent on the last one'),
});
const NOTHING = { entries: [] };

/** The `count` generated tools after the first `from`. Always the same ones, so that lists of two servers can be compared. */
export function generatedTools(from: number, count: number): readonly GeneratedTool[] {
  return Array.from({ length: count }, (_, index) => generatedTool(from + index));
}

function generatedTool(index: number): GeneratedTool {
  const { system, action: verb, round } = toolWords(index);
  const action = ACTIONS[verb];
  const [place, content] = SYSTEMS[system];
  const { kind } = action;
  return {
    name: generatedName(index),
    title: `${action.title} ${place}${round === 0 ? '' : ` (${round + 1})`}`,
    description: `${action.does} ${place}: ${content}. ${action.hint}`,
    schema: schemaOf(index),
    annotations: {
      readOnlyHint: kind === 'finds' || kind === 'reads',
      destructiveHint: kind === 'changes',
      idempotentHint: kind !== 'adds',
      openWorldHint: false,
    },
    ...(kind === 'finds' && { output: { schema: Answer, value: NOTHING } }),
  };
}

/** How many distinct schemas there are: as many as it takes until the number of parameters and the first of them meet again. */
const SCHEMAS = 4 * PARAMETERS.length;
const made = new Map<number, z.ZodObject>();

/** Three to six parameters, the first one required. Tools share schemas, so that what is made of one need not be made for every tool. */
function schemaOf(index: number): z.ZodObject {
  const kind = index % SCHEMAS;
  const schema = made.get(kind) ?? z.object(parametersOf(kind));
  made.set(kind, schema);
  return schema;
}

function parametersOf(index: number): Record<string, z.ZodType> {
  const chosen = Array.from(
    { length: 3 + (index % 4) },
    (_, i) => PARAMETERS[(index + 3 * i) % PARAMETERS.length]!,
  );
  return Object.fromEntries(chosen.map(([name, type], i) => [name, i === 0 ? type : type.optional()]));
}
