/** @module The key `calls`: the weighted mix of calls, with templates in their arguments. */
import { z } from 'zod';
import type { CallMethod } from '../../protocol/call.ts';
import { PLACEHOLDERS } from '../template/placeholder.ts';
import { findTemplateProblems } from '../template/template.ts';
import { unreadTemplate } from '../template/unread.ts';
import { unsupportedDiscover } from '../unsupported.ts';
import { eraOf } from './endpoint.ts';
import { variantSection } from './section.ts';
import {
  choice,
  exactlyOne,
  isMapping,
  type Mapping,
  mapping,
  number,
  type RuleProblem,
  text,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** One entry of the weighted mix. */
export interface CallSettings {
  /** Its name in results: `tools/call echo`, `tools/list`, `resources/read file:///a`. */
  readonly name: string;
  readonly method: CallMethod;
  /** Only for `tools/call`. */
  readonly tool?: string;
  /**
   * `params.arguments` with its `{{...}}` placeholders, as written in the profile; already checked to compile (`compileTemplate`).
   * Not compiled, so that settings can be passed to another thread. Only for `tools/call`.
   */
  readonly arguments?: unknown;
  /** With its `{{...}}` placeholders, like {@link arguments}. Only for `resources/read`. */
  readonly uri?: string;
  readonly weight: number;
  /** Only for lists: whether a list is read to its last page. */
  readonly pages?: PageSetting;
}

const PAGES = ['all', 'first'] as const;
type PageSetting = (typeof PAGES)[number];

/** What `list` lists, and the method that lists it. */
const LISTS = {
  tools: 'tools/list',
  resources: 'resources/list',
  templates: 'resources/templates/list',
  prompts: 'prompts/list',
} as const satisfies Readonly<Record<string, CallMethod>>;
type Listed = keyof typeof LISTS;
const LISTED = Object.keys(LISTS) as [Listed, ...Listed[]];

/** The keys of which a call has exactly one. */
const KINDS = ['tool', 'list', 'read', 'discover'] as const;

const Arguments = withRule(z.looseObject({}, { error: 'a mapping of arguments' }), findTemplateProblems);

const Call = withRule(
  exactlyOne(
    mapping({
      tool: text('the name of a tool').optional().describe('Calls this tool (`tools/call`).'),
      list: choice(LISTED)
        .optional()
        .describe(
          'Lists the tools (`tools/list`), the resources, the templates of resources (`resources/templates/list`) or the prompts.',
        ),
      read: text('the URI of a resource')
        .optional()
        .describe(
          'Reads the resource with this URI (`resources/read`), in which `{{templates}}` are allowed: `paceline://resource/{{zipf 100 1}}`.',
        ),
      discover: z
        .literal(true, { error: 'true' })
        .optional()
        .describe('Asks what the server is and can do (`server/discover`). Only in the era `stateless`.'),
      pages: choice(PAGES)
        .optional()
        .describe(
          'Of a list: `all` (the default) asks for every page, as clients do, and counts them as one call; `first` asks for the first page only.',
        ),
      arguments: Arguments.optional().describe(
        'Arguments of the tool: any JSON, with `{{templates}}` in its strings (see below).',
      ),
      weight: number({ above: 0, max: 1e6 })
        .default(1)
        .describe('Share of this call in the mix, relative to the others.'),
    }),
    KINDS,
  ),
  (call) => {
    const kind = KINDS.find((each) => call[each] !== undefined);
    return [
      ...violationAt(['tool'], unreadTemplate(call['tool'])),
      ...(typeof call['read'] === 'string' ? templateProblems(call['read']) : []),
      ...violationAt(['arguments'], onlyWith(kind, 'tool', call['arguments'], NO_ARGUMENTS)),
      ...violationAt(['pages'], onlyWith(kind, 'list', call['pages'], NO_PAGES)),
    ];
  },
);

const templateProblems = (uri: string): readonly Violation[] =>
  findTemplateProblems(uri).map(({ problem }) => ({ path: ['read'], problem }));

const NO_ARGUMENTS = 'only a tool takes arguments; leave them out';
const NO_PAGES = 'only a list has pages; leave it out';

type Kind = (typeof KINDS)[number];

/** The problem of `value` in a call of `kind`, if it is allowed in calls of another kind only. */
function onlyWith(
  kind: Kind | undefined,
  allowed: Kind,
  value: unknown,
  todo: string,
): RuleProblem | undefined {
  if (kind === undefined || kind === allowed || value === undefined) return undefined;
  return { what: `cannot be combined with ${kind}`, todo };
}

export const calls = variantSection({
  schema: z
    .array(Call, { error: 'a list of calls' })
    .min(1, { error: 'at least one call' })
    .describe('The mix of calls, by weight.'),
  rule(profile) {
    const { era, setBy } = eraOf(profile);
    const list: readonly unknown[] = Array.isArray(profile['calls']) ? profile['calls'] : [];
    return list.flatMap((call, index) => {
      const discovers = isMapping(call) && call['discover'] === true;
      return violationAt(
        ['calls', index, 'discover'],
        discovers && era !== undefined ? unsupportedDiscover(era, setBy) : undefined,
      );
    });
  },
  complete: (calls): { readonly calls: readonly CallSettings[] } => ({ calls: calls.map(completeCall) }),
  docs: `
## Templates

Strings in \`arguments\`, and the URI of \`read\`, may contain templates. A string that consists of a single numeric template becomes a JSON number. Random values are seeded:
the same seed gives the same arguments, byte for byte. Write \`\\{{\` for a literal \`{{\`. Where
no template is read, as in keys and in the name of a tool, it is an error.

| template | value |
| --- | --- |
${Object.values(PLACEHOLDERS)
  .map(({ usage, means }) => `| \`${usage}\` | ${means} |\n`)
  .join('')}`,
});

function completeCall(call: z.output<typeof Call>): CallSettings {
  const { weight } = call;
  const name = nameOf(call)!;
  if (call.tool !== undefined)
    return { name, method: 'tools/call', tool: call.tool, arguments: call.arguments ?? {}, weight };
  if (call.read !== undefined) return { name, method: 'resources/read', uri: call.read, weight };
  if (call.list === undefined) return { name, method: DISCOVER, weight };
  return { name, method: LISTS[call.list], weight, pages: call.pages ?? PAGES[0] };
}

const DISCOVER = 'server/discover';

/** The name of a call in results; `undefined` when the call is not valid. */
function nameOf({ tool, list, read, discover }: Mapping): string | undefined {
  if (typeof tool === 'string') return `tools/call ${tool}`;
  if (typeof read === 'string') return `resources/read ${read}`;
  if (typeof list === 'string' && Object.hasOwn(LISTS, list)) return LISTS[list as Listed];
  return discover === true ? DISCOVER : undefined;
}

/** The names that the calls of a mix have in results. The mix may contain errors; entries that are not valid are skipped. */
export function callNames(calls: unknown): readonly string[] {
  return (Array.isArray(calls) ? (calls as readonly unknown[]) : []).flatMap((call) =>
    isMapping(call) ? (nameOf(call) ?? []) : [],
  );
}
