/** @module The key `calls`: the weighted mix of calls, with templates in their arguments. */
import { z } from 'zod';
import type { CallMethod } from '../../protocol/call.ts';
import { PLACEHOLDERS } from '../template/placeholder.ts';
import { findTemplateProblems } from '../template/template.ts';
import { unreadTemplate } from '../template/unread.ts';
import { variantSection } from './section.ts';
import { choice, exactlyOne, isMapping, mapping, number, text, violationAt, withRule } from './values.ts';

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
  /** Only for `resources/read`. */
  readonly uri?: string;
  readonly weight: number;
  /** Only for lists: whether a list is read to its last page. */
  readonly pages?: PageSetting;
}

const PAGES = ['all', 'first'] as const;
type PageSetting = (typeof PAGES)[number];

const Arguments = withRule(z.looseObject({}, { error: 'a mapping of arguments' }), findTemplateProblems);

const Call = withRule(
  exactlyOne(
    mapping({
      tool: text('the name of a tool').optional().describe('Calls this tool (`tools/call`).'),
      list: choice(['tools']).optional().describe('Lists the tools (`tools/list`).'),
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
    ['tool', 'list'],
  ),
  ({ tool, list, arguments: given, pages }) => [
    ...violationAt(['tool'], unreadTemplate(tool)),
    ...violationAt(['arguments'], list === undefined || given === undefined ? undefined : NO_ARGUMENTS),
    ...violationAt(['pages'], tool === undefined || pages === undefined ? undefined : NO_PAGES),
  ],
);

const NO_ARGUMENTS = {
  what: 'cannot be combined with list',
  todo: 'a list takes no arguments; leave them out',
};
const NO_PAGES = { what: 'cannot be combined with tool', todo: 'only a list has pages; leave it out' };

export const calls = variantSection({
  schema: z
    .array(Call, { error: 'a list of calls' })
    .min(1, { error: 'at least one call' })
    .describe('The mix of calls, by weight.'),
  complete: (calls): { readonly calls: readonly CallSettings[] } => ({ calls: calls.map(completeCall) }),
  docs: `
## Templates

Strings in \`arguments\` may contain templates. A string that consists of a single numeric template becomes a JSON number. Random values are seeded:
the same seed gives the same arguments, byte for byte. Write \`\\{{\` for a literal \`{{\`. Where
no template is read, as in keys and in the name of a tool, it is an error.

| template | value |
| --- | --- |
${Object.values(PLACEHOLDERS)
  .map(({ usage, means }) => `| \`${usage}\` | ${means} |\n`)
  .join('')}`,
});

function completeCall(call: z.output<typeof Call>): CallSettings {
  const { tool, weight, pages = PAGES[0] } = call;
  if (tool === undefined) return { name: LIST, method: 'tools/list', weight, pages };
  return { name: nameOf(tool), method: 'tools/call', tool, arguments: call.arguments ?? {}, weight };
}

const LIST = 'tools/list';
const nameOf = (tool: string): string => `tools/call ${tool}`;

/** The names that the calls of a mix have in results. The mix may contain errors; entries that are not valid are skipped. */
export function callNames(calls: unknown): readonly string[] {
  return (Array.isArray(calls) ? (calls as readonly unknown[]) : []).flatMap((call) => {
    if (!isMapping(call)) return [];
    if (typeof call['tool'] === 'string') return nameOf(call['tool']);
    return call['list'] === 'tools' ? LIST : [];
  });
}
