/** @module The server object of one session of the official SDK 1.x, and what it has registered. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { SERVER_INFO } from '../instance.ts';
import type { Offer } from '../offer/offer.ts';
import type { Tool } from '../tools.ts';
import { answerOf, configOf } from './registered-tool.ts';
import { type Offered, offerHandlers, wrapHandlers } from './requests.ts';
import { listNoTools } from './shown-tools.ts';
import type { HandlerContext } from './tool-params.ts';

/** How the SDK names the methods. */
const SCHEMAS = {
  'prompts/list': ListPromptsRequestSchema,
  'prompts/get': GetPromptRequestSchema,
  'resources/list': ListResourcesRequestSchema,
  'resources/templates/list': ListResourceTemplatesRequestSchema,
  'resources/read': ReadResourceRequestSchema,
} as const;

/** A server that follows the changes of what is offered. */
export class SessionServer {
  readonly #mcp = new McpServer(SERVER_INFO);
  readonly #offered: Offered;
  #registered: readonly { remove(): void }[] = [];
  /** What the registered tools are of. */
  #offer: Offer | undefined;

  constructor(offered: Offered) {
    this.#offered = offered;
    const { server } = this.#mcp;
    wrapHandlers(server, offered);
    server.registerCapabilities({ prompts: {}, resources: {} });
    const registry = server as unknown as { setRequestHandler(schema: unknown, handler: unknown): void };
    const handlers = offerHandlers(offered);
    for (const [method, schema] of Object.entries(SCHEMAS))
      registry.setRequestHandler(schema, handlers[method]);
    // The SDK tells the client of every tool that is registered; here it is told only when that is asked for.
    this.#mcp.sendToolListChanged = () => undefined;
    this.refresh();
  }

  async connect(transport: StreamableHTTPServerTransport): Promise<void> {
    // The class declares its handlers as `T | undefined`, which exact optional types refuse; it is the SDK's own transport.
    await this.#mcp.connect(transport as Parameters<McpServer['connect']>[0]);
  }

  /** Registers what is offered now to the caller of the request under way; all of it anew, so that the order is that of the list. */
  refresh(): void {
    const offer = this.#offered.offer();
    if (offer === this.#offer) return;
    this.#offer = offer;
    for (const tool of this.#registered) tool.remove();
    this.#registered = this.#offered.shown().map((tool) => register(this.#mcp, tool, this.#offered));
    if (this.#registered.length === 0) listNoTools(this.#mcp);
  }

  /** Tells the client, where it holds a stream, that the list of tools has changed. */
  tellOfTools(): void {
    this.#mcp.server.sendToolListChanged().catch(() => {});
  }
}

function register(mcp: McpServer, tool: Tool, { refuse }: Offered): { remove(): void } {
  return mcp.registerTool(tool.name, configOf(tool), (given: Record<string, unknown>, context) =>
    answerOf(tool, given, context as unknown as HandlerContext, refuse),
  );
}
