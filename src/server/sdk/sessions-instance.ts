/** @module An instance of the official SDK 1.x: MCP 2025-11-25 with sessions in memory, as its own examples deploy it. */
import { randomUUID } from 'node:crypto';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Guard } from '../../guard/guard.ts';
import type { Served } from '../../process/serve.ts';
import { openBaskets } from '../baskets.ts';
import type { InstanceInput, InstanceReady } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import { UNKNOWN_RESOURCE } from '../offer/resources.ts';
import { activeRequest } from './active-request.ts';
import { answerMistake } from './answers.ts';
import { holdOffer } from './held-offer.ts';
import { serveHttp } from './http.ts';
import type { Offered } from './requests.ts';
import { SessionServer } from './session-server.ts';

/** Starts an instance in this process. */
export async function sessionsInstance(input: InstanceInput): Promise<Served<InstanceReady>> {
  const guard = await guardOf(input);
  const baskets = await openBaskets(input, guard);
  const { offered, change: changeOffer } = holdOffer(
    input,
    guard,
    {
      invalid(what, uri) {
        if (uri === undefined) throw new McpError(INVALID_PARAMS, what);
        throw new McpError(UNKNOWN_RESOURCE, what, { uri });
      },
      refuse({ code, message, data }) {
        throw new McpError(code, message, data);
      },
    },
    baskets.tools,
  );
  const sessions = new Map<string, Session>();
  return serveHttp(input.id, guard, {
    async handle(request, response, body) {
      const id = request.headers['mcp-session-id'];
      const session = sessions.get(String(id));
      if (session !== undefined) {
        session.server.refresh();
        await session.transport.handleRequest(request, response, body);
      }
      // Unknown or ended: the client must initialize anew. Source: MCP 2025-11-25, Transports, Session Management.
      else if (id !== undefined) answerMistake(response, NOT_FOUND);
      else if (request.method !== 'POST') answerMistake(response, WITHOUT_SESSION);
      else {
        const { transport } = await newSession(offered, sessions, guard);
        await transport.handleRequest(request, response, body);
        if (transport.sessionId === undefined) await transport.close();
      }
    },
    change(change) {
      if (changeOffer(change) && change.notify && change.what === 'tools') {
        for (const { server } of sessions.values()) server.tellOfTools();
      }
    },
    end: () => baskets.close(),
  });
}

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly server: SessionServer;
}

const INVALID_PARAMS = -32602;
const NOT_FOUND = { status: 404, code: -32001, message: 'Session not found' };
const WITHOUT_SESSION = {
  status: 400,
  code: -32000,
  message: 'Bad Request: Mcp-Session-Id header is required',
};

/** The transport itself refuses whatever is not `initialize`; only an accepted one is kept. */
async function newSession(
  offered: Offered,
  sessions: Map<string, Session>,
  guard: Guard | undefined,
): Promise<Session> {
  const allowance = activeRequest()?.allowance;
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => {
      sessions.set(id, session);
      if (allowance !== undefined) guard?.opened?.(id, allowance);
    },
    onsessionclosed: (id) => {
      sessions.delete(id);
    },
  });
  const server = new SessionServer(offered);
  const session = { transport, server };
  await server.connect(transport);
  return session;
}
