/** @module An instance of the official SDK 1.x: MCP 2025-11-25 with sessions in memory, as its own examples deploy it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { serveParent } from '../../process/serve.ts';
import { type InstanceInput, SERVER_INFO } from '../instance.ts';
import { type ToolSet, toolSet } from '../tools.ts';
import { timedCall } from './active-request.ts';
import { answerJson, serveHttp } from './http.ts';
import { wrapToolHandlers } from './slots.ts';

serveParent((input: InstanceInput) => {
  const offered = toolSet(input.tools, input.seed, input.index);
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return serveHttp(input.id, async (request, response) => {
    const id = request.headers['mcp-session-id'];
    const session = sessions.get(String(id));
    if (session !== undefined) await session.handleRequest(request, response);
    // Unknown or ended: the client must initialize anew. Source: MCP 2025-11-25, Transports, Session Management.
    else if (id !== undefined) answerJson(response, 404, { code: -32001, message: 'Session not found' });
    else if (request.method === 'POST') await openSession(offered, sessions, request, response);
    else
      answerJson(response, 400, { code: -32000, message: 'Bad Request: Mcp-Session-Id header is required' });
  });
});

/** The transport itself refuses whatever is not `initialize`; only an accepted one is kept. */
async function openSession(
  offered: ToolSet,
  sessions: Map<string, StreamableHTTPServerTransport>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
    onsessionclosed: (id) => {
      sessions.delete(id);
    },
  });
  const server = new McpServer(SERVER_INFO);
  wrapToolHandlers(server.server, offered);
  for (const tool of offered.tools) {
    server.registerTool(
      tool.name,
      { description: tool.description, inputSchema: tool.schema },
      async (given: Record<string, unknown>) => ({
        content: [{ type: 'text', text: await timedCall(tool, given) }],
      }),
    );
  }
  // The class declares its handlers as `T | undefined`, which exact optional types refuse; it is the SDK's own transport.
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  await transport.handleRequest(request, response);
  if (transport.sessionId === undefined) await transport.close();
}
