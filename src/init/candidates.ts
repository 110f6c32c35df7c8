/** @module The calls that a profile for a server may have: what the server lists, with arguments; each to be tried, or why it is not. */

import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import { mirroredFields } from '../protocol/tool-list.ts';
import type { AuditRequest, Exchange } from '../session-audit/exchange.ts';
import type { Step } from '../session-audit/flow.ts';
import type { AuditSurvey, AuditTool } from '../session-audit/survey.ts';
import { synthesise } from '../synthesis/arguments.ts';

/**
 * Why a call is not tried:
 * - `no-hint`, `destructive`: its tool does not say that it only reads, or says that it may destroy something; it was not allowed by name.
 * - `bad-annotation`: clients must not call the tool, because of an `x-mcp-header` that is not valid.
 * - `no-arguments`: no arguments were found that its schema allows.
 * - `template`: its name has `{{` in it, which a profile cannot call.
 * - `too-many`: there are enough others.
 */
export type NotTried =
  | 'no-hint'
  | 'destructive'
  | 'bad-annotation'
  | 'no-arguments'
  | 'template'
  | 'too-many';

/** One call, as an entry of a profile and as a request. */
export interface Candidate {
  /** The key of a profile that makes it. */
  readonly key: 'tool' | 'read' | 'prompt' | 'list';
  /** The name of a tool or a prompt, a URI, or what is listed. */
  readonly name: string;
  /** What the server says about it; empty when it says nothing. */
  readonly about: string;
  readonly weight: number;
  readonly arguments?: JsonObject;
  /** Of a tool that needs what others give: their calls, and its own as the last one. */
  readonly flow?: readonly Step[];
  /** Absent: it is not tried. */
  readonly request?: AuditRequest;
  readonly notTried?: NotTried;
}

/** How many calls of each kind are tried. */
const MOST = { tool: 40, read: 5, prompt: 5 } as const;
/** Agents mostly call tools, read some resources, and list what there is once in a while. */
const WEIGHT = { tool: 10, read: 5, prompt: 2, list: 1 } as const;

/** What is known of the server. */
type Listed = Pick<AuditSurvey, 'tools' | 'exchanges'>;

/** The calls of a server, tools first, in the order of its lists; `templates`: how many templates of resources it lists. */
export async function candidatesOf(
  survey: Listed,
  templates: number,
  seed: number,
): Promise<readonly Candidate[]> {
  const listed = (method: string, member: string, name: string) =>
    entries(survey.exchanges, method, member, name);
  const described = listed('tools/list', 'tools', 'name');
  const tools = await Promise.all(
    survey.tools.map((tool) => toolCandidate(tool, described.get(tool.name) ?? {}, seed)),
  );
  const prompts = [...listed('prompts/list', 'prompts', 'name')].map(promptCandidate);
  const reads = [...listed('resources/list', 'resources', 'uri')].map(readCandidate);
  return [
    ...limited(tools, MOST.tool),
    ...limited(reads, MOST.read),
    ...limited(prompts, MOST.prompt),
    ...listCandidates({ tools: tools.length, prompts: prompts.length, resources: reads.length, templates }),
  ];
}

/** The entries of all pages of a list, by name. */
function entries(
  exchanges: readonly Exchange[],
  method: string,
  member: string,
  name: string,
): ReadonlyMap<string, JsonObject> {
  const pages = exchanges.filter(({ request }) => request.method === method);
  const all = pages.flatMap(({ answer }): readonly unknown[] => {
    const list = answer.result?.[member];
    return Array.isArray(list) ? list : [];
  });
  return new Map(
    all.map(objectOf).flatMap((entry) => {
      const called = entry[name];
      return typeof called === 'string' ? [[called, entry] as const] : [];
    }),
  );
}

async function toolCandidate(tool: AuditTool, entry: JsonObject, seed: number): Promise<Candidate> {
  const { name, notCalled } = tool;
  const base = { key: 'tool', name, about: aboutOf(entry), weight: WEIGHT.tool } as const;
  if (name.includes('{{')) return { ...base, notTried: 'template' };
  const made = await synthesise(tool, { seed });
  if (made.kind === 'none') return { ...base, notTried: notCalled ?? 'no-arguments' };
  const args = made.arguments;
  if (notCalled !== undefined) return { ...base, arguments: args, notTried: notCalled };
  return { ...base, arguments: args, request: toolRequest(tool, args) };
}

/** The call of `tool` with `args`. */
export function toolRequest({ name, listed }: AuditTool, args: JsonObject): AuditRequest {
  const headers = Object.fromEntries(mirroredFields(listed.mirrored ?? [], args));
  return { method: 'tools/call', name, params: { name, arguments: args }, headers };
}

function promptCandidate([name, entry]: readonly [string, JsonObject]): Candidate {
  const base = { key: 'prompt', name, about: aboutOf(entry), weight: WEIGHT.prompt } as const;
  if (name.includes('{{')) return { ...base, notTried: 'template' };
  const wanted = Array.isArray(entry['arguments']) ? entry['arguments'].map(objectOf) : [];
  const args = Object.fromEntries(
    wanted.filter(({ required }) => required === true).map((argument) => [String(argument['name']), 'text']),
  );
  const request = { method: 'prompts/get', name, params: { name, arguments: args } };
  return { ...base, ...(Object.keys(args).length > 0 && { arguments: args }), request };
}

/** The read of a resource that is listed, or that a template names. */
export function readCandidate([uri, entry]: readonly [string, JsonObject]): Candidate {
  const request = { method: 'resources/read', name: uri, params: { uri } };
  return { key: 'read', name: uri, about: aboutOf(entry), weight: WEIGHT.read, request };
}

/** A list of each kind of which there is something. */
function listCandidates(found: Readonly<Record<Listable, number>>): readonly Candidate[] {
  return LISTABLE.filter((name) => found[name] > 0).map((name) => ({
    key: 'list',
    name,
    about: '',
    weight: WEIGHT.list,
    request: { method: LISTS[name], params: {} },
  }));
}

/** The lists of a profile that a client asks for, and their methods. */
const LISTS = {
  tools: 'tools/list',
  prompts: 'prompts/list',
  resources: 'resources/list',
  templates: 'resources/templates/list',
} as const;
type Listable = keyof typeof LISTS;
const LISTABLE = Object.keys(LISTS) as readonly Listable[];

/** Those beyond the first `most` that could be tried are not. */
function limited(candidates: readonly Candidate[], most: number): readonly Candidate[] {
  let tried = 0;
  return candidates.map(({ request, ...rest }) => {
    if (request === undefined) return rest;
    tried += 1;
    return tried <= most ? { ...rest, request } : { ...rest, notTried: 'too-many' as const };
  });
}

const aboutOf = ({ description, title }: JsonObject): string => {
  const text = typeof description === 'string' ? description : title;
  return typeof text === 'string' ? text : '';
};
