/** @module An instance of the official SDK 2.x: MCP 2026-07-28, no session, a fresh server object for every request. */
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  type McpHttpHandler,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerCapabilities,
  type ServerNotifier,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Served } from '../../process/serve.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { openBaskets } from '../baskets.ts';
import type { CatalogueChange } from '../catalogue-change.ts';
import { type InstanceInput, type InstanceReady, SERVER_INFO } from '../instance.ts';
import { guardOf } from '../instance-guard.ts';
import { activeRequest } from './active-request.ts';
import { asksForDiagnostics, registerDiagnostics } from './diagnostics.ts';
import { holdOffer } from './held-offer.ts';
import { serveHttp } from './http.ts';
import { answerOf, configOf } from './registered-tool.ts';
import { inSlot, type Offered, offerHandlers, wrapHandlers } from './requests.ts';
import { listNoTools } from './shown-tools.ts';
import { type HandlerContext, wholeParams } from './tool-params.ts';

/** Starts an instance in this process. */
export async function statelessInstance(input: InstanceInput): Promise<Served<InstanceReady>> {
  const guard = await guardOf(input);
  const baskets = await openBaskets(input, guard);
  const { offered, change: changeOffer } = holdOffer(
    input,
    guard,
    {
      invalid(what, uri) {
        const data = uri === undefined ? undefined : { uri };
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid params: ${what}`, data);
      },
      refuse({ code, message, data }) {
        throw new ProtocolError(code, message, data);
      },
    },
    baskets.tools,
  );
  const hints = hintsOf(input, guard?.listsByCaller === true);
  const handler: McpHttpHandler = createMcpHandler(
    (context) => {
      const diagnoses = asksForDiagnostics(context);
      // Logging is deprecated, and only a diagnostic tool uses it.
      const server = createServer(offered, hints, diagnoses ? { logging: {} } : {});
      if (diagnoses) registerDiagnostics(server, handler.notify);
      else registerTools(server, offered);
      return server;
    },
    {
      // The SDK's default, as people deploy it: a client of the older era is served too, without a session. Our agents never ask for that.
      legacy: 'stateless',
      maxSubscriptions: MAX_SUBSCRIPTIONS,
    },
  );
  const serve = toNodeHandler(handler);
  return serveHttp(input.id, guard, {
    // A request of Node's own; only exact optional types see a difference.
    handle: (request, response, body) => serve(request as NodeIncomingMessageLike, response, body),
    change(change) {
      if (changeOffer(change) && change.notify) TELL[change.what](handler.notify, change.uri ?? '');
    },
    async end() {
      await handler.close();
      await baskets.close();
    },
  });
}

/** More than any run has agents: the SDK's own limit of 1,024 for a process would refuse the others. */
const MAX_SUBSCRIPTIONS = 100_000;

type Hints = NonNullable<NonNullable<ConstructorParameters<typeof McpServer>[1]>['cacheHints']>;

/** The hints of each method; a list that depends on the caller is private. */
function hintsOf({ offer: { hints } }: InstanceInput, isByCaller: boolean): Hints {
  return isByCaller
    ? { ...hints, 'tools/list': { ...hints['tools/list'], cacheScope: 'private' } }
    : { ...hints };
}

function createServer(offered: Offered, cacheHints: Hints, capabilities: ServerCapabilities): McpServer {
  const mcp = new McpServer(SERVER_INFO, { capabilities, cacheHints });
  const { server } = mcp;
  wrapHandlers(server, offered);
  // Not with the others above: those given there get their handlers at once.
  server.registerCapabilities({
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    ...offered.capabilities,
  });
  const registry = server as unknown as Registry;
  for (const [method, handler] of Object.entries(offerHandlers(offered))) {
    registry.setRequestHandler(method, handler);
  }
  offerMethods(registry, offered);
  return mcp;
}

interface Registry {
  setRequestHandler(method: string, ...handler: readonly unknown[]): void;
}

/** The methods that the SDK does not know. */
function offerMethods(registry: Registry, { methods, queue, refuse }: Offered): void {
  for (const [method, answer] of Object.entries(methods)) {
    const handle = async (given: JsonObject, context: HandlerContext): Promise<object> => {
      const params = wholeParams(given, context);
      const said = await answer({ params, identity: activeRequest()?.allowance?.identity });
      return said.kind === 'refused' ? refuse(said) : said.members;
    };
    registry.setRequestHandler(
      method,
      { params: z.looseObject({}) },
      (given: JsonObject, context: HandlerContext) => inSlot(queue, () => handle(given, context)),
    );
  }
}

function registerTools(server: McpServer, { shown, refuse }: Offered): void {
  const tools = shown();
  if (tools.length === 0) listNoTools(server);
  for (const tool of tools) {
    server.registerTool(tool.name, configOf(tool), (given, context) =>
      answerOf(tool, given, context as HandlerContext, refuse),
    );
  }
}

/** How the clients that hold a stream for it are told of a change. */
const TELL: Readonly<Record<CatalogueChange['what'], (notify: ServerNotifier, uri: string) => void>> = {
  tools: (notify) => notify.toolsChanged(),
  prompts: (notify) => notify.promptsChanged(),
  resources: (notify) => notify.resourcesChanged(),
  resource: (notify, uri) => notify.resourceUpdated(uri),
};
