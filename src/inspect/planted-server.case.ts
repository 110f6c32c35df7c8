/** @module A server for tests of the inspection: its answers are right, but for what a test plants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

type Json = Readonly<Record<string, unknown>>;

/** One request, as the plant sees it. */
interface Asked {
  readonly method: string;
  readonly params: Json;
  readonly authorization: string | undefined;
  /** The instance that answers: `a`, `b` in turn. */
  readonly instance: string;
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
  /** How many requests came before it. */
  readonly index: number;
  /** How many requests for this method came before it. */
  readonly nth: number;
}

/** Changes the healthy answer: a result, or an error when it has a `code`. */
export type Plant = (result: Json, asked: Asked) => Json;

export interface PlantedOptions {
  readonly plant?: Plant;
  /** Names of the instances that answer in turn; empty: answers name none. */
  readonly instances?: readonly string[];
  /** Writes the answer in place of JSON. */
  readonly write?: (response: ServerResponse, body: string, asked: Asked) => void;
}

export interface PlantedServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const tool = (name: string): Json => ({
  name,
  description: `The tool ${name}`,
  inputSchema: { type: 'object' },
});

/** What a healthy server answers, without its hints. Lists of tools have two pages. */
function healthy({ method, params }: Pick<Asked, 'method' | 'params'>): Json {
  switch (method) {
    case 'server/discover':
      return {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: { listChanged: true }, prompts: {}, resources: {} },
      };
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {}, prompts: {} },
        serverInfo: { name: 'planted', version: '1' },
      };
    case 'tools/list':
      if (params['cursor'] === undefined)
        return { tools: ['alpha', 'beta', 'gamma'].map(tool), nextCursor: 'more' };
      return params['cursor'] === 'more'
        ? { tools: ['delta', 'epsilon'].map(tool) }
        : { code: -32602, message: 'Invalid cursor' };
    case 'prompts/list':
      return { prompts: [{ name: 'greet' }, { name: 'review' }] };
    case 'resources/list':
      return {
        resources: [
          { uri: 'test://one', name: 'one' },
          { uri: 'test://two', name: 'two' },
        ],
      };
    case 'resources/templates/list':
      return { resourceTemplates: [{ uriTemplate: 'test://{name}', name: 'any' }] };
    case 'resources/read':
      return { contents: [{ uri: params['uri'], text: `content of ${String(params['uri'])}` }] };
    case 'tools/call':
      return { content: [{ type: 'text', text: 'done' }] };
    default:
      return { code: -32601, message: 'Method not found' };
  }
}

const HINTED = /^(server\/discover|(tools|prompts|resources|resources\/templates)\/list|resources\/read)$/;

/** Starts a server on a free port of 127.0.0.1. */
export async function plantedServer({
  plant = (result) => result,
  instances = ['a', 'b'],
  write = writeJson,
}: PlantedOptions = {}): Promise<PlantedServer> {
  const asked: Asked[] = [];
  const connections = new Map<unknown, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { id, method, params } = JSON.parse(await textOf(request)) as {
      /** Absent of a notification. */
      readonly id?: number;
      readonly method: string;
      readonly params: Json;
    };
    if (id === undefined) {
      response.writeHead(202).end();
      return;
    }
    if (!connections.has(request.socket)) connections.set(request.socket, connections.size);
    const one: Asked = {
      method,
      params,
      authorization: request.headers.authorization,
      instance: instances[asked.length % instances.length] ?? '',
      connection: connections.get(request.socket)!,
      index: asked.length,
      nth: asked.filter((each) => each.method === method).length,
    };
    asked.push(one);
    const plain = healthy(one);
    const hints = HINTED.test(method) && !('code' in plain) ? { ttlMs: 60_000, cacheScope: 'public' } : {};
    const result = plant({ ...plain, ...hints }, one);
    const said = 'code' in result ? { error: result } : { result: { resultType: 'complete', ...result } };
    if (one.instance !== '') response.setHeader('x-served-by', one.instance);
    write(response, JSON.stringify({ jsonrpc: '2.0', id, ...said }), one);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As an event stream. */
export function writeEvents(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'text/event-stream');
  response.end(`: hello\n\nevent: message\ndata: ${body}\n\n`);
}

/** As compressed JSON. */
export function writeGzip(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'application/json');
  response.setHeader('content-encoding', 'gzip');
  response.end(gzipSync(body));
}

function writeJson(response: ServerResponse, body: string): void {
  response.setHeader('content-type', 'application/json');
  response.end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
