/** @module What a server offers, as far as checks need it: asked once, at one place. */
import type { Era } from '../profile/settings.ts';
import { METHOD_NOT_FOUND } from '../protocol/error-codes.ts';
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import { SERVER_INFO_KEY } from '../protocol/meta-keys.ts';
import { type ListedTool, readToolPage } from '../protocol/tool-list.ts';
import type { Client } from './client.ts';
import { type AuditRequest, type Exchange, type Place, succeeded } from './exchange.ts';
import { askInSession } from './own-session.ts';
import { readPages } from './pages.ts';

/** A tool as the server lists it. */
export interface AuditTool {
  readonly name: string;
  readonly inputSchema: unknown;
  /** `undefined`: it may be called. */
  readonly notCalled: NotCallable | undefined;
  /** Parameters that a call repeats in header fields. */
  readonly listed: ListedTool;
}

/**
 * Why a tool is not called, or not with success:
 * - `no-hint`: it does not say that it only reads, and was not allowed by name.
 * - `destructive`: it says that it may destroy something, and was not allowed by name.
 * - `bad-annotation`: clients must not call it, because of an `x-mcp-header` that is not valid.
 * - `no-arguments`: no arguments were found that its schema allows.
 * - `timed-out`: its call was not answered in time.
 * - `no-answer`: its call was refused, or the connection closed before the answer.
 * - `call-failed`: its call did not succeed where everything is made and used on one instance.
 */
export type NotCalled = NotCallable | 'no-arguments' | 'timed-out' | 'no-answer' | 'call-failed';

/** Why a tool may not be called. */
type NotCallable = 'no-hint' | 'destructive' | 'bad-annotation';

/** What checks know of the target before they ask anything. */
export interface AuditSurvey {
  readonly era: Era;
  /** Whether instances are asked at addresses of their own. */
  readonly pinned: boolean;
  /** Names of the instances, as far as they are known. */
  readonly instances: readonly string[];
  readonly identities: readonly string[];
  readonly tools: readonly AuditTool[];
  readonly prompts: readonly string[];
  /** URIs. */
  readonly resources: readonly string[];
  /** Methods of the lists that could not be read: their entries are not known. */
  readonly notListed: readonly string[];
  readonly capabilities: JsonObject;
  readonly server: { readonly name: string; readonly version: string } | undefined;
  /** The exchanges that were made for it. */
  readonly exchanges: readonly Exchange[];
}

type Offered = Omit<AuditSurvey, 'era' | 'pinned' | 'instances' | 'identities'>;

/** Asks what the server offers. Tools in `allowed` may be called although they do not say that they only read. */
export async function surveyOf(
  client: Client,
  place: Place,
  era: Era,
  allowed: ReadonlySet<string>,
): Promise<Offered> {
  const exchanges: Exchange[] = [];
  const ask = async (request: AuditRequest): Promise<Exchange> => {
    const exchange = await askInSession(client, request, place);
    exchanges.push(exchange);
    return exchange;
  };
  const first = await ask({ method: era === 'stateless' ? 'server/discover' : 'tools/list' });
  const said = era === 'stateless' ? first : client.opened;
  const { capabilities } = said?.answer.result ?? {};
  const notListed: string[] = [];
  const has = objectOf(capabilities);
  const lists = (key: string): boolean => capabilities === undefined || has[key] !== undefined;
  const list = async (key: string, method: string): Promise<readonly JsonObject[]> => {
    if (!lists(key)) return [];
    const read = await entries(ask, key, method);
    if (!read.whole) notListed.push(method);
    return read.entries;
  };
  const tools = await list('tools', 'tools/list');
  const prompts = await list('prompts', 'prompts/list');
  const resources = await list('resources', 'resources/list');
  return {
    tools: tools.flatMap((tool) => toolOf(tool, allowed)),
    prompts: prompts.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
    resources: resources.flatMap(({ uri }) => (typeof uri === 'string' ? [uri] : [])),
    notListed,
    capabilities: has,
    server: serverOf(said?.answer.result),
    exchanges,
  };
}

/** Name and version of the server: in the handshake, and from 2026-07-28 on in `_meta` of a result. Source: MCP 2026-07-28, Base Protocol, `_meta`. */
function serverOf(result: JsonObject = {}): AuditSurvey['server'] {
  const { name, version = '' } = objectOf(result['serverInfo'] ?? objectOf(result['_meta'])[SERVER_INFO_KEY]);
  return typeof name === 'string' ? { name, version: String(version) } : undefined;
}

/** The entries of all pages; not the whole list when a page could not be read. A server without the method has an empty list. */
async function entries(
  ask: (request: AuditRequest) => Promise<Exchange>,
  key: string,
  method: string,
): Promise<{ readonly entries: readonly JsonObject[]; readonly whole: boolean }> {
  const pages = await readPages(ask, method);
  const last = pages.at(-1)!;
  return {
    entries: pages.filter(succeeded).flatMap(({ answer: { result } }) => {
      const list = result?.[key];
      return Array.isArray(list) ? list.map(objectOf) : [];
    }),
    whole: succeeded(last) || last.answer.error?.code === METHOD_NOT_FOUND,
  };
}

function toolOf(tool: JsonObject, allowed: ReadonlySet<string>): readonly AuditTool[] {
  const page = readToolPage(JSON.stringify({ result: { tools: [tool] } }));
  const listed = page?.tools[0];
  if (listed === undefined) return [];
  const { name } = listed;
  return [{ name, inputSchema: tool['inputSchema'], listed, notCalled: whyNot(listed, tool, allowed) }];
}

/** Source: MCP 2026-07-28, `ToolAnnotations`: hints, absent `readOnlyHint` means false. */
function whyNot(listed: ListedTool, tool: JsonObject, allowed: ReadonlySet<string>): NotCallable | undefined {
  if (listed.fault !== undefined) return 'bad-annotation';
  if (allowed.has(listed.name)) return undefined;
  const { readOnlyHint, destructiveHint } = objectOf(tool['annotations']);
  if (destructiveHint === true) return 'destructive';
  return readOnlyHint === true ? undefined : 'no-hint';
}
