import { randomUUID } from 'node:crypto';
import { StreamableHTTPTransport } from '@hono/mcp';
import { serve } from '@hono/node-server';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Hono } from 'hono';
import { z } from 'zod';

const sessions = new Map();

async function openSession() {
  const server = new McpServer({ name: 'hono', version: '1.0.0' });
  server.registerTool(
    'echo',
    { description: 'Returns its text', inputSchema: { text: z.string() } },
    async ({ text }) => ({ content: [{ type: 'text', text }] }),
  );
  const transport = new StreamableHTTPTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  await server.connect(transport);
  return transport;
}

const app = new Hono();
app.all('/mcp', async (context) => {
  const id = context.req.header('mcp-session-id');
  const transport = id === undefined ? await openSession() : sessions.get(id);
  if (transport !== undefined) return transport.handleRequest(context);
  return context.json(
    { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } },
    404,
  );
});
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
