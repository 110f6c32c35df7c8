/** @module One call of the mix: which method, applied to what, with which arguments. */
import { z } from 'zod';
import type { CacheableMethod } from '../../protocol/caching/methods.ts';
import { findTemplateProblems } from '../template/template.ts';
import { unreadTemplate } from '../template/unread.ts';
import {
  choice,
  isMapping,
  type Mapping,
  type RuleProblem,
  text,
  type Violation,
  violationAt,
  withRule,
} from './values.ts';

/** One kind of call: an entry of the weighted mix, or a step of a flow. */
export interface CallSettings {
  /** Its name in results: `tools/call echo`, `tools/list`, `resources/read file:///a`; of a step of a flow `order / tools/call add`. */
  readonly name: string;
  /** The JSON-RPC method. */
  readonly method: string;
  /** Only for `tools/call`. */
  readonly tool?: string;
  /**
   * `params.arguments` with its `{{...}}` placeholders, as written in the profile; already checked to compile (`compileTemplate`).
   * Not compiled, so that settings can be passed to another thread. Only for `tools/call` and `prompts/get`.
   */
  readonly arguments?: unknown;
  /** With its `{{...}}` placeholders, like {@link arguments}. Only for `resources/read`. */
  readonly uri?: string;
  /** Only for `prompts/get`. */
  readonly prompt?: string;
  /** All `params` with their `{{...}}` placeholders, like {@link arguments}. Only for a method that no other key makes. */
  readonly params?: Mapping;
  /** 0 of a step: its flow has a weight. */
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
} as const satisfies Readonly<Record<string, CacheableMethod>>;
type Listed = keyof typeof LISTS;
const LISTED = Object.keys(LISTS) as [Listed, ...Listed[]];

/** The keys of which a call has exactly one. */
export const CALL_KINDS = ['tool', 'list', 'read', 'prompt', 'discover', 'method'] as const;
type Kind = (typeof CALL_KINDS)[number];

/** Methods that have a key of their own. */
const OWN_KEYS: Readonly<Record<string, string>> = {
  'tools/call': 'tool',
  'resources/read': 'read',
  'prompts/get': 'prompt',
  'server/discover': 'discover',
  ...Object.fromEntries(Object.entries(LISTS).map(([listed, method]) => [method, `list: ${listed}`])),
};

const templated = (error: string) => withRule(z.looseObject({}, { error }), findTemplateProblems);

/** The keys of a call, of which {@link callRule} finds wrong combinations. */
export const CALL_KEYS = {
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
  prompt: text('the name of a prompt').optional().describe('Gets this prompt (`prompts/get`).'),
  discover: z
    .literal(true, { error: 'true' })
    .optional()
    .describe('Asks what the server is and can do (`server/discover`). Only in the era `stateless`.'),
  method: text('a JSON-RPC method such as completion/complete')
    .optional()
    .describe('Makes a request of any other JSON-RPC method, with `params`.'),
  pages: choice(PAGES)
    .optional()
    .describe(
      'Of a list: `all` (the default) asks for every page, as clients do, and counts them as one call; `first` asks for the first page only.',
    ),
  arguments: templated('a mapping of arguments')
    .optional()
    .describe(
      'Arguments of the tool or of the prompt: any JSON, with `{{templates}}` in its strings (see below).',
    ),
  params: templated('a mapping of params')
    .optional()
    .describe(
      'Params of the `method`: any JSON, with `{{templates}}` in its strings. Paceline adds `_meta`.',
    ),
};

/** What is wrong with how the keys of a call are combined. `kinds`: what it may be beside a call. */
export function callRule(call: Mapping, kinds: readonly string[] = CALL_KINDS): readonly Violation[] {
  const kind = kinds.find((each) => call[each] !== undefined);
  const { tool, read, prompt, method, params } = call;
  return [
    ...violationAt(['tool'], unreadTemplate(tool)),
    ...violationAt(['prompt'], unreadTemplate(prompt)),
    ...(typeof read === 'string' ? templateProblems(read) : []),
    ...violationAt(['method'], unreadTemplate(method) ?? methodProblem(method)),
    ...violationAt(['arguments'], onlyWith(kind, ['tool', 'prompt'], call['arguments'], NO_ARGUMENTS)),
    ...violationAt(['params'], onlyWith(kind, ['method'], params, NO_PARAMS)),
    ...violationAt(['params', '_meta'], isMapping(params) ? metaProblem(params) : undefined),
    ...violationAt(['pages'], onlyWith(kind, ['list'], call['pages'], NO_PAGES)),
  ];
}

const templateProblems = (uri: string): readonly Violation[] =>
  findTemplateProblems(uri).map(({ problem }) => ({ path: ['read'], problem }));

const NO_ARGUMENTS = 'only a tool or a prompt takes arguments; leave them out';
const NO_PARAMS = 'only a method takes params; leave them out';
const NO_PAGES = 'only a list has pages; leave it out';

/** The problem of `value` in a call of `kind`, if it is allowed in calls of other kinds only. */
function onlyWith(
  kind: string | undefined,
  allowed: readonly Kind[],
  value: unknown,
  todo: string,
): RuleProblem | undefined {
  if (kind === undefined || value === undefined || allowed.some((each) => each === kind)) return undefined;
  return { what: `cannot be combined with ${kind}`, todo };
}

function methodProblem(method: unknown): RuleProblem | undefined {
  if (typeof method !== 'string') return undefined;
  const own = Object.hasOwn(OWN_KEYS, method) ? OWN_KEYS[method] : undefined;
  if (own !== undefined) return { what: `${method} has a key of its own`, todo: `use ${own}` };
  if (!method.startsWith('notifications/')) return undefined;
  return { what: `${method} is a notification, which has no answer`, expected: 'the method of a request' };
}

const metaProblem = (params: Mapping): RuleProblem | undefined =>
  params['_meta'] === undefined ? undefined : { what: 'is written by Paceline', todo: 'leave it out' };

const DISCOVER = 'server/discover';

/** The settings of a valid call, with the defaults of all schemas. */
export function completeCall(call: Mapping, name: string, weight: number): CallSettings {
  const { tool, read, prompt, list, method, params = {}, pages = PAGES[0] } = call;
  const args = call['arguments'] ?? {};
  if (typeof tool === 'string') return { name, method: 'tools/call', tool, arguments: args, weight };
  if (typeof prompt === 'string') return { name, method: 'prompts/get', prompt, arguments: args, weight };
  if (typeof read === 'string') return { name, method: 'resources/read', uri: read, weight };
  if (typeof method === 'string') return { name, method, params: params as Mapping, weight };
  if (list === undefined) return { name, method: DISCOVER, weight };
  return { name, method: LISTS[list as Listed], weight, pages: pages as PageSetting };
}

/** The name of a call in results; `undefined` when the call is not valid. */
export function nameOfCall({ tool, list, read, prompt, method, discover }: Mapping): string | undefined {
  if (typeof tool === 'string') return `tools/call ${tool}`;
  if (typeof read === 'string') return `resources/read ${read}`;
  if (typeof prompt === 'string') return `prompts/get ${prompt}`;
  if (typeof method === 'string') return method;
  if (typeof list === 'string' && Object.hasOwn(LISTS, list)) return LISTS[list as Listed];
  return discover === true ? DISCOVER : undefined;
}
