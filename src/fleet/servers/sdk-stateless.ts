/** @module An instance of the official SDK 2.x: MCP 2026-07-28, no session, a fresh server object for every request. */
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveParent } from '../../process/parent.ts';
import { timedCall } from './exchange.ts';
import { type InstanceInput, SERVER_INFO, serveHttp } from './instance.ts';
import { toolSet } from './tools.ts';

serveParent((input: InstanceInput) => {
  const tools = toolSet(input.tools, input.seed, input.index);
  const hint = { ttlMs: input.tools.ttlMs, cacheScope: input.tools.cacheScope };
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(SERVER_INFO, {
        capabilities: { tools: {} },
        cacheHints: { 'tools/list': hint, 'server/discover': hint },
      });
      for (const tool of tools) {
        server.registerTool(
          tool.name,
          { description: tool.description, inputSchema: tool.schema },
          async (given) => ({ content: [{ type: 'text', text: await timedCall(tool, given) }] }),
        );
      }
      return server;
    },
    // The other era is another server: one that answered both would blur what a profile compares.
    { legacy: 'reject' },
  );
  const serve = toNodeHandler(handler);
  // A request of Node's own; only exact optional types see a difference.
  return serveHttp(input.id, (request, response) => serve(request as NodeIncomingMessageLike, response));
});
