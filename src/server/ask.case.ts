/** @module How the conformance suites of the servers speak to one instance. */
import { connect } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import type { GuardInput } from '../guard/guard.ts';
import { type Child, startChild } from '../process/child.ts';
import type { Served } from '../process/serve.ts';
import type { Era, OwnServerName } from '../profile/kinds.ts';
import { completeOffer } from '../profile/section/offer.ts';
import type { OfferSettings, ToolSettings } from '../profile/settings.ts';
import type { StateInput } from '../state/state-input.ts';
import { type InstanceInput, type InstanceReady, MCP_PATH } from './instance.ts';
import { type OwnServer, serverModule } from './programs.ts';

export const TOOLS: ToolSettings = {
  catalogue: 25,
  work: { kind: 'uniform', minUs: 100, maxUs: 5000 },
  reportBytes: 100_000,
  ttlMs: 60_000,
  cacheScope: 'public',
};

/** A server that a suite is run against. */
export interface SuiteServer extends OwnServer {
  /** How it keeps state where a suite does not say; absent: it keeps none. */
  readonly state?: StateInput;
}

/** The tools of baskets, which a server with state has. */
const BASKET_TOOLS = 4;

/** How many tools it lists with {@link TOOLS}. */
export const toolsOf = ({ state }: SuiteServer): number =>
  TOOLS.catalogue + (state === undefined ? 0 : BASKET_TOOLS);

/** An instance that runs. */
export type Running = Pick<Child<InstanceReady>, 'ready' | 'ask' | 'stop'>;

type Start = (input: InstanceInput) => Promise<Served<InstanceReady>>;

/** Loaded when one of the kind is started: the SDKs take long. */
const INSTANCES: Readonly<Record<OwnServerName, Readonly<Record<Era, () => Promise<Start>>>>> = {
  sdk: {
    stateless: async () => (await import('./sdk/stateless-instance.ts')).statelessInstance,
    sessions: async () => (await import('./sdk/sessions-instance.ts')).sessionsInstance,
  },
  lean: {
    stateless: async () => (await import('./lean/stateless-instance.ts')).statelessInstance,
    sessions: async () => (await import('./lean/sessions-instance.ts')).sessionsInstance,
  },
};

/** Starts an instance in this process. All that it is told is cloned, as between processes. */
export async function startHere({ server, era }: OwnServer, input: InstanceInput): Promise<Running> {
  const start = await INSTANCES[server][era]();
  const served = await start(structuredClone(input));
  let stopped: Promise<void> | undefined;
  return {
    ready: served.ready,
    ask: async (message) => structuredClone(await served.ask?.(structuredClone(message))),
    stop() {
      stopped ??= served.stop?.() ?? Promise.resolve();
      return stopped;
    },
  };
}

/** Starts an instance in a process of its own, as a fleet runs it. */
export function startProcess(own: OwnServer, input: InstanceInput): Promise<Running> {
  const module = serverModule(own);
  return startChild<InstanceReady>({ name: 'instance 1', module, input, readyWithinUs: 30_000_000 });
}

/** An instance of a suite. */
export interface TestInstance {
  url: string;
  ask: Running['ask'];
  /** Before the end of the suite. */
  stop: () => Promise<void>;
}

/** What an instance of a suite is started with. */
type Use = [
  own: SuiteServer,
  tools?: ToolSettings | undefined,
  guardOf?: (() => GuardInput | undefined) | undefined,
  offer?: OfferSettings | undefined,
  state?: StateInput | undefined,
  more?: Partial<InstanceInput> | undefined,
];

/**
 * Runs one instance during the suite, whose service times are always the same ones and whose calls `guardOf` checks. It runs in this process,
 * because starting one takes longer than most suites.
 */
export function useInstance(...use: Use): TestInstance {
  return duringSuite(startHere, use);
}

/** As {@link useInstance}, in a process of its own. */
export function useProcess(...use: Use): TestInstance {
  return duringSuite(startProcess, use);
}

function duringSuite(
  start: (own: OwnServer, input: InstanceInput) => Promise<Running>,
  use: Use,
): TestInstance {
  const [own, tools = TOOLS, guardOf, offer = completeOffer(tools), state = own.state, more = {}] = use;
  let running: Running | undefined;
  const instance: TestInstance = {
    url: '',
    ask: (message) => running!.ask(message),
    stop: () => running!.stop(),
  };
  beforeAll(async () => {
    const input: InstanceInput = {
      id: '1',
      index: 0,
      seed: 11,
      tools,
      offer,
      guard: guardOf?.(),
      state,
      ...more,
    };
    running = await start(own, input);
    instance.url = `http://127.0.0.1:${running.ready.port}${MCP_PATH}`;
  });
  afterAll(() => running?.stop());
  return instance;
}

/** A JSON-RPC answer with the HTTP around it. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON-RPC message, of a JSON body or of the last event of a stream; undefined when the body was empty. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly message: any;
}

/** Reads an answer of either media type. */
export async function read(response: Response): Promise<Answered> {
  const text = await response.text();
  const events = [...text.matchAll(/^data: (.+)$/gm)].map((match) => match[1]!);
  const json = response.headers.get('content-type')?.startsWith('text/event-stream') ? events.at(-1) : text;
  return {
    status: response.status,
    headers: response.headers,
    message: json ? JSON.parse(json) : undefined,
  };
}

/** Makes a request of the server's era, in a session if it has them; closes the connection when aborted. */
export type Ask = (
  url: string,
  method: string,
  params?: Record<string, unknown>,
  signal?: AbortSignal,
) => Promise<Answered>;

/** Sends `bytes` over a raw connection; what came back when the server closed it or `enough` was seen. */
export function raw(url: string, bytes: string, enough: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes(enough)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

/** Asks in the stateless era. */
export const askStateless: Ask = async (url, method, params = {}, signal) => {
  const headers: Record<string, string> = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
  };
  const name = params['name'] ?? params['uri'];
  if (typeof name === 'string') headers['mcp-name'] = name;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
  return read(await fetch(url, { method: 'POST', headers, body, signal: signal ?? null }));
};
