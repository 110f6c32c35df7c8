import { serve } from '@hono/node-server';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { z } from 'zod';

const server = new McpServer(
  { name: 'tmcp', version: '1.0.0', description: 'Returns its text' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
);
server.tool(
  { name: 'echo', description: 'Returns its text', schema: z.object({ text: z.string() }) },
  async ({ text }) => ({ content: [{ type: 'text', text }] }),
);
const transport = new HttpTransport(server);
serve({
  fetch: async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 }),
  port: Number(process.env.PORT),
  hostname: '127.0.0.1',
});
