/** @module Simulated copies of a server, each at a port of its own, and an audit of them, in tests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type JsonObject, objectOf } from '../protocol/json-object.ts';
import type { SessionAudit } from './document.ts';
import { type SessionAuditOptions, sessionAudit } from './session-audit.ts';

/** One request, as a copy sees it. */
export interface Received {
  readonly method: string;
  readonly params: JsonObject;
  readonly headers: IncomingMessage['headers'];
  /** Name of the copy: `a`, `b`, `c`. */
  readonly instance: string;
}

/** A result; an error when it has a `code`; `undefined` for HTTP 404 with an error about the session; `nothing` for no answer. */
export type Answer = (
  received: Received,
  headers: Record<string, string>,
) => JsonObject | 'nothing' | undefined;

export interface Copies {
  readonly instances: readonly { readonly name: string; readonly url: string }[];
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

/** Starts copies of a server on free ports; each answers with `answer`, which may add header fields. */
export async function startCopies(
  answer: Answer,
  names: readonly string[] = ['a', 'b', 'c'],
): Promise<Copies> {
  const received: Received[] = [];
  const servers = names.map((instance) =>
    createServer((request, response) => {
      void (async () => {
        const body = await textOf(request);
        if (body === '') return response.writeHead(200).end();
        const { id, method, params } = JSON.parse(body) as {
          id?: number;
          method: string;
          params?: JsonObject;
        };
        if (id === undefined) return response.writeHead(202).end();
        const one = { method, params: objectOf(params), headers: request.headers, instance };
        received.push(one);
        return respond(response, id, answer, one);
      })();
    }),
  );
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const instances = servers.map((server, index) => {
    const { port } = server.address() as { readonly port: number };
    return { name: names[index]!, url: `http://127.0.0.1:${port}/mcp` };
  });
  const stop = async (): Promise<void> => {
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  };
  return { instances, received, stop };
}

function respond(response: ServerResponse, id: number, answer: Answer, one: Received): void {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-served-by': one.instance };
  const result = answer(one, headers);
  if (result === 'nothing') return;
  const said =
    result === undefined
      ? { error: { code: -32000, message: 'Session not found' } }
      : 'code' in result
        ? { error: result }
        : { result: { resultType: 'complete', ...result } };
  response.writeHead(result === undefined ? 404 : 200, headers);
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...said }));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Audits copies that answer with `answer`. */
export async function audited(
  answer: Answer,
  options: Partial<SessionAuditOptions> = {},
): Promise<{ readonly audit: SessionAudit; readonly received: readonly Received[] }> {
  const copies = await startCopies(answer);
  try {
    const audit = await sessionAudit({
      url: copies.instances[0]!.url,
      instances: copies.instances,
      era: 'stateless',
      headers: {},
      identities: [],
      allow: [],
      tls: { insecure: false },
      instanceHeader: 'x-served-by',
      checkIds: true,
      timeoutUs: 5e6,
      limits: { timeUs: 30e6, requests: 2000 },
      seed: 1,
      ...options,
    });
    return { audit, received: copies.received };
  } finally {
    await copies.stop();
  }
}

/** What a healthy server of both eras answers: two tools, and a session that every copy knows. */
export const healthy: Answer = ({ method, params }, headers) => {
  const text = { type: 'string' };
  switch (method) {
    case 'server/discover':
      return { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo: INFO };
    case 'initialize':
      headers['mcp-session-id'] = 'session-of-all';
      return { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: INFO };
    case 'tools/list':
      return {
        tools: [
          {
            name: 'get_basket',
            inputSchema: { type: 'object', properties: { basket_id: text }, required: ['basket_id'] },
            annotations: { readOnlyHint: true },
          },
          { name: 'create_basket', inputSchema: { type: 'object' } },
          { name: 'erase', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } },
        ],
      };
    case 'tools/call':
      return params['name'] === 'create_basket'
        ? { content: [], structuredContent: { basket_id: 'b1' } }
        : {
            content: [{ type: 'text', text: `basket ${String(objectOf(params['arguments'])['basket_id'])}` }],
          };
    default:
      return { code: -32601, message: 'Method not found' };
  }
};

const INFO = { name: 'copies', version: '1.2.3' };
