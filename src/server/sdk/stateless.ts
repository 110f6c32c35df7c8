/** @module An instance of the official SDK 2.x: MCP 2026-07-28, no session, a fresh server object for every request. */
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveParent } from '../../process/serve.ts';
import { type InstanceInput, SERVER_INFO } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import { type Tool, toolSet } from '../tools.ts';
import { timedCall } from './active-request.ts';
import { asksForDiagnostics, registerDiagnostics } from './diagnostics.ts';
import { serveHttp } from './http.ts';
import { listNoTools, shownTools } from './shown-tools.ts';
import { wrapToolHandlers } from './slots.ts';

serveParent(async (input: InstanceInput) => {
  const guard = await guardOf(input);
  const offered = toolSet(input.tools, input.seed, input.index);
  const shown = shownTools(guard, offered.tools);
  const hint = { ttlMs: input.tools.ttlMs, cacheScope: input.tools.cacheScope };
  const listHint = guard?.listsByCaller === true ? { ...hint, cacheScope: 'private' as const } : hint;
  const handler = createMcpHandler(
    (context) => {
      const server = new McpServer(SERVER_INFO, {
        capabilities: { logging: {} },
        cacheHints: { 'tools/list': listHint, 'server/discover': hint },
      });
      wrapToolHandlers(server.server, offered);
      // Not with the others above: those given there get their handlers at once. The list never changes while the instance runs.
      server.server.registerCapabilities({ tools: { listChanged: false } });
      if (asksForDiagnostics(context)) registerDiagnostics(server);
      else registerTools(server, shown());
      return server;
    },
    // The SDK's default, as people deploy it: a client of the older era is served too, without a session. Our agents never ask for that.
    { legacy: 'stateless' },
  );
  const serve = toNodeHandler(handler);
  // A request of Node's own; only exact optional types see a difference.
  return serveHttp(input.id, guard, (request, response, body) =>
    serve(request as NodeIncomingMessageLike, response, body),
  );
});

function registerTools(server: McpServer, tools: readonly Tool[]): void {
  if (tools.length === 0) listNoTools(server);
  for (const tool of tools) {
    server.registerTool(
      tool.name,
      { description: tool.description, inputSchema: tool.schema },
      async (given) => ({ content: [{ type: 'text', text: await timedCall(tool, given) }] }),
    );
  }
}
