/** @module What agents declare that they can do as clients. */
import type { AgentSettings } from '../../profile/settings.ts';
import type { JsonObject } from '../../protocol/json-object.ts';
import { inputCapabilities } from '../../protocol/rounds/input-answer.ts';

/** Source: MCP Apps 2026-01-26, Negotiation. */
const APPS: JsonObject = {
  extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
};

/** `clientCapabilities` of agents with `settings`. */
export function declaredBy({ answers, apps }: AgentSettings): JsonObject {
  return { ...(answers && inputCapabilities(answers.kinds)), ...(apps && APPS) };
}
