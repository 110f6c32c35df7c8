import { createMcpFastifyApp } from '@modelcontextprotocol/fastify';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const app = createMcpFastifyApp();
app.post('/mcp', async (request, reply) => {
  const server = new McpServer({ name: 'fastify', version: '1.0.0' });
  server.registerTool(
    'echo',
    { description: 'Returns its text', inputSchema: z.object({ text: z.string() }) },
    async ({ text }) => ({ content: [{ type: 'text', text }] }),
  );
  const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  reply.raw.on('close', async () => {
    await transport.close();
    await server.close();
  });
  await transport.handleRequest(request.raw, reply.raw, request.body);
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
