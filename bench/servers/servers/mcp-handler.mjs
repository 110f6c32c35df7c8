import { serve } from '@hono/node-server';
import { createMcpHandler } from 'mcp-handler';
import { z } from 'zod';

const handle = createMcpHandler(
  (server) => {
    server.registerTool(
      'echo',
      { description: 'Returns its text', inputSchema: { text: z.string() } },
      async ({ text }) => ({ content: [{ type: 'text', text }] }),
    );
  },
  {},
  { basePath: '', disableSse: true },
);
serve({ fetch: (request) => handle(request), port: Number(process.env.PORT), hostname: '127.0.0.1' });
