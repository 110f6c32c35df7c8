/** @module Checks, once before the load, whether an MCP server answers, which era it speaks, and what a client has to know to call it. */
import type { DriverOptions, Reply } from '../driver/driver.ts';
import { loadDriver } from '../driver/drivers.ts';
import { DRIVER_NAMES, DRIVERS } from '../profile/kinds.ts';
import type { Era, Settings } from '../profile/settings.ts';
import { headersOf } from '../profile/template/header-text.ts';
import { hasTextId } from '../protocol/answer.ts';
import { asciiJson } from '../protocol/call.ts';
import { jsonText } from '../protocol/call-arguments.ts';
import { type Asked, detectEra, noEvidence, notMcp, refusedVersion } from '../protocol/detect.ts';
import type { Outcome } from '../protocol/outcome.ts';
import type { Request } from '../protocol/request.ts';
import {
  endSession,
  initialize,
  isSessionId,
  type OpenedSession,
  parseInitialize,
  sessionFields,
} from '../protocol/sessions.ts';
import { discover, statelessCall } from '../protocol/stateless.ts';
import { type ListedTool, readToolPage } from '../protocol/tool-list.ts';
import { systemClock } from '../units/clock.ts';
import type { Micros } from '../units/time.ts';
import { errorAt } from './probe-error.ts';
import { type LocatedReply, RedirectedServer } from './redirects.ts';

/** How connections are secured, for the probe as for the load. */
export type TlsOptions = Pick<DriverOptions, 'tls'>;

/** What is probed, and how. */
export interface ProbeOptions {
  readonly driver: Omit<DriverOptions, 'connections'>;
  readonly era: Era | 'auto';
  readonly eraKey: Asked['eraKey'];
  readonly headers: Readonly<Record<string, string>>;
  /** What becomes of a session that the probe has opened: it is ended, or left open for the load. */
  readonly session: 'end' | 'leave';
  /** Ends the probe at once. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of each request. */
  readonly onRequest?: () => void;
}

/** The result of a probe. */
export interface Found {
  readonly era: Era;
  /** Where it answers: not where it was asked when that redirects. */
  readonly url: string;
  /** The name of the instance that answered, if it sends one. */
  readonly instance: string | undefined;
  /** Stateless era: all of its tools; absent when it did not list them. */
  readonly tools?: readonly ListedTool[];
  /** Sessions era: a session that was left open. */
  readonly session?: OpenedSession;
  /** Whether its answers repeat a numeric id as text. */
  readonly idsAsText: boolean;
  readonly setsCookies: boolean;
}

/** How one server is probed. */
interface ProbeOne extends Pick<ProbeOptions, 'signal'> {
  /**
   * What becomes of a session.
   * @default 'end'
   */
  readonly session?: ProbeOptions['session'];
  /** Headers that only some agents send. */
  readonly credentials?: Readonly<Record<string, string>>;
}

/** Probes the server at `url`. Rejects as {@link probe} does. */
export type ProbeUrl = (url: string, era: Era | 'auto', how?: ProbeOne) => Promise<Found>;

/** Probes servers with the same headers, proxy and options as the load of `settings`; `onRequest` is told of each request. */
export function proberFor(
  { load, endpoint, balancer }: Settings,
  { tls }: TlsOptions,
  onRequest?: () => void,
): ProbeUrl {
  const { timeoutUs, checkIds } = load;
  // Replicas are probed before the balancer that speaks to them.
  const { http = 'auto' } = balancer ?? load;
  const { instanceHeader } = endpoint;
  const headers = headersOf(endpoint.headers ?? {}, 0);
  const way = endpoint.kind === 'target' && endpoint.proxy !== undefined ? { proxy: endpoint.proxy } : {};
  return (url, era, { session = 'end', credentials = {}, signal } = {}) =>
    probe({
      driver: { url, timeoutUs, checkIds, clock: systemClock, instanceHeader, tls, http, ...way },
      era,
      eraKey: endpoint.kind === 'fleet' ? 'fleet.era' : 'target.era',
      headers: { ...headers, ...credentials },
      session,
      signal,
      ...(onRequest !== undefined && { onRequest }),
    });
}

/** A server of the sessions era may not answer `server/discover` at all. Nobody should wait long to learn that. */
const DISCOVER_WITHIN: Micros = 5e6;
/** Beyond this number of pages, a list is taken to be endless. */
const MOST_PAGES = 100;

/**
 * Detects the era that the server at the URL speaks. If `era` is given, it is only checked, by a request that every server of that
 * era answers: `tools/list` or `initialize`. Throws a `UserError` when nothing answers, when the answer is not MCP, or when the
 * server requires a token; and with the reason of the signal when that is aborted.
 */
export async function probe(options: ProbeOptions): Promise<Found> {
  if (options.era === 'sessions') return openSession(options);
  if (options.era === 'stateless') return listTools(options);
  const { driver, headers, eraKey } = options;
  const timeoutUs = Math.min(driver.timeoutUs, DISCOVER_WITHIN);
  const reply = await withDriver({ ...options, driver: { ...driver, timeoutUs } }, (ask) =>
    ask(discover(0, headers)),
  );
  const found = detectEra(
    { status: reply.status, outcome: reply.outcome, detail: reply.detail, body: reply.body },
    eraKey,
  );
  if (found === 'try-sessions') return openSession(options);
  if (found !== 'stateless') throw errorAt(driver, reply, found.problem);
  const { tools } = await withDriver(options, (ask) => walk(ask, headers));
  return { ...foundIn(reply, 'stateless'), ...(tools && { tools }) };
}

type Ask = (request: Request) => Promise<LocatedReply>;

/** Does `work` with a driver of one connection. If the load goes through a proxy, so does the probe. */
async function withDriver<Result>(
  { driver, signal, onRequest }: Pick<ProbeOptions, 'driver' | 'signal' | 'onRequest'>,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const name = DRIVER_NAMES.find((each) => driver.proxy === undefined || DRIVERS[each].proxy)!;
  const create = await loadDriver(name);
  signal?.throwIfAborted();
  const server = new RedirectedServer(create, { ...driver, connections: 1 }, onRequest);
  const close = (): void => void server.close();
  signal?.addEventListener('abort', close);
  try {
    return await work(async (request) => {
      const reply = await server.ask(request);
      signal?.throwIfAborted();
      return reply;
    });
  } finally {
    signal?.removeEventListener('abort', close);
    await server.close();
  }
}

/** All pages of the list of tools; `tools` is absent when a page is missing. `first`: the reply with the first page. */
async function walk(
  ask: Ask,
  headers: ProbeOptions['headers'],
): Promise<{ readonly first: LocatedReply; readonly tools?: readonly ListedTool[] }> {
  const encode = statelessCall({ method: 'tools/list' }, headers);
  const first = await ask(encode(1, undefined));
  const tools: ListedTool[] = [];
  let reply = first;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const list = reply.outcome === 'ok' ? readToolPage(reply.body ?? '') : undefined;
    if (list === undefined) return { first };
    tools.push(...list.tools);
    if (list.nextCursor === undefined) break;
    reply = await ask(encode(1 + page, jsonText(asciiJson(list.nextCursor))));
  }
  return { first, tools };
}

async function listTools(options: ProbeOptions): Promise<Found> {
  const { driver, headers, eraKey } = options;
  const { first, tools } = await withDriver(options, (ask) => walk(ask, headers));
  const problem = noEvidence(first, { method: 'tools/list', eraKey });
  if (problem !== undefined) throw errorAt(driver, first, problem);
  // A static responder or a server without a list of tools answers with an error, but it speaks JSON-RPC.
  if (speaksMcp(first) || first.outcome === 'rpc-error')
    return { ...foundIn(first, 'stateless'), ...(tools && { tools }) };
  throw errorAt(driver, first, notMcp(`tools/list: ${first.detail ?? first.outcome}`));
}

/** Opens a session. One that is not left for the load is ended. */
function openSession(options: ProbeOptions): Promise<Found> {
  const { driver, headers, eraKey, era } = options;
  return withDriver(options, async (ask) => {
    const asked: Asked = { method: 'initialize', eraKey };
    const reply = await ask(initialize(0, headers));
    const problem = noEvidence(reply, asked);
    if (problem !== undefined) throw errorAt(driver, reply, problem);
    const notMcpHere = (said: string) => notMcp(`initialize: ${said}`, era === 'auto' ? asked : undefined);
    if (!speaksMcp(reply)) {
      throw errorAt(driver, reply, refusedVersion(reply.body) ?? notMcpHere(reply.detail ?? reply.outcome));
    }
    const answer = parseInitialize(reply.body ?? '');
    if (answer === undefined)
      throw errorAt(driver, reply, notMcpHere('the answer is not an initialize result'));
    const found = foundIn(reply, 'sessions');
    const { sessionId: id, servedBy, setCookies = [] } = reply;
    if (id === undefined || !isSessionId(id)) return found;
    const { protocolVersion } = answer;
    if (options.session === 'leave')
      return { ...found, session: { id, protocolVersion, servedBy, setCookies } };
    await ask(endSession(headers, sessionFields({ id, protocolVersion, headers })));
    return found;
  });
}

const MCP_OUTCOMES: ReadonlySet<Outcome> = new Set(['ok', 'tool-error', 'input-required', 'task']);

const speaksMcp = ({ outcome }: Reply): boolean => MCP_OUTCOMES.has(outcome);

function foundIn({ url, servedBy, body = '', setCookies = [] }: LocatedReply, era: Era): Found {
  return { era, url, instance: servedBy, idsAsText: hasTextId(body), setsCookies: setCookies.length > 0 };
}
