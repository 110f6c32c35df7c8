/** @module An instance of the official SDK 1.x: MCP 2025-11-25 with sessions in memory, as its own examples deploy it. */
import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Guard } from '../../guard/guard.ts';
import { serveParent } from '../../process/serve.ts';
import { type InstanceInput, SERVER_INFO } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import { type Tool, type ToolSet, toolSet } from '../tools.ts';
import { activeRequest, timedCall } from './active-request.ts';
import { answerMistake } from './answers.ts';
import { serveHttp } from './http.ts';
import { listNoTools, shownTools } from './shown-tools.ts';
import { wrapToolHandlers } from './slots.ts';

serveParent(async (input: InstanceInput) => {
  const guard = await guardOf(input);
  const offered = toolSet(input.tools, input.seed, input.index);
  const shown = shownTools(guard, offered.tools);
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return serveHttp(input.id, guard, async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    const session = sessions.get(String(id));
    if (session !== undefined) await session.handleRequest(request, response, body);
    // Unknown or ended: the client must initialize anew. Source: MCP 2025-11-25, Transports, Session Management.
    else if (id !== undefined) answerMistake(response, NOT_FOUND);
    else if (request.method !== 'POST') answerMistake(response, WITHOUT_SESSION);
    else {
      const transport = await newSession({ ...offered, tools: shown() }, sessions, guard);
      await transport.handleRequest(request, response, body);
      if (transport.sessionId === undefined) await transport.close();
    }
  });
});

const NOT_FOUND = { status: 404, code: -32001, message: 'Session not found' };
const WITHOUT_SESSION = {
  status: 400,
  code: -32000,
  message: 'Bad Request: Mcp-Session-Id header is required',
};

/** The transport itself refuses whatever is not `initialize`; only an accepted one is kept. */
async function newSession(
  offered: ToolSet,
  sessions: Map<string, StreamableHTTPServerTransport>,
  guard: Guard | undefined,
): Promise<StreamableHTTPServerTransport> {
  const allowance = activeRequest()?.allowance;
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
      if (allowance !== undefined) guard?.opened?.(id, allowance);
    },
    onsessionclosed: (id) => {
      sessions.delete(id);
    },
  });
  const server = new McpServer(SERVER_INFO);
  wrapToolHandlers(server.server, offered);
  registerTools(server, offered.tools);
  // The class declares its handlers as `T | undefined`, which exact optional types refuse; it is the SDK's own transport.
  await server.connect(transport as Parameters<typeof server.connect>[0]);
  return transport;
}

function registerTools(server: McpServer, tools: readonly Tool[]): void {
  if (tools.length === 0) listNoTools(server);
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      { description: tool.description, inputSchema: tool.schema },
      async (given: Record<string, unknown>) => ({
        content: [{ type: 'text', text: await timedCall(tool, given) }],
      }),
    );
  }
}
